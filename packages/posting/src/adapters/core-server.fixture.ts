import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the core behaves at one call. */
export type Behaviour =
  | 'ok'
  /** Books, and the answer never comes. */
  | 'book-and-lose'
  /** Books, and the connection breaks. */
  | 'book-and-reset'
  | 'reset'
  | 'slow'
  | 'error'
  | 'garbage'
  /** Books, and what answers is not its answer. */
  | 'book-and-garbage'
  | 'busy'
  | 'unauthorized'
  | 'in-progress';

/** A call as it came. */
export interface Call {
  readonly method: string;
  readonly key: string;
  readonly body: string;
  readonly authorization: string | undefined;
}

/**
 * A bank's core on a real socket that misbehaves by a script: each POST takes the next behaviour, and behaves well
 * when there is none. It books a key once; a second posting of it is a conflict (409) that says the reference or,
 * when it is taciturn, does not.
 */
export class CoreServer {
  readonly booked = new Map<string, string>();
  readonly calls: Call[] = [];
  readonly script: Behaviour[] = [];
  /** Bodies that hold this are refused as business. */
  refuses: string | undefined;
  taciturn = false;
  /** Whether a posting can be asked for by its reference. */
  answersGet = true;
  /** What 429 and 503 say in Retry-After. */
  retryAfter: string | undefined;
  readonly #server: Server = createServer((request, response) => void this.#handle(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/postings`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const { method = '', url = '', headers } = request;
    const key = method === 'GET' ? (url.split('/').at(-1) ?? '') : String(headers['idempotency-key']);
    this.calls.push({ method, key, body, authorization: headers.authorization });
    if (method === 'GET') this.#answerQuestion(key, response);
    else this.#behave(this.script.shift() ?? 'ok', key, body, response);
  }

  #answerQuestion(key: string, response: ServerResponse): void {
    if (!this.answersGet) answer(response, 405, {});
    else if (this.booked.has(key)) answer(response, 200, { reference: referenceOf(key) });
    else answer(response, 404, {});
  }

  #behave(behaviour: Behaviour, key: string, body: string, response: ServerResponse): void {
    if (behaviour.startsWith('book-and-')) this.#book(key, body);
    switch (behaviour) {
      case 'ok':
        this.#post(key, body, response);
        return;
      case 'slow':
      case 'book-and-lose':
        return;
      case 'reset':
      case 'book-and-reset':
        response.socket?.resetAndDestroy();
        return;
      case 'error':
        answer(response, 500, { error: 'boom' }, this.retryAfter);
        return;
      case 'busy':
        answer(response, 429, {}, this.retryAfter);
        return;
      case 'unauthorized':
        answer(response, 401, {});
        return;
      case 'in-progress':
        answer(response, 409, {});
        return;
      default:
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>{"reference":');
    }
  }

  #post(key: string, body: string, response: ServerResponse): void {
    if (this.refuses !== undefined && body.includes(this.refuses)) {
      answer(response, 422, { reason: 'account closed', explanation: 'card 4111 1111 1111 1111\nis closed' });
    } else if (this.booked.has(key)) {
      answer(response, 409, this.taciturn ? {} : { reference: referenceOf(key) });
    } else {
      this.#book(key, body);
      answer(response, 201, { reference: referenceOf(key) });
    }
  }

  /** A key that comes again comes with the same body. */
  #book(key: string, body: string): void {
    const before = this.booked.get(key);
    if (before === undefined) this.booked.set(key, body);
    else if (before !== body) throw new Error(`${key} came with another body`);
  }
}

/** What the core calls a posting. */
export function referenceOf(key: string): string {
  return `CORE-${key.slice(0, 8)}`;
}

function answer(response: ServerResponse, status: number, content: unknown, retryAfter?: string): void {
  const headers = {
    'content-type': 'application/json',
    ...(retryAfter ? { 'retry-after': retryAfter } : {}),
  };
  response.writeHead(status, headers).end(JSON.stringify(content));
}
