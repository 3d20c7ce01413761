import { recordKeyOf } from '@payments/domain';
import type { Authorization, Identifier, Instant, Scheme } from '@payments/schemas';
import { presentMembers } from './mapping/present-members.ts';
import type { ApprovedRow, ContentHash, DeclinedRow } from './ports.ts';

/** An approved authorization that still waits for its token; it lives no longer than one call. */
export interface AwaitingToken {
  readonly cardNumber: string;
  readonly withToken: (token: string) => ApprovedRow;
}

/** What a line came to before its card has a token. */
export type AuthorizationReading = DeclinedRow | AwaitingToken;

/** An approved authorization, in whatever form it came. */
export interface ApprovedAuthorization {
  readonly transactionId: Identifier;
  readonly scheme: Scheme;
  readonly loggedAt: Instant;
  readonly cardNumber: string;
  readonly sequenceNumber: string | undefined;
  readonly authorization: Authorization;
  /** The deduplication key before it is hashed, of the card's token. */
  readonly dedupContent: (token: string) => string;
}

/** An approved authorization that becomes a row as soon as its card has a token. */
export function awaitingToken(
  {
    transactionId,
    scheme,
    loggedAt,
    cardNumber,
    sequenceNumber,
    authorization,
    dedupContent,
  }: ApprovedAuthorization,
  contentHash: ContentHash,
): AwaitingToken {
  const lastFour = cardNumber.slice(-4);
  const withToken = (token: string): ApprovedRow => ({
    outcome: 'APPROVED',
    transactionId,
    scheme,
    loggedAt,
    record: {
      transactionId,
      idempotencyKey: recordKeyOf('AuthorizationLogged', transactionId),
      scheme,
      loggedAt,
      dedupKey: contentHash.hashOf(dedupContent(token)),
      card: presentMembers({ token, lastFour, scheme, sequenceNumber }),
      authorization,
    },
  });
  return { cardNumber, withToken };
}
