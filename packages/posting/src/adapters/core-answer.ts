import { withoutPans } from '@payments/schemas';

/** What an answer of the core says of a sequence. */
export type CoreAnswer =
  | { readonly kind: 'booked'; readonly reference: string }
  /** Refused for good, for a reason of business. */
  | { readonly kind: 'refused'; readonly reason: string; readonly explanation: string }
  /** Under way, or booked before under a reference that the answer does not say. */
  | { readonly kind: 'conflict' }
  /** Nothing about the sequence; `failing` when the core itself is not well. */
  | {
      readonly kind: 'unclear';
      readonly what: string;
      readonly failing: boolean;
      readonly retryAfterMs?: number;
    };

/** An answer as it came. */
export interface CoreResponse {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | null;
}

/** Where an answer says what: dotted paths of a posting mapping. */
export interface AnswerPaths {
  readonly reference: string;
  readonly reason?: string;
  readonly explanation?: string;
}

/** A reference of `schemas/events/transaction-posted.v1.json`. */
const REFERENCE = /^[\x21-\x7e]{1,64}$/;
/** A reason and an explanation of `schemas/events/transaction-posting-failed.v1.json`. */
const REASON = /^[A-Z][A-Z0-9_]{2,59}$/;
const EXPLANATION_MAX = 140;

/**
 * Answers that speak of the way to the core, not of what was posted: who we are, where we asked, how often. The
 * sequence is none the worse, and is posted when that is put right.
 */
const ABOUT_THE_CALL = new Set([401, 403, 404, 405, 407, 408, 421, 425, 429]);
const CONFLICT = 409;
const TOO_MANY = 429;

/**
 * Reads what a core answered to a posting.
 *
 * @param now epoch milliseconds, for a Retry-After that is a date
 */
export function readAnswer(answer: CoreResponse, paths: AnswerPaths, now: number): CoreAnswer {
  const { status } = answer;
  const content = jsonOf(answer.body);
  const reference = textAt(content, paths.reference);
  const known = reference !== undefined && REFERENCE.test(reference) ? reference : undefined;
  if (status >= 200 && status < 300) {
    if (known !== undefined) return { kind: 'booked', reference: known };
    // Whatever answered so was perhaps not the core: a page of a proxy, an answer that was cut off.
    return { kind: 'unclear', what: `${status} without a reference at ${paths.reference}`, failing: true };
  }
  if (status === CONFLICT)
    return known === undefined ? { kind: 'conflict' } : { kind: 'booked', reference: known };
  if (status >= 400 && status < 500 && !ABOUT_THE_CALL.has(status)) return refusalIn(content, status, paths);
  const retryAfterMs = millisecondsUntil(answer.retryAfter, now);
  return {
    kind: 'unclear',
    what: `status ${status}`,
    failing: status !== TOO_MANY,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function refusalIn(content: unknown, status: number, paths: AnswerPaths): CoreAnswer {
  const reason = textAt(content, paths.reason)
    ?.toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_');
  const text = (textAt(content, paths.explanation) ?? '').replace(/\p{Cc}+/gu, ' ').slice(0, EXPLANATION_MAX);
  const said = withoutPans(text).trim();
  return {
    kind: 'refused',
    reason: reason !== undefined && REASON.test(reason) ? reason : `CORE_REFUSED_${status}`,
    explanation: said === '' ? `the core answered with status ${status}` : said,
  };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function textAt(content: unknown, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  let value = content;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** Retry-After is a number of seconds or a date (RFC 9110, 10.2.3). */
function millisecondsUntil(retryAfter: string | null, now: number): number | undefined {
  if (retryAfter === null) return undefined;
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
