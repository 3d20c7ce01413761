import { describe, expect, it } from '@jest/globals';
import type { AwsContext } from './aws-context.ts';
import { type MetricValues, writeMetrics } from './metrics.ts';

const OWNER = { namespace: 'payments/test', stage: 'posting' };

function written(values: MetricValues, dimensions?: Record<string, string>): Record<string, unknown>[] {
  const lines: string[] = [];
  const aws = {
    clock: { now: () => 1_700_000_000_000 },
    output: (line: string) => lines.push(line),
  } as unknown as AwsContext; // Of the outside, metrics use the clock and the output alone.
  writeMetrics(aws, OWNER, values, dimensions);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('writeMetrics', () => {
  it('writes all numbers of an invocation in one line', () => {
    expect(written({ Records: 3, DurationMs: 12 })).toEqual([
      {
        _aws: {
          Timestamp: 1_700_000_000_000,
          CloudWatchMetrics: [
            {
              Namespace: 'payments/test',
              Dimensions: [['Stage']],
              Metrics: [
                { Name: 'Records', Unit: 'Count' },
                { Name: 'DurationMs', Unit: 'Milliseconds' },
              ],
            },
          ],
        },
        Stage: 'posting',
        Records: 3,
        DurationMs: 12,
      },
    ]);
  });

  it('tells dimensions besides the stage', () => {
    const [line] = written({ PostedMinorUnits: 100 }, { Currency: 'GBP' });
    expect(line).toMatchObject({ Stage: 'posting', Currency: 'GBP', PostedMinorUnits: 100 });
    expect(line?.['_aws']).toMatchObject({ CloudWatchMetrics: [{ Dimensions: [['Stage', 'Currency']] }] });
  });

  it('puts no more than a hundred values of a metric into a line, and each number into one line', () => {
    const latencies = Array.from({ length: 250 }, (_, index) => index);
    const lines = written({ TransactionsPosted: 250, PostingLatencyMs: latencies });
    expect(lines.map((line) => line['TransactionsPosted'])).toEqual([250, undefined, undefined]);
    expect(lines.map((line) => (line['PostingLatencyMs'] as number[]).length)).toEqual([100, 100, 50]);
    expect(lines.flatMap((line) => line['PostingLatencyMs'])).toEqual(latencies);
  });

  it('writes nothing where there is nothing to tell', () => {
    expect(written({})).toEqual([]);
    expect(written({ PostingLatencyMs: [] })).toEqual([]);
  });
});
