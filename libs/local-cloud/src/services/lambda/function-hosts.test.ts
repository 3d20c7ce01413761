import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import { AwsError } from '../../core/aws-error.ts';
import { RealRuntime } from '../../core/real-runtime.ts';
import type { CallService, Principal } from '../../core/service.ts';
import { makeHandleRequest } from '../../transport/handle-request.ts';
import type { HandleRequest } from '../../transport/wire.ts';
import { simulatedContext } from '../sqs/simulated-context.ts';
import { SqsService } from '../sqs/sqs-service.ts';
import type { FunctionConfiguration, FunctionHost } from './function-host.ts';
import { InProcessHost } from './in-process-host.ts';
import { makeBundle, ROLE } from './lambda-bench.ts';
import { WorkerHost } from './worker-host.ts';

const SDK = JSON.stringify(createRequire(import.meta.url).resolve('@aws-sdk/client-sqs'));

/** Sends a message with the real SDK, from what compose is given; counts the invocations of its instance. */
const COMPOSED = `
  import sdk from ${SDK};
  export function compose(environment, aws) {
    const client = new sdk.SQSClient(aws.client);
    let invocations = 0;
    return {
      handler: async (event, context) => {
        invocations += 1;
        aws.output('sending ' + event.body);
        const sent = await client.send(new sdk.SendMessageCommand({
          QueueUrl: environment.QUEUE_URL, MessageBody: event.body }));
        return { invocations, messageId: sent.MessageId, name: context.functionName, region: environment.AWS_REGION,
          uuid: aws.random.uuid(), remaining: context.getRemainingTimeInMillis() };
      },
      fails: async () => { throw new RangeError('out of range'); },
      waits: async () => { invocations += 1; const before = invocations; await new Promise((r) => setTimeout(r, 20));
        return { alone: before === invocations, invocations }; },
      hangs: async () => { for (;;); },
      exits: async () => process.exit(3),
    };
  }`;
const PLAIN = `
  let invocations = 0;
  export const handler = async (event) => { console.log('hello\\nworld'); return { invocations: (invocations += 1), event }; };`;

interface Setup {
  readonly host: FunctionHost;
  readonly lines: string[];
  readonly callers: Principal[];
  /** Errors that the next calls are answered with. */
  readonly refusals: AwsError[];
  readonly sqs: SqsService;
}

const open: FunctionHost[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((host) => host.close()));
});

async function setUp(kind: 'in process' | 'worker', concurrency = 4): Promise<Setup> {
  const context = simulatedContext();
  const sqs = new SqsService(context);
  context.add(sqs);
  await sqs.call('CreateQueue', { QueueName: 'out' }, { kind: 'owner' });
  const lines: string[] = [];
  const callers: Principal[] = [];
  const refusals: AwsError[] = [];
  const call: CallService = async (service, operation, input, caller) => {
    const refusal = refusals.shift();
    if (refusal !== undefined) throw refusal;
    return context.call(service, operation, input, caller);
  };
  const answer = makeHandleRequest(call, {
    requestId: () => 'request',
    onDefect: (error) => lines.push(String(error)),
  });
  const handleRequest: HandleRequest = (request, caller) => {
    callers.push(caller);
    return answer(request, caller);
  };
  const options = {
    runtime: kind === 'worker' ? new RealRuntime((error) => lines.push(String(error))) : context.runtime,
    region: 'eu-west-2',
    handleRequest,
    log: (name: string, line: string) => lines.push(`${name}: ${line}`),
    cacheDirectory: mkdtempSync(join(tmpdir(), 'local-cloud-cache-')),
  };
  const host =
    kind === 'worker' ? new WorkerHost({ ...options, workers: 1, concurrency }) : new InProcessHost(options);
  open.push(host);
  return { host, lines, callers, refusals, sqs };
}

function configuration(bundle: string, handler = 'index.handler'): FunctionConfiguration {
  return {
    name: 'sender',
    arn: 'arn:aws:lambda:eu-west-2:000000000000:function:sender',
    handler,
    bundle,
    environment: { QUEUE_URL: 'http://sqs.eu-west-2.localhost/000000000000/out' },
    timeoutSeconds: 10,
    memoryMb: 128,
    role: ROLE,
  };
}

async function invoke(host: FunctionHost, fn: FunctionConfiguration, payload: string, signal?: AbortSignal) {
  const result = await host.invoke(fn, payload, {
    requestId: '00000000-0000-4000-8000-000000000000',
    timeoutMs: 10_000,
    onStart: () => undefined,
    signal: signal ?? new AbortController().signal,
  });
  return { functionError: result.functionError, answer: JSON.parse(result.payload) };
}

