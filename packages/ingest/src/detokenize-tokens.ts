import { isPanFree } from '@payments/schemas';
import { IngestRequestError } from './errors.ts';
import type { CardNumbers, DetokenizationAudit } from './ports.ts';

/** Tokens that one invocation takes: what a person asks for, not what a program copies a vault with. */
export const TOKENS_MAX = 20;
/** The form of a token (`randomToken`): first digit 9, as long as a card number. */
const TOKEN = /^9\d{11,18}$/;
/** A reason and a name are written into a log as they are, so they are one line of printable characters. */
const ONE_LINE = /^[ -~]*[!-~][ -~]*$/;
const REASON_LENGTH_MIN = 10;
const REASON_LENGTH_MAX = 200;
const NAME_LENGTH_MAX = 100;
const LAST_DIGITS = 4;

/** What the function answers: a card number for each token, in the same order; null for a token of no card. */
export interface DetokenizedCards {
  readonly cardNumbers: readonly (string | null)[];
}

interface DetokenizeRequest {
  readonly tokens: readonly string[];
  readonly reason: string;
  readonly requestedBy: string;
}

/**
 * Gives the card numbers behind tokens, to who says why. The audit has the request before the vault is read, so there
 * is no answer that it does not know of; who really called is in CloudTrail, beside the name that was given.
 *
 * @param request `{ tokens: string[], reason: string, requestedBy: string }`
 * @throws IngestRequestError for another request; what the vault and the audit throw
 */
export async function detokenizeTokens(
  request: unknown,
  ports: { readonly cardNumbers: CardNumbers; readonly audit: DetokenizationAudit },
): Promise<DetokenizedCards> {
  const { tokens, reason, requestedBy } = requestOf(request);
  const lastFours = tokens.map((token) => token.slice(-LAST_DIGITS));
  await ports.audit.requested({ reason, requestedBy, lastFours });
  const found = await ports.cardNumbers.numbersOf(tokens);
  await ports.audit.answered({
    reason,
    requestedBy,
    count: tokens.filter((token) => found.has(token)).length,
  });
  return { cardNumbers: tokens.map((token) => found.get(token) ?? null) };
}

/** @throws IngestRequestError; it repeats nothing of what was given */
function requestOf(request: unknown): DetokenizeRequest {
  const { tokens, reason, requestedBy } = (
    typeof request === 'object' && request !== null ? request : {}
  ) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(tokens) || tokens.length === 0)
    throw new IngestRequestError('the request is not { tokens: [], reason, requestedBy }');
  if (tokens.length > TOKENS_MAX)
    throw new IngestRequestError(`${tokens.length} tokens are more than ${TOKENS_MAX}`);
  return {
    tokens: tokens.map((token: unknown, index) => {
      if (typeof token !== 'string' || !TOKEN.test(token))
        throw new IngestRequestError(`number ${index} of the list is no token`);
      return token;
    }),
    reason: lineOf(reason, 'reason', REASON_LENGTH_MIN, REASON_LENGTH_MAX),
    requestedBy: lineOf(requestedBy, 'requestedBy', 1, NAME_LENGTH_MAX),
  };
}

function lineOf(value: unknown, member: string, min: number, max: number): string {
  if (typeof value !== 'string' || value.length < min || value.length > max || !ONE_LINE.test(value))
    throw new IngestRequestError(`${member} is not one line of ${min} to ${max} characters`);
  if (!isPanFree(value)) throw new IngestRequestError(`${member} holds what looks like a card number`);
  return value;
}
