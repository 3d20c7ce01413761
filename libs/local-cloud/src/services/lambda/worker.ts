import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { WireRequest, WireResponse } from '../../transport/wire.ts';
import { functionClient } from './function-client.ts';
import type { FunctionConfiguration } from './function-host.ts';
import { type AwsAccess, type FunctionInstance, failure, startInstance } from './function-instance.ts';
import { type FromWorker, Outbox, type ToWorker } from './worker-messages.ts';

// A thread of the worker host: it runs instances of functions, and asks the main thread for every API call.

/** Headers that say something to the local cloud; the others only take time to hand over. */
const PASSED_HEADER =
  /^(?:x-amz(?:n)?-(?!user-agent|date|content-sha256)|content-|if-|host$|range$|smithy-protocol$|accept$)/;

interface LoadedFunction {
  readonly fn: FunctionConfiguration;
  readonly directory: string;
  readonly region: string;
  readonly idle: FunctionInstance[];
  /** For logs written outside of any invocation's call chain, too. */
  readonly access: AwsAccess;
}

const port = parentPort;
if (port === null) throw new Error('the function worker runs only as a worker thread');
const outbox = new Outbox<FromWorker>((messages) => port.postMessage(messages));
const functions = new Map<string, LoadedFunction>();
const abandoned = new Set<number>();
const awaited = new Map<number, (response: WireResponse) => void>();
const running = new AsyncLocalStorage<string>();
let requests = 0;
let started = 0;

captureOutput(process.stdout);
captureOutput(process.stderr);
port.on('message', (messages: ToWorker[]) => {
  for (const message of messages) receive(message);
});

function receive(message: ToWorker): void {
  if (message.kind === 'load') {
    const { fn, directory, region } = message;
    functions.set(fn.name, { fn, directory, region, idle: [], access: accessFor(fn, region) });
  } else if (message.kind === 'unload') {
    functions.delete(message.name);
  } else if (message.kind === 'answer') {
    awaited.get(message.id)?.(message.response);
    awaited.delete(message.id);
  } else if (message.kind === 'abandon') {
    abandoned.add(message.id);
    outbox.add({ kind: 'abandoned', id: message.id });
  } else {
    void running.run(message.name, () => invoke(message));
  }
}

async function invoke(message: Extract<ToWorker, { kind: 'invoke' }>): Promise<void> {
  const { id, name, payload } = message;
  const loaded = functions.get(name);
  if (loaded === undefined) {
    outbox.add({ kind: 'result', id, result: failure(new Error(`function ${name} was not loaded`)) });
    return;
  }
  let instance = loaded.idle.pop();
  if (instance === undefined) {
    try {
      started += 1;
      instance = await startInstance(loaded.fn, loaded.directory, loaded.access, started);
    } catch (error) {
      outbox.add({ kind: 'result', id, result: failure(error) });
      return;
    }
    outbox.add({ kind: 'started', id });
  }
  const result = await instance.run(payload, message);
  if (!abandoned.delete(id)) loaded.idle.push(instance);
  outbox.add({ kind: 'result', id, result });
}

function accessFor(fn: FunctionConfiguration, region: string): AwsAccess {
  return {
    clock: { now: () => Date.now(), sleep: (milliseconds) => sleep(milliseconds) },
    random: {
      uuid: () => randomUUID(),
      next: () => Math.random(),
      bytes: (length) => new Uint8Array(randomBytes(length)),
    },
    client: functionClient((request) => ask(fn.name, request), fn.role, region),
    output: (line) => outbox.add({ kind: 'log', name: fn.name, line }),
  };
}

function ask(name: string, request: WireRequest): Promise<WireResponse> {
  requests += 1;
  const id = requests;
  const headers: Record<string, string> = {};
  for (const [header, value] of Object.entries(request.headers)) {
    const lower = header.toLowerCase();
    if (PASSED_HEADER.test(lower)) headers[lower] = value;
  }
  outbox.add({ kind: 'request', id, name, request: { ...request, headers } });
  return new Promise((resolve) => awaited.set(id, resolve));
}

/** Sends what functions write to the main thread, with the name of the function that wrote it. */
function captureOutput(stream: NodeJS.WriteStream): void {
  const rest = new Map<string, string>();
  stream.write = (chunk: string | Uint8Array, ...more: unknown[]): boolean => {
    const name = running.getStore() ?? 'worker';
    const text = (rest.get(name) ?? '') + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const lines = text.split('\n');
    rest.set(name, lines.pop() ?? '');
    for (const line of lines) outbox.add({ kind: 'log', name, line });
    const done = more.find((argument) => typeof argument === 'function');
    if (done !== undefined) queueMicrotask(() => done());
    return true;
  };
}
