/** How long something took, in microseconds. */
export interface Durations {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const PERCENT = 100;
const MICROSECONDS = 1000;

/** The 50th and 99th percentile (nearest rank) and the longest of some durations. @param milliseconds in any order */
export function durationsOf(milliseconds: readonly number[]): Durations {
  const sorted = Float64Array.from(milliseconds).sort();
  const at = (percent: number): number =>
    (sorted[Math.max(0, Math.ceil((sorted.length * percent) / PERCENT) - 1)] ?? 0) * MICROSECONDS;
  return { count: sorted.length, p50: at(50), p99: at(99), max: at(PERCENT) };
}
