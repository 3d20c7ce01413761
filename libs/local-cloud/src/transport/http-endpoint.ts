import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AwsError } from '../core/aws-error.ts';
import type { AccessKeys } from './access-keys.ts';
import { FunctionUrlRoute } from './function-url-route.ts';
import { StackControl } from './stack-control.ts';
import type { HandleRequest, WireRequest, WireResponse } from './wire.ts';

/** Only this machine may call. */
const HOST = '127.0.0.1';

/** The largest request that is read; an S3 object is put whole. */
const REQUEST_BYTES_MAX = 64 * 1024 * 1024;

/** The protocols whose bodies are text in UTF-8. */
const TEXT = /^application\/(?:x-amz-json|x-www-form-urlencoded)/;

/** What `HttpEndpoint` is made from. */
export interface HttpEndpointOptions {
  readonly handleRequest: HandleRequest;
  readonly accessKeys: AccessKeys;
  /** Resolves when all that was written before is durable: nobody outside hears of what a crash could undo. */
  readonly flushed: () => Promise<void>;
  /** Deploys and removes stacks for other processes of this machine; without it nobody outside does. */
  readonly control?: StackControl;
  /** The functions' URLs; without it there are none. */
  readonly functionUrls?: FunctionUrlRoute;
}

/**
 * An AWS-compatible endpoint on loopback for any SDK and the AWS CLI (`--endpoint-url`). The access key id
 * says who calls; **signatures are not verified**, which is why it listens on 127.0.0.1 only. Those of requests to
 * function URLs are: there they are what the function's callers have to get right.
 */
export class HttpEndpoint {
  readonly #options: HttpEndpointOptions;
  #server: Server | undefined;

  constructor(options: HttpEndpointOptions) {
    this.#options = options;
  }

  /**
   * Begins to listen.
   *
   * @param port the port, or 0 for any that is free
   * @returns the endpoint's URL
   */
  async listen(port: number): Promise<string> {
    const server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, resolve);
    });
    this.#server = server;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the endpoint has no port');
    return `http://${HOST}:${address.port}`;
  }

  /** Stops listening; connections that are idle are cut. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const answer = await this.#answer(incoming);
    await this.#options.flushed();
    const bytes = Buffer.from(answer.body, answer.bodyEncoding ?? 'utf8');
    const isHead = incoming.method === 'HEAD';
    const headers = isHead ? answer.headers : { ...answer.headers, 'content-length': String(bytes.length) };
    outgoing.writeHead(answer.status, headers);
    outgoing.end(isHead ? undefined : bytes);
  }

  async #answer(incoming: IncomingMessage): Promise<WireResponse> {
    try {
      const request = await toWire(incoming);
      const { control, functionUrls } = this.#options;
      if (control !== undefined && StackControl.isFor(request)) return await control.answer(request);
      if (functionUrls !== undefined && FunctionUrlRoute.isFor(request))
        return await functionUrls.answer(request);
      const caller = this.#options.accessKeys.principalOf(
        request.headers['authorization'],
        request.query['X-Amz-Credential'],
      );
      return await this.#options.handleRequest(request, caller);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return {
        status: error.status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code },
        body: JSON.stringify({ __type: error.code, message: error.message }),
      };
    }
  }
}

async function toWire(incoming: IncomingMessage): Promise<WireRequest> {
  const url = new URL(incoming.url ?? '/', `http://${HOST}`);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    // As it stands on the wire: `url.pathname` would resolve the dots of an object key.
    path: (incoming.url ?? '/').split('?')[0] ?? '/',
    query: Object.fromEntries(url.searchParams),
    rawQuery: url.search.slice(1),
    headers,
    ...(TEXT.test(headers['content-type'] ?? '')
      ? { body: (await readBody(incoming)).toString('utf8') }
      : { body: (await readBody(incoming)).toString('base64'), bodyEncoding: 'base64' }),
  };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > REQUEST_BYTES_MAX) {
      throw new AwsError('RequestEntityTooLarge', `A request may have at most ${REQUEST_BYTES_MAX} bytes.`, {
        status: 413,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
