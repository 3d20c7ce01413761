/** One series: a metric with its dimensions. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What is kept of one minute. */
interface Minute {
  sum: number;
  count: number;
  min: number;
  max: number;
  /** For percentiles; a sample when there were more. */
  values: number[];
}

/** Metrics are aggregated by the minute and kept for three hours: no alarm here looks further back. */
const MINUTE_MS = 60_000;
const KEPT_MS = 3 * 60 * MINUTE_MS;

/** How many values of a minute percentiles are computed from. */
const VALUES_MAX = 1000;

const PERCENTILE = /^p(?<rank>\d{1,2}(?:\.\d+)?|100)$/;

/** The numbers of the account, in memory: after a restart alarms wait for new ones. */
export class MetricStore {
  readonly #series = new Map<
    string,
    { readonly metric: MetricName; readonly minutes: Map<number, Minute> }
  >();

  /**
   * Adds a value.
   *
   * @param at epoch milliseconds
   */
  add(metric: MetricName, value: number, at: number): void {
    const key = keyOf(metric);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { metric, minutes: new Map() };
      this.#series.set(key, series);
    }
    const start = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    let minute = series.minutes.get(start);
    if (minute === undefined) {
      minute = { sum: 0, count: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, values: [] };
      series.minutes.set(start, minute);
      for (const kept of series.minutes.keys()) if (kept < at - KEPT_MS) series.minutes.delete(kept);
    }
    minute.sum += value;
    minute.count += 1;
    minute.min = Math.min(minute.min, value);
    minute.max = Math.max(minute.max, value);
    if (minute.values.length < VALUES_MAX) minute.values.push(value);
    else minute.values[minute.count % VALUES_MAX] = value;
  }

  /**
   * A statistic over a period.
   *
   * @param statistic Sum, Average, Minimum, Maximum, SampleCount or a percentile such as p99
   * @param from epoch milliseconds, a whole minute
   * @param to the end, not included
   * @returns undefined when there are no values
   */
  statistic(metric: MetricName, statistic: string, from: number, to: number): number | undefined {
    const minutes = this.#series.get(keyOf(metric))?.minutes;
    if (minutes === undefined) return undefined;
    const found: Minute[] = [];
    for (const [start, minute] of minutes) if (start >= from && start < to) found.push(minute);
    return found.length === 0 ? undefined : compute(found, statistic);
  }

  /** All series that have values. */
  metrics(): MetricName[] {
    return [...this.#series.values()].map((series) => series.metric);
  }
}

/** True for a statistic that `MetricStore` computes. */
export function isStatistic(statistic: string): boolean {
  return (
    ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'].includes(statistic) || PERCENTILE.test(statistic)
  );
}

function compute(minutes: readonly Minute[], statistic: string): number {
  const total = (of: (minute: Minute) => number): number =>
    minutes.reduce((sum, minute) => sum + of(minute), 0);
  switch (statistic) {
    case 'Sum':
      return total((minute) => minute.sum);
    case 'SampleCount':
      return total((minute) => minute.count);
    case 'Average':
      return total((minute) => minute.sum) / total((minute) => minute.count);
    case 'Minimum':
      return Math.min(...minutes.map((minute) => minute.min));
    case 'Maximum':
      return Math.max(...minutes.map((minute) => minute.max));
    default:
      return percentile(minutes, Number(PERCENTILE.exec(statistic)?.groups?.['rank'] ?? 100));
  }
}

function percentile(minutes: readonly Minute[], rank: number): number {
  const values = minutes.flatMap((minute) => minute.values).sort((a, b) => a - b);
  const index = Math.max(0, Math.ceil((rank / 100) * values.length) - 1);
  return values[index] ?? Number.NaN;
}

function keyOf(metric: MetricName): string {
  const dimensions = Object.entries(metric.dimensions)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  return [metric.namespace, metric.name, ...dimensions].join('\n');
}
