import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { syntheticAccounts, syntheticCards } from '@payments/ingest/synthetic-load';
import { type FaultRates, openCloud, SeededFaults, SimulatedRuntime } from '@payments/local-cloud';
import { ingestInput } from '../ingest-input.ts';
import { numbered } from '../input-lines.ts';
import { readLedger } from '../ledger-content.ts';
import { type Seed, seedReferenceData } from '../reference-data.ts';
import { STACK_NAMES } from '../stack-files.ts';
import { type PipelineState, readState } from '../summary.ts';
import { balancesOfEntries, readBalances } from './balance-content.ts';

/** When virtual time begins. */
const STARTS_AT = Date.parse('2026-11-22T12:00:00Z');
/** How long the pipeline may take, in virtual time, until it counts as stuck. */
const VIRTUAL_LIMIT_MS = 12 * 60 * 60 * 1000;
/** Whether all is at rest is looked at once in so many tasks. */
const REST_CHECK_TASKS = 25;

/** What one simulated run is made of. */
export interface SimulationInput {
  readonly seed: number;
  readonly environment: Environment;
  /** Where the environment's stacks lie: `<directory>/<stack>/cdk.tf.json`. */
  readonly stacks: string;
  readonly lines: readonly string[];
  readonly reference: Seed;
  readonly rates: FaultRates;
}

/** How one simulated run ended. */
export interface SimulationResult {
  readonly state: PipelineState;
  /** The lines of the ledger's entries, sorted. */
  readonly entries: readonly string[];
  /** What is wrong, in sentences; nothing when all invariants hold. */
  readonly problems: readonly string[];
  readonly tasks: number;
  readonly virtualMs: number;
}

/**
 * Runs the pipeline in virtual time, in this thread, with faults drawn from the seed: one seed is one course of
 * events. Deploying and seeding have no faults; then lines are ingested and the run goes on until nothing is left
 * to do.
 */
export async function simulate(input: SimulationInput): Promise<SimulationResult> {
  const { environment } = input;
  const runtime = new SimulatedRuntime(input.seed, STARTS_AT);
  const faults = new SeededFaults(() => runtime.random(), input.rates, eventIdOf);
  const warnings: string[] = [];
  const cloud = await openCloud({
    account: { id: environment.accountId, region: environment.region },
    dataDirectory: ':memory:',
    bundlesDirectory: BUNDLES,
    host: 'in-process',
    runtime,
    faults,
    onWarning: (message) => warnings.push(message),
  });
  try {
    for (const stack of STACK_NAMES) await cloud.deploy(`${input.stacks}/${stack}/cdk.tf.json`);
    const configuration = cloud.sdkConfiguration();
    const lambda = new LambdaClient(configuration);
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(configuration));
    const reference = { ...input.reference, cards: [...input.reference.cards, ...CARDS], accounts: ACCOUNTS };
    await seedReferenceData(environment, { lambda, documents }, reference);
    faults.enabled = true;
    await ingestInput(environment, lambda, numbered(input.lines), () => undefined, {
      sleep: () => Promise.resolve(),
      attempts: 50,
    });
    let tasks = 0;
    const done = (): boolean => {
      tasks += 1;
      return tasks % REST_CHECK_TASKS === 0 && cloud.atRest();
    };
    const ended = await runtime.run({ done, until: STARTS_AT + VIRTUAL_LIMIT_MS });
    faults.enabled = false;
    const state = await readState(environment, configuration);
    const entries: string[] = [];
    await readLedger(environment, documents, (line) => entries.push(line));
    entries.sort();
    const problems = [
      ...(ended
        ? []
        : [
            `not at rest after ${VIRTUAL_LIMIT_MS / 3_600_000} virtual hours: ${JSON.stringify(cloud.outstanding())}`,
          ]),
      ...invariantProblems(state),
      ...balanceProblems(entries, await readBalances(environment, documents)),
    ];
    return {
      state,
      entries,
      problems: problems.length > 0 ? [...problems, ...warnings.slice(0, 5)] : [],
      tasks,
      virtualMs: runtime.now() - STARTS_AT,
    };
  } finally {
    await cloud.close();
  }
}

/** All runs of a process share the unpacked bundles, so that each is compiled once. */
const BUNDLES = mkdtempSync(join(tmpdir(), 'payments-simulation-'));
process.on('exit', () => rmSync(BUNDLES, { recursive: true, force: true }));

/** How many synthetic cards a simulated load uses: few, so that a run is short. */
export const SIMULATED_CARDS = 30;
const CARDS = syntheticCards(SIMULATED_CARDS);
const ACCOUNTS = syntheticAccounts(SIMULATED_CARDS);

/** The id that our envelope gives an event: the same one again is the same event. */
function eventIdOf(detail: string): string {
  return /"eventId":"([0-9a-f-]{36})"/.exec(detail)?.[1] ?? detail;
}

function invariantProblems(state: PipelineState): string[] {
  const { authorizations, duplicatesParked, quarantined, rules, posted, postingFailed, reconciliation } =
    state;
  const { held, ended, waiting } = state.unposted;
  const problems: string[] = [];
  const ends =
    authorizations.unreadable +
    authorizations.declined +
    duplicatesParked +
    quarantined +
    rules.rejected +
    held +
    ended +
    waiting +
    posted +
    postingFailed;
  if (authorizations.read !== ends) problems.push(`${authorizations.read} were read, ${ends} came to an end`);
  if (reconciliation.matched !== posted)
    problems.push(`${posted} are posted, ${reconciliation.matched} reconciled`);
  // What was set aside, and what waits in vain, is authorized and not posted: reconciliation says so once it is overdue.
  if (reconciliation.mismatches > quarantined + waiting + ended)
    problems.push(`${reconciliation.mismatches} mismatches`);
  for (const { currency, debits, credits } of state.ledger) {
    if (debits !== credits)
      problems.push(`the ledger has ${debits} debits and ${credits} credits in ${currency}`);
  }
  return problems;
}

function balanceProblems(entries: readonly string[], folded: ReadonlyMap<string, string>): string[] {
  const expected = balancesOfEntries(entries);
  const problems = [...expected].flatMap(([key, value]) => {
    const found = folded.get(key);
    return found === value ? [] : [`balance of ${key}: entries say ${value}, folded is ${found ?? 'none'}`];
  });
  for (const key of folded.keys()) if (!expected.has(key)) problems.push(`balance of ${key} without entries`);
  return problems.slice(0, 5);
}
