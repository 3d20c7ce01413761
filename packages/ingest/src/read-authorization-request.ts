import { currencyOf, identifierOf, UnknownCurrencyError } from '@payments/domain';
import { type Authorization, type AuthorizationRequest, explainProblem } from '@payments/schemas';
import { AuthorizationRequest as isAuthorizationRequest } from '@payments/schemas/closed/authorization-request';
import { type AuthorizationReading, awaitingToken } from './authorization-reading.ts';
import { canonicalJson } from './canonical-json.ts';
import { UnreadableLineError } from './errors.ts';
import { isSameInstant } from './mapping/infer-date.ts';
import { isApprovedResponse } from './mapping/verdict.ts';
import type { ContentHash } from './ports.ts';

/** Second and third digit of the MTI, and what the contract calls them. */
const MESSAGE_CLASSES: Readonly<Record<string, Authorization['messageClass']>> = {
  '1': 'AUTHORIZATION',
  '2': 'FINANCIAL',
  '4': 'REVERSAL',
};
const MESSAGE_FUNCTIONS: Readonly<Record<string, Authorization['messageFunction']>> = {
  '0': 'REQUEST',
  '2': 'ADVICE',
  '4': 'NOTIFICATION',
};
/** `MMDDhhmmss`, as DE7 has it. */
const TRANSMITTED_LENGTH = 10;

/** True for a value that is meant as an authorization request, whether or not it is a good one. */
export function looksLikeAuthorizationRequest(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('authorization' in value || 'card' in value);
}

/**
 * Reads an authorization as a platform sends it in JSON. It becomes what an ISO 8583 pair that says the same
 * becomes, with the same deduplication key: a transaction that comes both ways is found out as a duplicate.
 *
 * @param value what should keep the contract `AuthorizationRequest`
 * @throws UnreadableLineError naming the member
 */
export function readAuthorizationRequest(value: unknown, contentHash: ContentHash): AuthorizationReading {
  if (!isAuthorizationRequest(value)) throw invalid(explainProblem(isAuthorizationRequest));
  const { scheme, loggedAt, card, authorization } = value;
  requireConsistent(value);
  const transactionId = identifierOf('authorization', contentHash.hashOf(contentOf(value)));
  const { responseCode } = authorization;
  if (!isApprovedResponse(responseCode))
    return { outcome: 'DECLINED', transactionId, scheme, loggedAt, responseCode };
  requireCardNumberAbsent(authorization, card.number, 'authorization');
  return awaitingToken(
    {
      transactionId,
      scheme,
      loggedAt,
      cardNumber: card.number,
      sequenceNumber: card.sequenceNumber,
      authorization,
      dedupContent: (token) => dedupContentOf(value, token),
    },
    contentHash,
  );
}

/** The identity of the request: all that it says, with the last four digits in place of the card number. */
function contentOf({ scheme, loggedAt, card, authorization }: AuthorizationRequest): string {
  const { number, sequenceNumber = '' } = card;
  return canonicalJson(['JSON', scheme, loggedAt, number.slice(-4), sequenceNumber, authorization]);
}

/** The same parts as those of an ISO 8583 pair: `dedupContentOf` in identity.ts. */
function dedupContentOf({ scheme, authorization }: AuthorizationRequest, token: string): string {
  const { mti, transmittedAt, stan, acquirerId, retrievalReference = '' } = authorization;
  const transmitted = transmittedAt.replace(/\D/g, '').slice('YYYY'.length).slice(0, TRANSMITTED_LENGTH);
  return [scheme, mti.charAt(1), token, transmitted, stan, acquirerId, retrievalReference].join('|');
}

/** What the contract cannot say: that members agree, that moments exist, that currencies are known. */
function requireConsistent({ loggedAt, authorization }: AuthorizationRequest): void {
  const { mti, messageClass, messageFunction, transmittedAt, original } = authorization;
  if (MESSAGE_CLASSES[mti.charAt(1)] !== messageClass)
    throw invalid('authorization.messageClass is not that of authorization.mti');
  if (MESSAGE_FUNCTIONS[mti.charAt(2)] !== messageFunction)
    throw invalid('authorization.messageFunction is not that of authorization.mti');
  const moments = {
    loggedAt,
    'authorization.transmittedAt': transmittedAt,
    'authorization.original.transmittedAt': original?.transmittedAt,
  };
  for (const [member, moment] of Object.entries(moments)) {
    if (moment !== undefined && !isSameInstant(Date.parse(moment), moment))
      throw invalid(`${member} is no moment in time`);
  }
  // ISO 20022 knows no card acceptor without one (cain `Accptr/Id`), so that it could be taken and never standardized.
  if (authorization.merchant.id === undefined) throw invalid('authorization.merchant.id is missing');
  requireKnownCurrencies(authorization, 'authorization');
}

function requireKnownCurrencies(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'currency' && typeof member === 'string') {
      try {
        currencyOf(member);
      } catch (error) {
        if (!(error instanceof UnknownCurrencyError)) throw error;
        throw new UnreadableLineError('UNKNOWN_CURRENCY', `${path}.currency is no currency that we know`);
      }
    } else requireKnownCurrencies(member, `${path}.${name}`);
  }
}

/** Refuses a request that repeats its card number where other characters hide it from the Luhn check. */
function requireCardNumberAbsent(value: unknown, cardNumber: string, path: string): void {
  if (typeof value === 'string' && value.replace(/\D/g, '').includes(cardNumber))
    throw new UnreadableLineError('PAN_IN_FREE_TEXT', `${path} holds what looks like a card number`);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value))
    requireCardNumberAbsent(member, cardNumber, `${path}.${name}`);
}

function invalid(explanation: string): UnreadableLineError {
  return new UnreadableLineError('INVALID_INPUT_LINE', explanation);
}
