import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Environment } from '@payments/infra/environment';

/** Where the recorded runs lie. */
export const RECORDED_RUNS_FILE = fileURLToPath(new URL('recorded-runs.json', import.meta.url));

/** What a run of an environment's stacks on the local cloud asked of AWS, all counts of the whole run. */
export interface RecordedRun {
  /** The name of the environment that was played. */
  readonly environment: string;
  /** The day of the run, as in `2026-11-22`. */
  readonly recordedOn: string;
  readonly transactions: number;
  /** How fast the transactions came, in virtual time. */
  readonly perSecond: number;
  readonly seed: number;
  /** How the environment delivered when it was recorded; what it says now may differ. */
  readonly delivery: Pick<Environment, 'sources' | 'subscribers'>;
  /** What the local cloud counted as billed, by unit. */
  readonly billed: Readonly<Record<string, number>>;
  /** API calls of functions, workflows and services, by `<service>:<operation>`. */
  readonly calls: Readonly<Record<string, number>>;
  /** Events that rules delivered to their targets, by the rule's stage. */
  readonly deliveries: Readonly<Record<string, { readonly events: number; readonly records: number }>>;
  /** By the function's name without system and environment. */
  readonly functions: Readonly<Record<string, FunctionUse>>;
  /** By the table's name without system and environment. */
  readonly tables: Readonly<Record<string, TableGrowth>>;
  /** Requests by `<bucket> <operation>`, the bucket without system and environment. */
  readonly objects: Readonly<Record<string, number>>;
  /** How many series of own metrics the functions wrote. */
  readonly metrics: number;
  /** How many resources of each Terraform type the stacks have. */
  readonly resources: Readonly<Record<string, number>>;
}

export interface FunctionUse {
  readonly invocations: number;
  /** How long its invocations took together, waiting for calls as long as AWS is assumed to take; no computing. */
  readonly milliseconds: number;
  readonly memoryMegabytes: number;
}

export interface TableGrowth {
  readonly writeUnits: number;
  readonly readUnits: number;
  /** What the run added. */
  readonly items: number;
  readonly bytes: number;
}

/** The runs that are recorded, and how they are made anew. */
export interface RecordedRuns {
  readonly refresh: string;
  readonly runs: readonly RecordedRun[];
}

/** Reads the recorded runs. */
export function readRecordedRuns(file = RECORDED_RUNS_FILE): RecordedRuns {
  return JSON.parse(readFileSync(file, 'utf8')) as RecordedRuns;
}

/** Puts runs in the place of those that are recorded of the same environments, or behind them. */
export function recordRuns(runs: readonly RecordedRun[], file = RECORDED_RUNS_FILE): void {
  const recorded = readRecordedRuns(file);
  const byEnvironment = new Map([...recorded.runs, ...runs].map((run) => [run.environment, run]));
  writeFileSync(file, `${JSON.stringify({ ...recorded, runs: [...byEnvironment.values()] }, null, 2)}\n`);
}

/** The recorded run of an environment; undefined when there is none. */
export function recordedRunOf(environment: string, runs = readRecordedRuns().runs): RecordedRun | undefined {
  return runs.find((run) => run.environment === environment);
}

/** True when the environment still delivers as it did when the run was recorded. */
export function isCurrent(
  run: RecordedRun,
  environment: Pick<Environment, 'sources' | 'subscribers'>,
): boolean {
  const { sources, subscribers } = environment;
  return JSON.stringify(run.delivery) === JSON.stringify({ sources, subscribers });
}
