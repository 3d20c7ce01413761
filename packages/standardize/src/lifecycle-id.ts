import type { TransactionAuthorizedRecord } from '@payments/schemas';

/** Between the parts of an id: not a blank or a dash, over which a scanner would join digits to a card number. */
const SEPARATOR = '.';
/** The digits of a trace number that every version of ISO 8583 has; the 2003 version has up to twelve. */
const TRACE_DIGITS = 6;

/**
 * The id that an authorization, its increments, its completion and its reversals share, from the best that the
 * network gives:
 *
 * 1. the network's own id of the life cycle (DE62.2 / DE63), within its scheme;
 * 2. else the retrieval reference number (DE37), which all of them repeat, within scheme, acquirer and card:
 *    two terminals of one acquirer may use one number, two cards at the same moment do not;
 * 3. else system trace number and transmission time (DE11, DE7), which a reversal or a completion repeats in DE90.
 *
 * All three hold on both sides only when the network sends the same elements with both messages.
 *
 * @returns at most 73 printable ASCII characters
 */
export function lifecycleIdOf({ scheme, card, authorization }: TransactionAuthorizedRecord): string {
  const { networkTransactionId, retrievalReference, acquirerId } = authorization;
  if (networkTransactionId !== undefined) return [scheme, networkTransactionId].join(SEPARATOR);
  if (retrievalReference !== undefined)
    return [scheme, acquirerId, retrievalReference, card.token].join(SEPARATOR);
  const { stan, transmittedAt } = firstMessageOf(authorization);
  return [scheme, acquirerId, stan.slice(-TRACE_DIGITS), de7Of(transmittedAt), card.token].join(SEPARATOR);
}

/** What names the first message: the original where one is named with its time, else the message itself. */
function firstMessageOf({ original, stan, transmittedAt }: TransactionAuthorizedRecord['authorization']): {
  readonly stan: string;
  readonly transmittedAt: string;
} {
  if (original?.transmittedAt === undefined) return { stan, transmittedAt };
  return { stan: original.stan, transmittedAt: original.transmittedAt };
}

/** MMDDhhmmss, as DE7 carries it: of an RFC 3339 instant everything after the year, without punctuation. */
function de7Of(instant: string): string {
  return instant.slice('YYYY-'.length, 'YYYY-MM-DDThh:mm:ss'.length).replace(/\D/g, '');
}
