import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { lambdaBench, STREAM_ARN } from './lambda-bench.ts';

// The repository's root is three folders above this package's sources.
const REPOSITORY = join(import.meta.dirname, '../../../../..');
const FOLDER = process.env['PAYMENTS_CONFORMANCE_DIR'] ?? join(REPOSITORY, '../shared/conformance');
const FILE = join(FOLDER, 'batch-item-failure-cases.json');

interface Case {
  readonly name: string;
  readonly source: 'sqs' | 'dynamodb';
  readonly functionResponse: unknown;
  readonly expected: 'whole-batch-fails' | 'whole-batch-succeeds';
}

/** Runs a batch of two through a mapping. @returns how often each record was handed to the function */
async function deliveries(testCase: Case): Promise<number[]> {
  const bench = lambdaBench();
  const counts = new Map<unknown, number>();
  await bench.function('worker', (event) => {
    for (const record of event.Records) {
      const id = record['messageId'] ?? record['eventID'];
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    if (testCase.functionResponse === '<throws>') throw new Error('thrown');
    return testCase.functionResponse;
  });
  const common = { function_name: 'worker', function_response_types: ['ReportBatchItemFailures'] };
  if (testCase.source === 'sqs') {
    const queue = await bench.queue('source', { visibility_timeout_seconds: 30 });
    bench.sqs.queues.send(queue, 'one');
    bench.sqs.queues.send(queue, 'two');
    await bench.resource('aws_lambda_event_source_mapping', { ...common, event_source_arn: queue });
    await bench.context.advance(45_000);
  } else {
    bench.stream.put('one');
    bench.stream.put('two');
    await bench.resource('aws_lambda_event_source_mapping', {
      ...common,
      event_source_arn: STREAM_ARN,
      starting_position: 'TRIM_HORIZON',
      maximum_retry_attempts: 1,
    });
    await bench.context.advance(45_000);
  }
  return [...counts.values()];
}

if (existsSync(FILE)) {
  const cases: Case[] = JSON.parse(readFileSync(FILE, 'utf8'));
  describe(`partial batch responses: ${cases.length} cases recorded against AWS`, () => {
    it.each(cases.map((testCase) => [testCase.name, testCase] as const))('%s', async (_name, testCase) => {
      // Failed once and handed out once more, or done at the first time.
      const times = testCase.expected === 'whole-batch-fails' ? 2 : 1;
      expect(await deliveries(testCase)).toEqual([times, times]);
    });
  });
} else {
  describe.skip(`partial batch responses: skipped, there is no ${FILE}`, () => {
    it('needs the recorded cases', () => undefined);
  });
}
