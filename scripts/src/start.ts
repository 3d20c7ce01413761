/** `npm start`: the whole pipeline on this machine, from the synthesized stacks. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { type Environment, loadEnvironment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import { syntheticAccounts, syntheticCards, syntheticLoad } from '@payments/ingest/synthetic-load';
import { removeEndpoint, writeEndpoint } from './deployment/endpoint-file.ts';
import { type Ingested, ingestInput } from './ingest-input.ts';
import { linesOfFile, type NumberedLine, numbered } from './input-lines.ts';
import { type LocalRun, openLocalRun } from './local-run.ts';
import { summaryText } from './print-summary.ts';
import { bar, ProgressLine, waitingText } from './progress.ts';
import { sampleSeed, seedReferenceData } from './reference-data.ts';
import { STACK_NAMES } from './stack-files.ts';
import { parseStartOptions, START_HELP, type StartOptions, UsageError } from './start-options.ts';
import { latencyOf, readState, type Summary } from './summary.ts';

const SAMPLE = new URL('../../sample/', import.meta.url);
const SAMPLE_FILE = fileURLToPath(new URL('authorizations.jsonl', SAMPLE));
const PROGRESS_MS = 500;
/** How many unreadable lines are shown one by one. */
const UNREADABLE_SHOWN = 20;

const progress = new ProgressLine(process.stderr);

/** Runs `npm start`; gives the exit status. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseStartOptions(args);
  if (options === 'help') {
    console.log(START_HELP);
    return 0;
  }
  const environment = loadEnvironment(process.env['PAYMENTS_ENV'] ?? 'local');
  console.log(
    `Payments on the local cloud · environment ${environment.name} · data in ${relative('', options.dataDir)}`,
  );
  const run = await deploy(environment, options);
  try {
    const url = await run.cloud.listen(options.port);
    console.log(`AWS-compatible endpoint: ${url}`);
    writeEndpoint(options.dataDir, { url, pid: process.pid, environment: environment.name });
    const summary = await processInput(environment, run, options);
    console.log(`\n${summaryText(summary)}\n`);
    if (options.summary !== undefined)
      writeFileSync(options.summary, `${JSON.stringify(summary, null, 2)}\n`);
    const balanced = summary.ledger.every(({ debits, credits }) => debits === credits);
    if (!options.exit) await untilInterrupted(url);
    return balanced ? 0 : 1;
  } finally {
    removeEndpoint(options.dataDir);
    await run.cloud.close();
  }
}

async function deploy(environment: Environment, options: StartOptions): Promise<LocalRun> {
  const startedAt = Date.now();
  let resources = 0;
  let stacks = 0;
  const stacksDirectory = process.env['PAYMENTS_STACKS'] || undefined;
  const run = await openLocalRun(environment, { ...options, stacksDirectory }, (stack, changes) => {
    resources += changes;
    stacks += 1;
    progress.show(`Deploying   ${bar(stacks, STACK_NAMES.length)} ${stack}`);
  });
  progress.clear();
  console.log(`Deployed    ${stacks} stacks, ${resources} changes in ${seconds(startedAt)}`);
  return run;
}

async function processInput(
  environment: Environment,
  run: LocalRun,
  options: StartOptions,
): Promise<Summary> {
  const generated = options.generate;
  const sample = sampleSeed(SAMPLE);
  const seed =
    generated === undefined
      ? sample
      : { ...sample, cards: [...sample.cards, ...syntheticCards()], accounts: syntheticAccounts() };
  const rows = await seedReferenceData(environment, run, seed);
  console.log(`Seeded      ${rows.toLocaleString('en-GB')} rows of reference data`);

  const startedAt = Date.now();
  const total = generated;
  const lines: AsyncIterable<NumberedLine> =
    generated === undefined
      ? linesOfFile(options.file ?? SAMPLE_FILE)
      : numbered(syntheticLoad(generated, options.seed));
  const ingested = await ingestInput(environment, run.lambda, lines, ({ lines: done }) => {
    progress.show(`Ingesting   ${bar(done, total)}`);
  });
  progress.clear();
  console.log(`Ingested    ${ingested.lines.toLocaleString('en-GB')} lines in ${seconds(startedAt)}`);
  reportUnreadable(ingested);
  await drain(environment, run);
  const elapsedMs = Date.now() - startedAt;
  console.log(`Drained     after ${seconds(startedAt)}`);
  const state = await readState(environment, run.cloud.sdkConfiguration());
  const endToEndMs = latencyOf(await durations(environment, run, ingested));
  const transactionsPerSecond = elapsedMs === 0 ? 0 : Math.round((ingested.lines * 10_000) / elapsedMs) / 10;
  return { ...state, timing: { elapsedMs, transactionsPerSecond, endToEndMs } };
}

function reportUnreadable({ unreadable }: Ingested): void {
  for (const { line, reason, explanation } of unreadable.slice(0, UNREADABLE_SHOWN)) {
    console.log(`  line ${line}: ${reason}: ${explanation}`);
  }
  if (unreadable.length > UNREADABLE_SHOWN)
    console.log(`  … and ${unreadable.length - UNREADABLE_SHOWN} more unreadable lines`);
}

/** Waits until nothing in the cloud has anything left to do. */
async function drain(environment: Environment, run: LocalRun): Promise<void> {
  const timer = setInterval(() => {
    // A stage that is removed meanwhile has no queue to be counted.
    void waitingText(environment, run.cloud.sdkConfiguration()).then(
      (text) => progress.show(`Processing  ${text}`),
      () => progress.clear(),
    );
  }, PROGRESS_MS);
  try {
    await run.cloud.whenAtRest();
  } finally {
    clearInterval(timer);
    progress.clear();
  }
}

/** How long each transaction of this run took from the call that ingested it to the event that it is posted. */
async function durations(environment: Environment, run: LocalRun, { sentAt }: Ingested): Promise<number[]> {
  const result: number[] = [];
  const TableName = resourceName(environment, 'reconcile', 'reconciliation');
  const input = { TableName, ProjectionExpression: 'transactionId, posted.saidAt' };
  for await (const page of paginateScan({ client: run.documents }, input)) {
    for (const row of (page.Items ?? []) as { transactionId: string; posted?: { saidAt: string } }[]) {
      const sent = sentAt.get(row.transactionId);
      if (sent !== undefined && row.posted !== undefined)
        result.push(Math.max(0, Date.parse(row.posted.saidAt) - sent));
    }
  }
  return result;
}

async function untilInterrupted(url: string): Promise<void> {
  console.log(`Serving on ${url} until Ctrl-C.`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

// Whoever started this process is gone: end as in a crash, so that nothing else holds the data directory.
const crash = (): boolean => process.kill(process.pid, 'SIGKILL');
process.on('disconnect', crash);
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  progress.clear();
  if (error instanceof UsageError)
    console.error(`${error.message}\n\nnpm start -- --help explains the options.`);
  else console.error(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  if (process.env['PAYMENTS_TRACE'] === '1') console.error(error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
process.off('disconnect', crash);
process.disconnect?.();
