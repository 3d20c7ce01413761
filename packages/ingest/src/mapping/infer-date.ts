/**
 * ISO 8583:1987 sends dates without their year. The year is the one that brings the date nearest to when the
 * authorization was logged: a message of 31 December that is logged on 1 January belongs to the old year, and
 * one whose clock runs ahead over New Year's Eve to the new one.
 */

const DATE_LENGTH = 'YYYY-MM-DD'.length;
/** Half a year: no date is further from its nearest year, but for 29 February of another one. */
const DISTANCE_MAX_MS = 183 * 24 * 60 * 60 * 1000;

/**
 * @param monthToSecond `MMDDhhmmss` in UTC
 * @param near epoch milliseconds
 * @returns an instant in RFC 3339, or undefined when there is no such date or time within half a year
 */
export function nearestInstant(monthToSecond: string, near: number): string | undefined {
  const [month, day, hour, minute, second] = pairsOf(monthToSecond);
  const year = new Date(near).getUTCFullYear();
  // No two years bring a date within half a year, so the first that does is the nearest.
  for (const candidate of [year, year - 1, year + 1]) {
    const instant = `${candidate}-${month}-${day}T${hour}:${minute}:${second}Z`;
    const moment = Date.parse(instant);
    // Date.parse turns 30 February into March; what does not come back as it went in is no date.
    if (Math.abs(moment - near) <= DISTANCE_MAX_MS && isSameInstant(moment, instant)) return instant;
  }
  return undefined;
}

/**
 * @param monthDay `MMDD`
 * @param near epoch milliseconds
 * @returns a date in RFC 3339, or undefined when there is no such date
 */
export function nearestDate(monthDay: string, near: number): string | undefined {
  return nearestInstant(`${monthDay}120000`, near)?.slice(0, DATE_LENGTH);
}

/**
 * @param yearMonthDay `YYMMDD`, of the century of `near`
 * @returns a date in RFC 3339, or undefined when there is no such date
 */
export function dateOfCentury(yearMonthDay: string, near: number): string | undefined {
  const [year, month, day] = pairsOf(yearMonthDay);
  const century = Math.floor(new Date(near).getUTCFullYear() / 100);
  return dateOf(`${century}${year}${month}${day}`);
}

/**
 * @param fullDate `YYYYMMDD`
 * @returns a date in RFC 3339, or undefined when there is no such date
 */
export function dateOf(fullDate: string): string | undefined {
  const date = `${fullDate.slice(0, 4)}-${fullDate.slice(4, 6)}-${fullDate.slice(6)}`;
  return isSameInstant(Date.parse(date), date) ? date : undefined;
}

/** @param hourToSecond `hhmmss` */
export function timeOfDay(hourToSecond: string): string | undefined {
  const [hour = '', minute = '', second = ''] = pairsOf(hourToSecond);
  return hour < '24' && minute < '60' && second < '60' ? `${hour}:${minute}:${second}` : undefined;
}

/** Says whether epoch milliseconds are the instant or date that they were parsed from, and not a corrected one. */
export function isSameInstant(moment: number, text: string): boolean {
  if (Number.isNaN(moment)) return false;
  const seconds = text.slice(0, 'YYYY-MM-DDThh:mm:ss'.length);
  return new Date(moment).toISOString().startsWith(seconds);
}

function pairsOf(digits: string): readonly string[] {
  return digits.match(/../g) ?? [];
}
