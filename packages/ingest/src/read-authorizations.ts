import { identifierOf } from '@payments/domain';
import { explainProblem, type InputLine, withoutPans } from '@payments/schemas';
import { AuthorizationLoggedRecord } from '@payments/schemas/closed/authorization-logged';
import { InputLine as isInputLine } from '@payments/schemas/closed/input-line';
import { type AuthorizationReading, awaitingToken } from './authorization-reading.ts';
import { TokenContentionError, UnreadableLineError } from './errors.ts';
import { contentOf, dedupContentOf } from './identity.ts';
import { isSameInstant } from './mapping/infer-date.ts';
import { mapAuthorization } from './mapping/map-authorization.ts';
import { requireCardNumberAbsent } from './mapping/merchant.ts';
import { decodePair } from './mapping/message-pair.ts';
import { PairElements } from './mapping/pair-elements.ts';
import { verdictOf } from './mapping/verdict.ts';
import type { AuthorizationRow, ContentHash, Countries, TokenVault, UnreadableRow } from './ports.ts';
import { looksLikeAuthorizationRequest, readAuthorizationRequest } from './read-authorization-request.ts';

/** What reading needs from outside. */
export interface ReadingPorts {
  readonly vault: TokenVault;
  readonly contentHash: ContentHash;
  readonly countries: Countries;
}

/**
 * Reads input lines, each an ISO 8583 request with its response or an authorization request in JSON, as rows of
 * the authorization log. Whatever a line holds, it becomes a row: approved, declined, or unreadable with its reason. No row holds a card number or
 * anything else that must not be kept.
 *
 * @param lines JSON texts in the form of the contract `InputLine` or `AuthorizationRequest`
 * @returns a row for each line, in the same order
 * @throws what the vault throws
 */
export async function readAuthorizations(
  lines: readonly string[],
  ports: ReadingPorts,
): Promise<readonly AuthorizationRow[]> {
  const readings = lines.map((text) => {
    try {
      return readLine(text, ports);
    } catch (error) {
      if (error instanceof UnreadableLineError) return error;
      throw error;
    }
  });
  const waiting = readings.filter((reading) => 'withToken' in reading);
  const tokens =
    waiting.length === 0
      ? new Map<string, string>()
      : await ports.vault.tokensFor(waiting.map(({ cardNumber }) => cardNumber));
  return Promise.all(
    readings.map((reading, index) => {
      const unreadable = (error: UnreadableLineError) =>
        unreadableRow(lines[index] ?? '', error, ports.vault);
      if (reading instanceof UnreadableLineError) return unreadable(reading);
      if (!('withToken' in reading)) return reading;
      const token = tokens.get(reading.cardNumber);
      if (token === undefined) throw new TokenContentionError(undefined);
      const row = reading.withToken(token);
      // What the contract refuses is one unreadable line, and must not fail the write of its neighbours.
      return AuthorizationLoggedRecord(row.record)
        ? row
        : unreadable(new UnreadableLineError('CONTRACT', explainProblem(AuthorizationLoggedRecord)));
    }),
  );
}

/** @throws UnreadableLineError */
function readLine(text: string, { contentHash, countries }: ReadingPorts): AuthorizationReading {
  const value = parseJson(text);
  if (looksLikeAuthorizationRequest(value)) return readAuthorizationRequest(value, contentHash);
  const line = inputLineOf(value);
  const { scheme, loggedAt } = line;
  const { pair, cardNumber, networkTransactionId } = decodePair(line);
  const elements = new PairElements(pair, Date.parse(loggedAt));
  const lastFour = cardNumber.slice(-4);
  const transactionId = identifierOf('authorization', contentHash.hashOf(contentOf(line, pair, lastFour)));
  const verdict = verdictOf(elements);
  if (!verdict.isApproved)
    return { outcome: 'DECLINED', transactionId, scheme, loggedAt, responseCode: verdict.responseCode };

  requireCardNumberAbsent(elements, cardNumber);
  return awaitingToken(
    {
      transactionId,
      scheme,
      loggedAt,
      cardNumber,
      sequenceNumber: elements.asked(23),
      authorization: mapAuthorization(elements, verdict, countries, networkTransactionId),
      dedupContent: (token) => dedupContentOf(scheme, elements, token),
    },
    contentHash,
  );
}

/** @throws UnreadableLineError NOT_JSON */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The message of a JSON error quotes the text, which must not be repeated.
    throw new UnreadableLineError('NOT_JSON', 'the line is not JSON');
  }
}

/** @throws UnreadableLineError INVALID_INPUT_LINE */
function inputLineOf(line: unknown): InputLine {
  if (!isInputLine(line)) throw new UnreadableLineError('INVALID_INPUT_LINE', explainProblem(isInputLine));
  if (!isSameInstant(Date.parse(line.loggedAt), line.loggedAt))
    throw new UnreadableLineError('INVALID_INPUT_LINE', 'loggedAt is no moment in time');
  return line;
}

async function unreadableRow(
  text: string,
  { reason, message }: UnreadableLineError,
  vault: TokenVault,
): Promise<UnreadableRow> {
  const transactionId = identifierOf('unreadable', await vault.fingerprintOf(text));
  // An explanation may name a member of the line, and a line may name a member anything.
  return { outcome: 'UNREADABLE', transactionId, reason, explanation: withoutPans(message) };
}
