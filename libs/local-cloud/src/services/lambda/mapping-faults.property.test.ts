import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AwsError } from '../../core/aws-error.ts';
import { SimulatedRuntime } from '../../core/simulated-runtime.ts';
import { lambdaBench, STREAM_ARN } from './lambda-bench.ts';

const DAY_MS = 86_400_000;

/** Faults of all kinds that mappings meet, drawn from a seed. */
function drawnFaults(seed: number) {
  const dice = new SimulatedRuntime(seed, 0);
  return {
    refuse: () =>
      dice.random() < 0.1
        ? new AwsError('TooManyRequestsException', 'Rate Exceeded.', { status: 429 })
        : undefined,
    deliveries: () => (dice.random() < 0.3 ? 2 : 1),
    delayMs: () => Math.floor(dice.random() * 5000),
    losesAnswer: () => dice.random() < 0.2,
  };
}

describe('mappings under faults', () => {
  it('hand every message and record to the function at least once, and come to rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 1, max: 10 }),
        async (seed, count, batchSize) => {
          const bench = lambdaBench({ seed, faults: drawnFaults(seed) });
          const queue = await bench.queue('in', { visibility_timeout_seconds: 30 });
          const messages = new Set<unknown>();
          const records = new Map<unknown, number>();
          await bench.function('takes-messages', (event) => {
            const half = event.Records.filter(
              (_, index) => index % 2 === 0 || bench.context.runtime.random() < 0.7,
            );
            for (const record of half) messages.add(record['body']);
            const failed = event.Records.filter((record) => !half.includes(record));
            return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record['messageId'] })) };
          });
          await bench.function('takes-records', (event) => {
            if (bench.context.runtime.random() < 0.2) throw new Error('a bad day');
            for (const record of event.Records) {
              const id = record['eventID'];
              // No record comes for the first time after a later one: the order holds.
              expect(
                [...records.keys()].filter((known) => String(known) > String(id) && !records.has(id)),
              ).toEqual([]);
              records.set(id, (records.get(id) ?? 0) + 1);
            }
          });
          const common = { batch_size: batchSize };
          await bench.resource('aws_lambda_event_source_mapping', {
            ...common,
            event_source_arn: queue,
            function_name: 'takes-messages',
            function_response_types: ['ReportBatchItemFailures'],
          });
          await bench.resource('aws_lambda_event_source_mapping', {
            ...common,
            event_source_arn: STREAM_ARN,
            function_name: 'takes-records',
            starting_position: 'TRIM_HORIZON',
            bisect_batch_on_function_error: seed % 2 === 0,
          });
          for (let n = 0; n < count; n += 1) {
            bench.sqs.queues.send(queue, String(n));
            bench.stream.put(String(n));
          }
          await bench.context.runtime.run({
            done: () => bench.sqs.outstanding() + bench.lambda.outstanding() === 0,
            until: bench.context.runtime.now() + DAY_MS,
          });
          expect(messages.size).toBe(count);
          expect(records.size).toBe(count);
          expect(bench.sqs.outstanding() + bench.lambda.outstanding()).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
