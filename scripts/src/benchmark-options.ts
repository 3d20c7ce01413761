import { parseArgs } from 'node:util';
import { UsageError, wholeNumber } from './start-options.ts';

const DEFAULT_TRANSACTIONS = 100_000;
const DEFAULT_STAGE_TRANSACTIONS = 10_000;
const DEFAULT_MODES = 'real-time,batch';
const DEFAULT_SEED = 7;
const TRANSACTIONS_MAX = 100_000_000;
const SEED_MAX = 4_294_967_295;

/** The local environment that plays each delivery mode. */
const ENVIRONMENTS: Readonly<Record<string, string>> = {
  'real-time': 'local',
  'near-real-time': 'localnrt',
  batch: 'localbatch',
  mixed: 'localmixed',
};

export const BENCHMARK_HELP = `npm run benchmark -- [options]

Measures the whole flow on this machine in each delivery mode, and prints a table.

  --transactions <n>     how many authorizations are made up (default ${DEFAULT_TRANSACTIONS})
  --modes <mode,…>       of ${Object.keys(ENVIRONMENTS).join(', ')} (default ${DEFAULT_MODES})
  --seed <s>             the seed of the made-up load (default ${DEFAULT_SEED})
  --stages               measure instead how long each stage takes for one record, without input and output
                         (default of --transactions then: ${DEFAULT_STAGE_TRANSACTIONS})
  --reconcile <n>        measure instead a pass of reconciliation over so many transactions, all of them reconciled
  --json                 the figures of --stages or --reconcile for machines
  --help                 this text`;

/** A delivery mode, and the environment that plays it. */
export interface BenchmarkMode {
  readonly name: string;
  readonly environment: string;
}

/** What is to be measured. */
export interface BenchmarkOptions {
  readonly transactions: number;
  readonly modes: readonly BenchmarkMode[];
  readonly seed: number;
  /** Measure the stages on their own instead of the whole flow. */
  readonly stages: boolean;
  /** Measure a pass of reconciliation over so many transactions instead of the whole flow. */
  readonly reconcile?: number;
  /** Print the figures of the stages or the pass as JSON. */
  readonly json: boolean;
}

/**
 * Reads the command line of `npm run benchmark`.
 *
 * @returns the options, or `help` when it was asked for
 * @throws UsageError
 */
export function parseBenchmarkOptions(args: readonly string[]): BenchmarkOptions | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const stages = values.stages === true;
  if (stages && values.modes !== undefined)
    throw new UsageError('--modes is for the whole flow; the stages on their own have no delivery mode');
  const reconcile = wholeNumber('reconcile', values.reconcile, 1, TRANSACTIONS_MAX);
  if (reconcile !== undefined && (stages || values.modes !== undefined || values.transactions !== undefined))
    throw new UsageError('--reconcile is measured on its own: it goes with --seed and --json alone');
  if (values.json === true && !stages && reconcile === undefined)
    throw new UsageError('--json belongs to --stages and --reconcile');
  const modes = (values.modes ?? DEFAULT_MODES).split(',').map((name) => {
    const environment = ENVIRONMENTS[name];
    if (environment !== undefined) return { name, environment };
    throw new UsageError(`--modes knows ${Object.keys(ENVIRONMENTS).join(', ')}, not "${name}"`);
  });
  return {
    transactions:
      wholeNumber('transactions', values.transactions, 1, TRANSACTIONS_MAX) ??
      (stages ? DEFAULT_STAGE_TRANSACTIONS : DEFAULT_TRANSACTIONS),
    modes,
    seed: wholeNumber('seed', values.seed, 0, SEED_MAX) ?? DEFAULT_SEED,
    stages,
    ...(reconcile !== undefined && { reconcile }),
    json: values.json === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        transactions: { type: 'string' },
        modes: { type: 'string' },
        seed: { type: 'string' },
        stages: { type: 'boolean' },
        reconcile: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