describe.each(['in process', 'worker'] as const)('functions run %s', (kind) => {
  it('composes the bundle once, gives it environment, clock, randomness and an SDK transport', async () => {
    const { host, sqs, callers, lines } = await setUp(kind);
    const fn = configuration(makeBundle(COMPOSED));
    await host.load(fn);
    const first = await invoke(host, fn, '{"body":"one"}');
    const second = await invoke(host, fn, '{"body":"two"}');
    expect(first).toMatchObject({
      functionError: undefined,
      answer: { invocations: 1, name: 'sender', region: 'eu-west-2' },
    });
    expect(second.answer.invocations).toBe(2);
    expect(first.answer.remaining).toBeGreaterThan(0);
    const received = sqs.queues.receive('arn:aws:sqs:eu-west-2:000000000000:out', 10);
    expect(received.map((message) => message.body).sort()).toEqual(['one', 'two']);
    expect(received.map((message) => message.messageId)).toContain(first.answer.messageId);
    expect(callers).toEqual([
      { kind: 'role', arn: ROLE },
      { kind: 'role', arn: ROLE },
    ]);
    expect(lines).toEqual(['sender: sending one', 'sender: sending two']);
  });

  it('lets the SDK retry what is throttled, and not what is refused', async () => {
    const { host, refusals, callers } = await setUp(kind);
    const fn = configuration(makeBundle(COMPOSED));
    await host.load(fn);
    refusals.push(new AwsError('ThrottlingException', 'slow down'));
    expect((await invoke(host, fn, '{"body":"one"}')).functionError).toBeUndefined();
    expect(callers).toHaveLength(2);
    refusals.push(new AwsError('AccessDeniedException', 'may not', { status: 403 }));
    const refused = await invoke(host, fn, '{"body":"two"}');
    expect(refused).toMatchObject({ functionError: 'Unhandled', answer: { errorMessage: 'may not' } });
    expect(callers).toHaveLength(3);
  });

  it('runs a zip, and a bundle without compose, whose instances share nothing', async () => {
    const { host } = await setUp(kind);
    const bundle = join(mkdtempSync(join(tmpdir(), 'local-cloud-zip-')), 'bundle.zip');
    writeFileSync(bundle, zipSync({ 'index.mjs': Buffer.from(PLAIN) }));
    expect(readFileSync(bundle).length).toBeGreaterThan(0);
    const fn = configuration(bundle);
    await host.load(fn);
    const both = await Promise.all([invoke(host, fn, '{"n":1}'), invoke(host, fn, '{"n":2}')]);
    expect(both.map(({ answer }) => answer)).toEqual([
      { invocations: 1, event: { n: 1 } },
      { invocations: 1, event: { n: 2 } },
    ]);
    expect((await invoke(host, fn, '{}')).answer.invocations).toBe(2);
  });

  it('answers what a handler throws, and what is wrong with a bundle', async () => {
    const { host } = await setUp(kind);
    const fn = configuration(makeBundle(COMPOSED), 'index.fails');
    await host.load(fn);
    expect(await invoke(host, fn, '{}')).toMatchObject({
      functionError: 'Unhandled',
      answer: { errorType: 'RangeError', errorMessage: 'out of range', trace: expect.any(Array) },
    });
    const absent = configuration(fn.bundle, 'other.handler');
    await host.load(absent);
    expect((await invoke(host, absent, '{}')).answer.errorType).toBe('Runtime.ImportModuleError');
    const unnamed = configuration(fn.bundle, 'index.nothing');
    await host.load(unnamed);
    expect((await invoke(host, unnamed, '{}')).answer.errorType).toBe('Runtime.HandlerNotFound');
  });

  it('gives each instance one invocation at a time', async () => {
    const { host } = await setUp(kind, 3);
    const fn = configuration(makeBundle(COMPOSED), 'index.waits');
    await host.load(fn);
    const all = await Promise.all(Array.from({ length: 9 }, () => invoke(host, fn, '{}')));
    expect(all.every(({ answer }) => answer.alone)).toBe(true);
    // Only the worker host bounds the instances: three of them shared nine invocations.
    const most = Math.max(...all.map(({ answer }) => answer.invocations));
    expect(most).toBe(kind === 'worker' ? 3 : 1);
  });
});

describe('the worker host', () => {
  it('forwards what functions print, by function', async () => {
    const { host, lines } = await setUp('worker');
    const fn = configuration(makeBundle(PLAIN));
    await host.load(fn);
    await invoke(host, fn, '{}');
    expect(lines).toEqual(['sender: hello', 'sender: world']);
  });

  it('ends a thread that hangs or exits, and goes on with a new one', async () => {
    const { host } = await setUp('worker');
    const hanging = configuration(makeBundle(COMPOSED), 'index.hangs');
    await host.load(hanging);
    const abort = new AbortController();
    const hung = invoke(host, hanging, '{}', abort.signal);
    setImmediate(() => abort.abort());
    expect((await hung).functionError).toBe('Unhandled');
    const exiting = configuration(hanging.bundle, 'index.exits');
    await host.load(exiting);
    expect((await invoke(host, exiting, '{}')).answer.errorType).toBe('Runtime.ExitError');
    const fn = configuration(hanging.bundle);
    await host.load(fn);
    expect((await invoke(host, fn, '{"body":"after"}')).functionError).toBeUndefined();
  });
});
