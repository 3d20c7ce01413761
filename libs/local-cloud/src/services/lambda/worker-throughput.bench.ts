import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../core/aws-error.ts';
import { NO_FAULTS } from '../../core/faults.ts';
import { RealRuntime } from '../../core/real-runtime.ts';
import type { ServiceContext } from '../../core/seams.ts';
import { Store } from '../../core/store.ts';
import { makeHandleRequest } from '../../transport/handle-request.ts';
import { SqsService } from '../sqs/sqs-service.ts';
import { LambdaService } from './lambda-service.ts';
import { WorkerHost } from './worker-host.ts';

// Measures how many invocations and messages a second go from a queue through the worker host.
// Run it by hand: node src/services/lambda/worker-throughput.bench.ts [messages]

const SDK = JSON.stringify(createRequire(import.meta.url).resolve('@aws-sdk/client-sqs'));
const BUNDLES = {
  'a handler that calls nothing':
    'export const compose = () => ({ handler: async () => ({ batchItemFailures: [] }) });',
  'a handler that sends one message with the SDK': `
    import sdk from ${SDK};
    export const compose = (environment, aws) => {
      const client = new sdk.SQSClient(aws.client);
      return { handler: async (event) => {
        await client.send(new sdk.SendMessageCommand({ QueueUrl: environment.OUT, MessageBody: event.Records[0].body }));
        return { batchItemFailures: [] };
      } };
    };`,
};

const messages = Number(process.argv[2] ?? 20_000);
const BODY = JSON.stringify({ detail: { records: ['x'.repeat(1200)] } });

for (const [title, bundle] of Object.entries(BUNDLES)) {
  console.log(title);
  for (const batchSize of [1, 10]) await measure(batchSize, bundle);
}

async function measure(batchSize: number, bundle: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'local-cloud-throughput-'));
  writeFileSync(join(directory, 'index.mjs'), bundle);
  const runtime = new RealRuntime((error, task) => console.error(task, error));
  let invocations = 0;
  const context: ServiceContext = {
    account: { id: '000000000000', region: 'eu-west-2' },
    runtime,
    store: new Store(join(directory, 'state.sqlite')),
    faults: NO_FAULTS,
    call: async (_service, operation, input, caller) => sqs.call(operation, input, caller),
    bill: (unit, quantity) => {
      if (unit === 'lambda:requests') invocations += quantity;
    },
    warn: console.error,
  };
  const host = new WorkerHost({
    runtime,
    region: 'eu-west-2',
    handleRequest: makeHandleRequest(context.call, {
      requestId: () => runtime.uuid(),
      onDefect: console.error,
    }),
    log: (name, line) => console.error(name, line),
    cacheDirectory: directory,
  });
  const sqs = new SqsService(context);
  const lambda = new LambdaService(context, {
    queues: sqs.queues,
    streams: {
      shardId: () => '',
      read: () => [],
      latest: () => undefined,
      onRecords: () => () => undefined,
      release: () => undefined,
    },
    host,
    authorize: () => undefined,
    mappingFilter: () => () => true,
  });
  const create = async (service: SqsService | LambdaService, type: string, args: JsonObject) =>
    service.resourceTypes.find((candidate) => candidate.type === type)?.create(args) ?? {};
  const queue = String((await create(sqs, 'aws_sqs_queue', { name: 'in' }))['arn']);
  const out = String((await create(sqs, 'aws_sqs_queue', { name: 'out-dlq' }))['url']);
  await create(lambda, 'aws_lambda_function', {
    function_name: 'sink',
    filename: directory,
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    role: 'arn:aws:iam::000000000000:role/sink',
    timeout: 30,
    environment: { variables: { OUT: out } },
  });
  const sendStart = performance.now();
  for (let n = 0; n < messages; n += 1) sqs.queues.send(queue, BODY);
  const sendMs = performance.now() - sendStart;
  const start = performance.now();
  await create(lambda, 'aws_lambda_event_source_mapping', {
    event_source_arn: queue,
    function_name: 'sink',
    batch_size: batchSize,
  });
  while (sqs.outstanding() > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `  batch size ${batchSize}: ${Math.round(messages / (sendMs / 1000))} sends/s, ` +
      `${Math.round(invocations / seconds)} invocations/s, ${Math.round(messages / seconds)} messages/s`,
  );
  await host.close();
  context.store.close();
}
