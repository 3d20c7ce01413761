import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RealRuntime } from '../../core/real-runtime.ts';
import { Store } from '../../core/store.ts';
import { simulatedContext } from '../sqs/simulated-context.ts';
import { SqsService } from '../sqs/sqs-service.ts';
import { makeBundle, ROLE, TestStream } from './lambda-bench.ts';
import { LambdaService } from './lambda-service.ts';
import { WorkerHost } from './worker-host.ts';

/** Says how many of its invocations ran at once, over all instances of the thread. */
const BUNDLE = `
  let running = 0;
  export const compose = (environment, aws) => ({
    handler: async (event) => {
      running += 1;
      aws.output(String(running) + ' ' + event.Records.length);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return { batchItemFailures: [] };
    },
    hangs: () => new Promise(() => undefined),
  });`;

function setUp(path: string) {
  const defects: unknown[] = [];
  const lines: string[] = [];
  const runtime = new RealRuntime((error) => defects.push(error));
  const context = { ...simulatedContext(), runtime, store: new Store(path) };
  const host = new WorkerHost({
    runtime,
    region: 'eu-west-2',
    handleRequest: () => Promise.reject(new Error('nothing is asked here')),
    log: (_name, line) => lines.push(line),
    cacheDirectory: mkdtempSync(join(tmpdir(), 'local-cloud-cache-')),
    workers: 1,
  });
  const sqs = new SqsService(context);
  const lambda = new LambdaService(context, {
    queues: sqs.queues,
    streams: new TestStream(() => runtime.now()),
    host,
    authorize: () => undefined,
    mappingFilter: () => () => true,
  });
  const create = async (type: string, args: Record<string, unknown>) => {
    const types = [...sqs.resourceTypes, ...lambda.resourceTypes];
    const attributes = await types.find((each) => each.type === type)?.create(args as Record<string, string>);
    return String(attributes?.['arn']);
  };
  const rest = async (): Promise<void> => {
    while (sqs.outstanding() + lambda.outstanding() > 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { defects, lines, context, host, sqs, lambda, create, rest };
}

const FUNCTION = {
  function_name: 'worker',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  role: ROLE,
  timeout: 10,
};

describe('mappings with real time and worker threads', () => {
  it('runs no more batches at once than the maximum concurrency, and goes on after a restart', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'local-cloud-store-')), 'state.sqlite');
    const first = setUp(path);
    const queue = await first.create('aws_sqs_queue', { name: 'in' });
    await first.create('aws_lambda_function', { ...FUNCTION, filename: makeBundle(BUNDLE) });
    for (let n = 0; n < 30; n += 1) first.sqs.queues.send(queue, String(n));
    await first.create('aws_lambda_event_source_mapping', {
      event_source_arn: queue,
      function_name: 'worker',
      batch_size: 1,
      scaling_config: { maximum_concurrency: 2 },
    });
    await first.rest();
    await first.host.close();
    first.context.store.close();
    expect(first.lines).toHaveLength(30);
    expect(Math.max(...first.lines.map((line) => Number(line.split(' ')[0])))).toBe(2);

    const second = setUp(path);
    second.lambda.resume();
    for (let n = 0; n < 4; n += 1) second.sqs.queues.send(queue, String(n));
    await second.rest();
    await second.host.close();
    second.context.store.close();
    expect(second.lines).toHaveLength(4);
    expect([...first.defects, ...second.defects]).toEqual([]);
  });

  it('cuts off a handler that takes too long', async () => {
    const { lambda, host, context, create } = setUp(':memory:');
    const filename = makeBundle(BUNDLE);
    await create('aws_lambda_function', { ...FUNCTION, filename, handler: 'index.hangs', timeout: 1 });
    const answer = await lambda.call('Invoke', { FunctionName: 'worker', Payload: '{}' }, { kind: 'owner' });
    await host.close();
    context.store.close();
    expect(answer['FunctionError']).toBe('Unhandled');
    expect(String(answer['Payload'])).toContain('Task timed out after 1.00 seconds');
  });
});
