import type { InvocationResult } from '../../core/seams.ts';
import type { WireRequest, WireResponse } from '../../transport/wire.ts';
import type { FunctionConfiguration } from './function-host.ts';

/** What a worker thread is told, in lists: one message between threads for all of a turn. */
export type ToWorker =
  | {
      readonly kind: 'load';
      readonly fn: FunctionConfiguration;
      readonly directory: string;
      readonly region: string;
    }
  | { readonly kind: 'unload'; readonly name: string }
  | {
      readonly kind: 'invoke';
      readonly id: number;
      readonly name: string;
      readonly payload: string;
      readonly requestId: string;
      readonly timeoutMs: number;
    }
  /** The invocation's time is over: give its instance up. */
  | { readonly kind: 'abandon'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly response: WireResponse };

/** What a worker thread tells, in lists too. */
export type FromWorker =
  /** A new instance is ready, and its handler begins. */
  | { readonly kind: 'started'; readonly id: number }
  | { readonly kind: 'result'; readonly id: number; readonly result: InvocationResult }
  | { readonly kind: 'abandoned'; readonly id: number }
  /** A function calls an API, with its role. */
  | { readonly kind: 'request'; readonly id: number; readonly name: string; readonly request: WireRequest }
  | { readonly kind: 'log'; readonly name: string; readonly line: string };

/**
 * How many messages are sent together at most. One turn's messages in one piece would make the two threads take
 * turns: whoever gets them answers all of them before the other one hears of the first.
 */
const TOGETHER_MAX = 8;

/**
 * Collects messages and sends those of one turn of the event loop together, a few at a time: waking another
 * thread costs far more than one more message.
 */
export class Outbox<T> {
  readonly #post: (messages: T[]) => void;
  #waiting: T[] = [];
  #scheduled = false;

  constructor(post: (messages: T[]) => void) {
    this.#post = post;
  }

  add(message: T): void {
    this.#waiting.push(message);
    if (this.#waiting.length >= TOGETHER_MAX) this.#send();
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    if (this.#waiting.length === 0) return;
    const messages = this.#waiting;
    this.#waiting = [];
    this.#post(messages);
  }
}
