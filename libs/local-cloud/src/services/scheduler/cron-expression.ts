import { AwsError } from '../../core/aws-error.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const LAST_YEAR = 2199;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The six fields: their bounds, and the names that may stand for numbers (the first is the lower bound). */
const FIELDS = [
  { name: 'minutes', min: 0, max: 59, names: [] },
  { name: 'hours', min: 0, max: 23, names: [] },
  { name: 'day-of-month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day-of-week', min: 1, max: 7, names: WEEKDAYS },
  { name: 'year', min: 1970, max: LAST_YEAR, names: [] },
] as const;

/**
 * Reads a cron expression of six fields, in UTC (EventBridge Scheduler user guide, "Cron-based schedules").
 * `W` and `#`, and `L` in the day of the week, are not run here.
 *
 * @param text `minutes hours day-of-month month day-of-week year`
 * @returns the first time after a given one (both epoch milliseconds), or undefined when there is none
 * @throws AwsError ValidationException
 */
export function parseCron(text: string): (after: number) => number | undefined {
  const parts = text.trim().split(/\s+/);
  const [minutes, hours, days, months, weekdays, years] = FIELDS.map((field, index) =>
    readField(parts[index] ?? '', field),
  );
  const asked = [parts[2], parts[4]].filter((part) => part === '?').length;
  if (parts.length !== FIELDS.length || asked !== 1) {
    throw invalid(`${text}: six fields, and a ? for either the day of the month or that of the week`);
  }
  const onLastDay = parts[2] === 'L';
  const dayMatches = (day: Date): boolean => {
    if (!months?.has(day.getUTCMonth() + 1) || !weekdays?.has(day.getUTCDay() + 1)) return false;
    if (onLastDay) return new Date(day.getTime() + DAY_MS).getUTCDate() === 1;
    return days?.has(day.getUTCDate()) ?? false;
  };
  return (after) => {
    const first = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
    const lastYear = Math.max(...(years ?? []));
    for (let at = Math.floor(first / DAY_MS) * DAY_MS; ; at += DAY_MS) {
      const day = new Date(at);
      const year = day.getUTCFullYear();
      if (year > lastYear) return undefined;
      if (!years?.has(year) || !dayMatches(day)) continue;
      for (const hour of hours ?? []) {
        for (const minute of minutes ?? []) {
          const time = at + (hour * 60 + minute) * MINUTE_MS;
          if (time >= first) return time;
        }
      }
    }
  };
}

/** The values that a field allows, ascending. */
function readField(text: string, field: (typeof FIELDS)[number]): Set<number> {
  const { min, max, names, name } = field;
  const value = (token: string): number => {
    const named = (names as readonly string[]).indexOf(token.toUpperCase());
    const number = named >= 0 ? named + min : /^\d+$/.test(token) ? Number(token) : Number.NaN;
    if (!(number >= min && number <= max)) throw invalid(`${token} is no ${name}, or is not run here`);
    return number;
  };
  const found: number[] = [];
  const whole = text === '?' || (text === 'L' && name === 'day-of-month') ? '*' : text;
  for (const part of whole.split(',')) {
    const [range = '', step] = part.split('/');
    const [from = '', to] = range.split('-');
    const start = range === '*' ? min : value(from);
    const end = range === '*' || (step !== undefined && to === undefined) ? max : value(to ?? from);
    const by = step === undefined ? 1 : Number(step);
    if (!Number.isInteger(by) || by < 1) throw invalid(`/${step} is no step of ${name}`);
    for (let number = start; number <= end; number += by) found.push(number);
  }
  return new Set(found.sort((a, b) => a - b));
}

function invalid(reason: string): AwsError {
  return new AwsError('ValidationException', `Invalid Schedule Expression: ${reason}.`);
}
