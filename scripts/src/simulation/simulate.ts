import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type FaultRates, SimulatedRuntime } from '@payments/local-cloud';
import { ingestInput } from '../ingest-input.ts';
import { numbered } from '../input-lines.ts';
import { readLedger } from '../ledger-content.ts';
import { type PipelineState, readState } from '../summary.ts';
import { balancesOfEntries, readBalances } from './balance-content.ts';
import { CountingFaults } from './counting-faults.ts';
import { type DeployedPipeline, STARTS_AT } from './deployed-pipeline.ts';

/** How long the pipeline may take, in virtual time, until it counts as stuck. */
const VIRTUAL_LIMIT_MS = 12 * 60 * 60 * 1000;
/** While nothing changes, what runs every minute and found nothing runs so often. */
const IDLE_EVERY_MS = 10 * 60 * 1000;
/** How long a run goes on once all is at rest: all that runs by the clock runs in it, the hourly pass too. */
const AFTERWARDS_MS = 60 * 60 * 1000;

/** What one simulated run is made of. */
export interface SimulationInput {
  readonly seed: number;
  readonly pipeline: DeployedPipeline;
  readonly lines: readonly string[];
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
 * events. Lines are ingested, and the run goes on until nothing is left to do.
 */
export async function simulate(input: SimulationInput): Promise<SimulationResult> {
  const { environment } = input.pipeline;
  const runtime = new SimulatedRuntime(input.seed, STARTS_AT, {
    changes: () => faults.changes,
    everyMs: IDLE_EVERY_MS,
  });
  const faults = new CountingFaults(() => runtime.random(), input.rates, eventIdOf);
  const warnings: string[] = [];
  const { cloud, remove } = await input.pipeline.open({
    runtime,
    faults,
    onWarning: (message) => warnings.push(message),
  });
  try {
    const configuration = cloud.sdkConfiguration();
    const lambda = new LambdaClient(configuration);
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(configuration));
    faults.enabled = true;
    await ingestInput(environment, lambda, numbered(input.lines), () => undefined, {
      sleep: () => Promise.resolve(),
      attempts: 50,
    });
    const toRest = { atRest: () => cloud.atRest(), until: STARTS_AT + VIRTUAL_LIMIT_MS };
    let ended = await runtime.run(toRest);
    // Whoever looks by the clock for what is overdue or differs looks once more, and has nothing new to find.
    await runtime.run({ until: runtime.now() + AFTERWARDS_MS });
    ended &&= await runtime.run(toRest);
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
      tasks: runtime.tasksRun,
      virtualMs: runtime.now() - STARTS_AT,
    };
  } finally {
    await remove();
  }
}

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
