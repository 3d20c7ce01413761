import { describe, expect, it } from '@jest/globals';
import { readMetricSearch } from './metric-search.ts';
import type { MetricName } from './metric-store.ts';

const queue = (name: string, metric = 'ApproximateNumberOfMessagesVisible'): MetricName => ({
  namespace: 'AWS/SQS',
  name: metric,
  dimensions: { QueueName: name },
});
const ENRICH = queue('payments-dev-enrich-queue');
const DEAD = queue('payments-dev-enrich-dead-letters');
const AGE = queue('payments-dev-enrich-queue', 'ApproximateAgeOfOldestMessage');
const ELSEWHERE = queue('payments-dev2-enrich-queue');
const BESIDE = queue('payments-devbatch-enrich-queue');
const RECORDS = { namespace: 'payments/dev', name: 'Records', dimensions: { Stage: 'enrich' } };
const MONEY = {
  namespace: 'payments/dev',
  name: 'PostedMinorUnits',
  dimensions: { Stage: 'posting', Currency: 'GBP' },
};
const ALL = { ENRICH, DEAD, AGE, ELSEWHERE, BESIDE, RECORDS, MONEY };

const found = (query: string) => {
  const { matches } = readMetricSearch(`SEARCH('${query}', 'Sum')`);
  return Object.entries(ALL).flatMap(([name, metric]) => (matches(metric) ? [name] : []));
};

describe('a search for metrics', () => {
  it.each([
    ['{AWS/SQS,QueueName} MetricName="ApproximateAgeOfOldestMessage"', ['AGE']],
    ['{AWS/SQS,QueueName} QueueName=payments-dev NOT QueueName=queue', ['DEAD']],
    [
      '{AWS/SQS,QueueName} QueueName=payments-dev MetricName="ApproximateNumberOfMessagesVisible"',
      ['ENRICH', 'DEAD', 'ELSEWHERE'],
    ],
    ['{"payments/dev",Stage} MetricName="Records"', ['RECORDS']],
    ['{payments/dev,Stage,Currency}', ['MONEY']],
    ['{payments/dev} (Posted OR Records) AND NOT Stage="posting"', ['RECORDS']],
    ['{payments/dev} minor', ['MONEY']],
    ['"GBP"', ['MONEY']],
    ['"gbp"', []],
    ['{payments/dev,Currency}', []],
  ])('%s', (query, names) => {
    expect(found(query)).toEqual(names);
  });

  it('knows its statistic', () => {
    expect(readMetricSearch(`SEARCH(' {a,b} c ', 'p99', 300)`).statistic).toBe('p99');
  });

  it.each([
    "SUM(SEARCH('a', 'Sum'))",
    "SEARCH('(a', 'Sum')",
    "SEARCH('a OR', 'Sum')",
    "SEARCH('a )', 'Sum')",
  ])('does not run %s', (expression) => {
    expect(() => readMetricSearch(expression)).toThrow(/SEARCH is run|malformed/);
  });
});
