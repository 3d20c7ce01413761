import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleType,
} from 'cockatiel';
import { CoreUnavailableError } from '../errors.ts';
import type { BearerToken, Clock } from '../ports.ts';
import { type AnswerPaths, type CoreAnswer, type CoreResponse, readAnswer } from './core-answer.ts';

/** How a bank's core is reached. */
export interface CoreSettings {
  /** Where postings are sent with POST; below it, each is found with GET by its sequence id. */
  readonly url: string;
  /** How long one call may take. */
  readonly timeoutMilliseconds: number;
  /** How often a posting is sent in one run before its sequence goes back to the queue. */
  readonly attempts: number;
  /** Consecutive failures after which the core is left alone. */
  readonly failuresToOpen: number;
  /** For so long; then one call tries. */
  readonly openMilliseconds: number;
}

/** What is known of a sequence after the calls of one run. */
export type CoreResult =
  | Exclude<CoreAnswer, { kind: 'unclear' | 'conflict' }>
  | { readonly kind: 'unknown'; readonly cause: unknown };

/** A posting as it is sent. */
export interface CoreRequest {
  /** The sequence's id: what is sent again under it is booked once. */
  readonly key: string;
  readonly body: string;
}

/** The first pause before a posting is sent again; it doubles. */
const BACK_OFF_MS = 50;
const NOT_FOUND = 404;
/** Answers to a GET that say that there is no such question, not that there is no such posting. */
const NOT_OFFERED = new Set([405, 501]);

/**
 * Sends postings to a core over HTTP, one at a time and as often as it takes: a timeout for each call, pauses that
 * double or are as long as the core asks, and a circuit breaker that leaves a core alone that fails. No answer is
 * never taken for a refusal: the core may have booked.
 */
export class HttpCoreClient {
  readonly #settings: CoreSettings;
  readonly #paths: AnswerPaths;
  readonly #clock: Clock;
  readonly #token: BearerToken | undefined;
  readonly #circuit: CircuitBreakerPolicy;

  constructor(settings: CoreSettings, paths: AnswerPaths, clock: Clock, token?: BearerToken) {
    this.#settings = settings;
    this.#paths = paths;
    this.#clock = clock;
    this.#token = token;
    this.#circuit = circuitBreaker(handleType(CoreUnavailableError), {
      halfOpenAfter: settings.openMilliseconds,
      breaker: new ConsecutiveBreaker(settings.failuresToOpen),
    });
  }

  /**
   * Posts until the core says what became of it, the attempts are used up, or the time is.
   *
   * @param deadline epoch milliseconds after which nothing is begun
   */
  async post(request: CoreRequest, deadline: number): Promise<CoreResult> {
    let cause: unknown = new CoreUnavailableError('there was no time left to ask it');
    for (let attempt = 1; attempt <= this.#settings.attempts; attempt += 1) {
      if (this.#clock.now() >= deadline) break;
      try {
        const answer = await this.#circuit.execute(() => this.#ask(request, deadline));
        if (answer.kind === 'booked' || answer.kind === 'refused') return answer;
        cause = unavailable(answer);
      } catch (error) {
        cause = error;
        if (!(error instanceof CoreUnavailableError || error instanceof BrokenCircuitError)) throw error;
        // The circuit is open: the queue gives the sequence again when the core has had its rest.
        if (error instanceof BrokenCircuitError) break;
      }
      const { retryAfterMs = 0 } = cause instanceof CoreUnavailableError ? cause : {};
      const pause = Math.max(BACK_OFF_MS * 2 ** (attempt - 1), retryAfterMs);
      if (attempt === this.#settings.attempts || this.#clock.now() + pause >= deadline) break;
      await this.#clock.sleep(pause);
    }
    return { kind: 'unknown', cause };
  }

  /** @throws CoreUnavailableError when the core is not well, which the circuit breaker counts */
  async #ask({ key, body }: CoreRequest, deadline: number): Promise<CoreAnswer> {
    const response = await this.#call(this.#settings.url, deadline, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body,
    });
    const answer = this.#read(response);
    if (answer.kind === 'booked' || answer.kind === 'unclear') return answer;
    return this.#find(key, deadline, answer);
  }

  /**
   * Asks for a posting by its reference: the core has said that it knows it without saying more, or refuses it. What
   * is refused may be booked all the same, from before: when its answer was lost and it is now sent in another form.
   */
  async #find(
    key: string,
    deadline: number,
    said: Extract<CoreAnswer, { kind: 'conflict' | 'refused' }>,
  ): Promise<CoreAnswer> {
    const { url } = this.#settings;
    const response = await this.#call(`${url.replace(/\/$/, '')}/${encodeURIComponent(key)}`, deadline, {});
    if (response.status === NOT_FOUND) return said;
    // Who cannot be asked is taken at his word.
    if (NOT_OFFERED.has(response.status))
      return said.kind === 'conflict' ? { kind: 'booked', reference: key } : said;
    const found = this.#read(response);
    return found.kind === 'booked' || found.kind === 'unclear' ? found : said;
  }

  /** @throws CoreUnavailableError when the answer says that the core is not well */
  #read(response: CoreResponse): CoreAnswer {
    const read = readAnswer(response, this.#paths, this.#clock.now());
    if (read.kind === 'unclear' && read.failing) throw unavailable(read);
    return read;
  }

  /** @throws CoreUnavailableError when there is no answer in time */
  async #call(url: string, deadline: number, request: RequestInit): Promise<CoreResponse> {
    const token = await this.#authorization();
    const left = deadline - this.#clock.now();
    if (left <= 0) throw new CoreUnavailableError('there was no time left to ask it');
    try {
      const response = await fetch(url, {
        ...request,
        headers: { accept: 'application/json', ...token, ...request.headers },
        // A posting is sent where the environment says, and nowhere else.
        redirect: 'manual',
        signal: AbortSignal.timeout(Math.min(this.#settings.timeoutMilliseconds, left)),
      });
      const retryAfter = response.headers.get('retry-after');
      return { status: response.status, body: await response.text(), retryAfter };
    } catch (cause) {
      throw new CoreUnavailableError(messageOf(cause), { cause });
    }
  }

  async #authorization(): Promise<Record<string, string>> {
    if (this.#token === undefined) return {};
    try {
      return { authorization: `Bearer ${await this.#token.current()}` };
    } catch (cause) {
      throw new CoreUnavailableError('the token to ask it with cannot be had', { cause });
    }
  }
}

function unavailable(answer: Extract<CoreAnswer, { kind: 'unclear' | 'conflict' }>): CoreUnavailableError {
  if (answer.kind === 'conflict') return new CoreUnavailableError('it has the posting under way');
  return new CoreUnavailableError(answer.what, { retryAfterMs: answer.retryAfterMs });
}

/** What `fetch` says of a connection is in the cause of what it throws. */
function messageOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? `${inner.name}: ${inner.message}` : String(inner);
}
