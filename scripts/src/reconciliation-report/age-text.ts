const MINUTE_MS = 60_000;
const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;

/**
 * How long ago something was, in its two largest units: `3 d 4 h`, `2 h 5 min`, `12 min`.
 *
 * @param since RFC 3339
 * @param now epoch milliseconds; a time after it is no time ago
 */
export function ageText(since: string, now: number): string {
  const minutes = Math.floor(Math.max(0, now - Date.parse(since)) / MINUTE_MS);
  const days = Math.floor(minutes / MINUTES_PER_DAY);
  const hours = Math.floor((minutes % MINUTES_PER_DAY) / MINUTES_PER_HOUR);
  if (days > 0) return hours === 0 ? `${days} d` : `${days} d ${hours} h`;
  const left = minutes % MINUTES_PER_HOUR;
  if (hours > 0) return left === 0 ? `${hours} h` : `${hours} h ${left} min`;
  return minutes === 0 ? 'under 1 min' : `${minutes} min`;
}
