import { AwsError } from '../../core/aws-error.ts';
import { parseCron } from './cron-expression.ts';

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const RATE = /^rate\((?<value>[1-9]\d*) (?<unit>minute|hour|day)s?\)$/;
const AT = /^at\((?<time>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/;
const CRON = /^cron\((?<fields>[^()]+)\)$/;

/** When a schedule fires. */
export interface ScheduleTimes {
  /** The first time after a given one, or undefined when there is none. All in epoch milliseconds. */
  next(after: number): number | undefined;
  /** True for a schedule that fires once. */
  readonly once: boolean;
}

/**
 * Reads `rate(…)`, `at(…)` or `cron(…)`, in UTC (EventBridge Scheduler user guide, "Schedule types").
 *
 * @param startsAt a rate fires first at this time: a schedule without a start date begins at once
 * @throws AwsError ValidationException
 */
export function scheduleTimes(expression: string, startsAt: number): ScheduleTimes {
  const rate = RATE.exec(expression)?.groups;
  if (rate !== undefined) {
    const interval = Number(rate['value']) * (UNIT_MS[rate['unit'] ?? ''] ?? 0);
    return {
      once: false,
      next: (after) =>
        after < startsAt ? startsAt : startsAt + (Math.floor((after - startsAt) / interval) + 1) * interval,
    };
  }
  const at = AT.exec(expression)?.groups?.['time'];
  const time = at === undefined ? Number.NaN : Date.parse(`${at}Z`);
  if (!Number.isNaN(time)) return { once: true, next: (after) => (time > after ? time : undefined) };
  const fields = CRON.exec(expression)?.groups?.['fields'];
  if (fields === undefined) {
    throw new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
  }
  const next = parseCron(fields);
  return { once: false, next: (after) => next(Math.max(after, startsAt - 1)) };
}
