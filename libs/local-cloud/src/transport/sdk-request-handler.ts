import { Readable } from 'node:stream';
import { type HttpHandler, type HttpRequest, HttpResponse } from '@smithy/protocol-http';
import type { Logger } from '@smithy/types';
import type { Principal } from '../core/service.ts';
import type { HandleRequest, WireRequest, WireResponse } from './wire.ts';

/**
 * A `requestHandler` for the clients of the AWS SDK for JavaScript v3 that answers in this process: no
 * socket, no stream but for the bodies of S3 objects. Who calls is given here, so nothing need be signed.
 */
export class SdkRequestHandler implements HttpHandler {
  readonly metadata = { handlerProtocol: 'in-process' };
  readonly #handleRequest: HandleRequest;
  readonly #caller: Principal;

  constructor(handleRequest: HandleRequest, caller: Principal) {
    this.#handleRequest = handleRequest;
    this.#caller = caller;
  }

  async handle(
    request: HttpRequest,
    options?: { abortSignal?: { readonly aborted: boolean } },
  ): Promise<{ response: HttpResponse }> {
    if (options?.abortSignal?.aborted) {
      throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    }
    const wireRequest = await toWire(request);
    const answer = await this.#handleRequest(wireRequest, this.#caller);
    return { response: fromWire(answer, wireRequest) };
  }

  destroy(): void {}

  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }
}

/** What a client of the SDK is made with to speak to a local cloud in this process. */
export interface SdkConfiguration {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly requestHandler: HttpHandler;
  readonly signer: { sign<T>(request: T): Promise<T> };
  readonly maxAttempts: number;
  /** SQS only: take the endpoint, not the queue's URL, for the host; the SDK would warn at every call. */
  readonly useQueueUrlAsEndpoint: false;
  readonly logger: Logger;
}

/**
 * As silent as the SDK's own, and without `info`: the SDK copies every request and answer for a logger that has
 * it. It looks whether the method is there, though the type says that it always is.
 */
const SILENT = { debug: () => undefined, warn: () => undefined, error: () => undefined } as Partial<Logger>;

/** The SDK's own default for attempts. */
const ATTEMPTS_MAX = 3;

/**
 * Makes the configuration of SDK clients that call as a principal.
 *
 * @param region the account's region
 */
export function sdkConfiguration(
  handleRequest: HandleRequest,
  caller: Principal,
  region: string,
): SdkConfiguration {
  return {
    region,
    credentials: { accessKeyId: 'in-process', secretAccessKey: 'in-process' },
    requestHandler: new SdkRequestHandler(handleRequest, caller),
    // A signature would prove nothing within one process, and making it is half of a small call's cost.
    signer: { sign: async (request) => request },
    maxAttempts: ATTEMPTS_MAX,
    useQueueUrlAsEndpoint: false,
    logger: SILENT as Logger,
  };
}

async function toWire(request: HttpRequest): Promise<WireRequest> {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.query ?? {})) {
    query[name] = Array.isArray(value) ? value.join(',') : (value ?? '');
  }
  const { method, path, headers } = request;
  const body = await readBody(request.body, headers['content-type'] ?? '');
  return { method, path, query, headers, ...body };
}

async function readBody(
  body: unknown,
  contentType: string,
): Promise<{ body: string; bodyEncoding?: 'base64' }> {
  if (body === undefined || body === null) return { body: '' };
  if (typeof body === 'string') return { body };
  const bytes = body instanceof Uint8Array ? body : await collect(body);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (contentType.includes('json')) return { body: buffer.toString('utf8') };
  return { body: buffer.toString('base64'), bodyEncoding: 'base64' };
}

async function collect(body: unknown): Promise<Uint8Array> {
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (body instanceof Blob) return new Uint8Array(await body.arrayBuffer());
  if (body instanceof Readable) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    return Buffer.concat(chunks);
  }
  throw new TypeError('A request body must be text, bytes, a Blob or a Readable.');
}

function fromWire(answer: WireResponse, request: WireRequest): HttpResponse {
  const bytes = Buffer.from(answer.body, answer.bodyEncoding ?? 'utf8');
  return new HttpResponse({
    statusCode: answer.status,
    headers: { ...answer.headers },
    // The SDK takes bytes as they are; only the body of an S3 object has to be a stream.
    body: answer.status < 300 && isObjectRead(request) ? Readable.from([bytes]) : bytes,
  });
}

function isObjectRead(request: WireRequest): boolean {
  return request.method === 'GET' && request.query['x-id'] === 'GetObject';
}
