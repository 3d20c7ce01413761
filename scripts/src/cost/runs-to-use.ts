import type { Environment } from '@payments/infra/environment';
import { buildStacks } from '../drill/drill-stacks.ts';
import { measureRun } from './measure-run.ts';
import { isCurrent, type RecordedRun, recordedRunOf } from './recorded-run.ts';

/** What a run is measured with. */
export interface Measuring {
  readonly transactions: number;
  readonly perSecond: number;
  readonly seed: number;
}

export const MEASURING: Measuring = { transactions: 5_000, perSecond: 1_111, seed: 7 };

/** The environments that are set side by side when none is named: one for each delivery mode. */
export const MODE_ENVIRONMENTS = ['local', 'localnrt', 'localbatch'] as const;

/** A run to reckon with, and its environment as it is now. */
export interface RunToUse {
  readonly run: RecordedRun;
  readonly environment: Environment;
  /** False when the environment delivers otherwise now than when the run was recorded. */
  readonly current: boolean;
}

/** No run of an environment is recorded; the message says what to do. */
export class RunMissingError extends Error {
  override readonly name = 'RunMissingError';
  readonly code = 'RunMissing';
  readonly retryable = false;
}

/** The recorded run of an environment. @throws RunMissingError */
export function recordedRun(environment: Environment): RunToUse {
  const run = recordedRunOf(environment.name);
  if (run === undefined)
    throw new RunMissingError(
      `no run of the environment ${environment.name} is recorded: add --measure to run it now.`,
    );
  return { run, environment, current: isCurrent(run, environment) };
}

/**
 * Builds an environment's stacks and runs them now.
 *
 * @throws DrillBuildError, MeasurementFailedError
 */
export async function measuredRun(environment: Environment, measuring = MEASURING): Promise<RunToUse> {
  const built = buildStacks(environment.name);
  try {
    const today = new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);
    const run = await measureRun({ ...measuring, environment, stacks: built.stacks, today });
    return { run, environment, current: true };
  } finally {
    built.remove();
  }
}
