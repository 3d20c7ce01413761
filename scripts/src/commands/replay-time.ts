import { CommandUsageError } from './command.ts';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
/** RFC 3339, with its offset: a time without one means another one in each country. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const AGO = /^(\d{1,5})([smhd])$/;

/**
 * Reads a time of the command line: RFC 3339 with its offset, a date (its first second in UTC), `now`, or how long ago
 * it was, as in `90m`.
 *
 * @param now epoch milliseconds
 * @returns epoch milliseconds
 * @throws CommandUsageError
 */
export function readTime(option: string, text: string, now: number): number {
  if (text === 'now') return now;
  const [, count, unit] = AGO.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * SECONDS[unit as keyof typeof SECONDS] * 1000;
  const time = TIME.test(text) || DATE.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new CommandUsageError(
    `--${option} takes a time as in 2026-11-22T12:00:00Z, a date, "now", or how long ago as in 90m; not "${text}".`,
  );
}

/** A time of whole seconds as RFC 3339. */
export function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
