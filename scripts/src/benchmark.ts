/**
 * `npm run benchmark`: how many transactions a second the whole flow takes on this machine, from the ingest
 * function to the reconciled ledger, for each delivery mode. Each mode runs `npm start` on stacks of its own and an
 * empty data directory; a run whose ledger does not balance or that loses a transaction is a failure, not a figure.
 * With `--stages`, how long each stage takes for one record in memory; with `--reconcile`, how long a pass of
 * reconciliation takes, and how much memory.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BENCHMARK_HELP, type BenchmarkMode, parseBenchmarkOptions } from './benchmark-options.ts';
import { synthesizeEnvironment } from './environment-stacks.ts';
import { measurePasses, passText } from './reconcile-benchmark/measure-pass.ts';
import { measurementText, measureStages } from './stage-benchmark/measure-stages.ts';
import { UsageError } from './start-options.ts';
import type { Summary } from './summary.ts';
import { table } from './text-table.ts';

/** What the system must do: a million transactions in 15 minutes. */
const REQUIRED_PER_SECOND = 1_111;
/** How often the memory of a run is read. */
const MEMORY_LOOK_MS = 250;
/** How much of what a failed run printed is shown. */
const OUTPUT_SHOWN = 4_000;

const START = fileURLToPath(new URL('./start.ts', import.meta.url));

/** What a run came to. */
interface Measurement {
  readonly summary: Summary;
  /** The largest resident set of the process in bytes; undefined where the system does not say. */
  readonly peakBytes: number | undefined;
}

async function main(args: readonly string[]): Promise<number> {
  const options = parseBenchmarkOptions(args);
  if (options === 'help') {
    console.log(BENCHMARK_HELP);
    return 0;
  }
  const { transactions, modes, seed } = options;
  if (options.stages) {
    const measured = await measureStages({ transactions, seed });
    if (!options.json) console.log(`${machineText()}\n`);
    console.log(options.json ? JSON.stringify(measured, null, 2) : measurementText(measured));
    return 0;
  }
  if (options.reconcile !== undefined) {
    const figures = await measurePasses({ transactions: options.reconcile, seed });
    if (!options.json) console.log(`${machineText()}\n`);
    console.log(options.json ? JSON.stringify(figures, null, 2) : passText(figures));
    return 0;
  }
  console.log(machineText());
  console.log(`${transactions.toLocaleString('en-GB')} made-up authorizations, seed ${seed}\n`);
  const rows: string[][] = [];
  for (const mode of modes) {
    console.error(`${mode.name} …`);
    rows.push(rowOf(mode, await measure(mode, transactions, seed)));
  }
  console.log(
    table(
      [
        'mode',
        'transactions',
        'elapsed',
        'per second',
        `of ${REQUIRED_PER_SECOND}/s`,
        'p50',
        'p99',
        'memory',
      ],
      rows,
    ),
  );
  console.log('\np50 and p99: from the call that ingests a transaction to the event that it is posted.');
  return 0;
}

/** Runs one mode. @throws Error with the end of what the run printed when it failed */
async function measure(mode: BenchmarkMode, transactions: number, seed: number): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'payments-benchmark-'));
  try {
    const stacks = await synthesizeEnvironment(mode.environment, join(directory, 'synth'));
    const summaryPath = join(directory, 'summary.json');
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--max-semi-space-size=64',
        START,
        ...['--exit', '--fresh', '--generate', String(transactions), '--seed', String(seed)],
        ...['--summary', summaryPath, '--data-dir', join(directory, 'data')],
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: { ...process.env, PAYMENTS_ENV: mode.environment, PAYMENTS_STACKS: stacks },
      },
    );
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        printed = (printed + chunk.toString()).slice(-OUTPUT_SHOWN);
      });
    }
    let peakBytes: number | undefined;
    const look = setInterval(() => {
      peakBytes = peakMemory(child.pid) ?? peakBytes;
    }, MEMORY_LOOK_MS);
    const [status] = (await once(child, 'exit')) as [number | null];
    clearInterval(look);
    if (status !== 0) throw new Error(`the run in ${mode.name} mode ended with ${status}:\n${printed}`);
    const summary = JSON.parse(readFileSync(summaryPath, 'utf8')) as Summary;
    const lost = unaccounted(summary);
    if (lost !== 0) throw new Error(`the run in ${mode.name} mode does not account for ${lost} transactions`);
    return { summary, peakBytes };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** How many of the authorizations that were read ended nowhere. */
function unaccounted(summary: Summary): number {
  const { authorizations, duplicatesParked, quarantined, rules, unposted, posted, postingFailed } = summary;
  const { read, unreadable, declined } = authorizations;
  const refused = unreadable + declined + duplicatesParked + quarantined + rules.rejected;
  const { held, ended, waiting } = unposted;
  return read - refused - held - ended - waiting - posted - postingFailed;
}

function rowOf(mode: BenchmarkMode, { summary, peakBytes }: Measurement): string[] {
  const { elapsedMs, transactionsPerSecond, endToEndMs } = summary.timing;
  return [
    mode.name,
    summary.authorizations.read.toLocaleString('en-GB'),
    `${(elapsedMs / 1000).toFixed(1)} s`,
    Math.round(transactionsPerSecond).toLocaleString('en-GB'),
    `${(transactionsPerSecond / REQUIRED_PER_SECOND).toFixed(2)}×`,
    `${(endToEndMs.p50 / 1000).toFixed(1)} s`,
    `${(endToEndMs.p99 / 1000).toFixed(1)} s`,
    peakBytes === undefined ? 'not told' : `${Math.round(peakBytes / 2 ** 20).toLocaleString('en-GB')} MB`,
  ];
}

/** The most memory that a process has had so far, as Linux counts it. */
function peakMemory(pid: number | undefined): number | undefined {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return undefined;
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    // The process has just ended.
    return undefined;
  }
}

function machineText(): string {
  const [first] = cpus();
  const model = first?.model.trim() ?? '';
  return `${model === '' || model === 'unknown' ? process.arch : model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB of memory, Node ${process.versions.node}, ${process.platform}`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError)
    console.error(`${error.message}\n\nnpm run benchmark -- --help explains the options.`);
  else console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
process.disconnect?.();
