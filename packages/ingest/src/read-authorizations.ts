import { identifierOf, recordKeyOf } from '@payments/domain';
import { explainProblem, type InputLine, withoutPans } from '@payments/schemas';
import { AuthorizationLoggedRecord } from '@payments/schemas/closed/authorization-logged';
import { InputLine as isInputLine } from '@payments/schemas/closed/input-line';
import { TokenContentionError, UnreadableLineError } from './errors.ts';
import { contentOf, dedupContentOf } from './identity.ts';
import { isSameInstant } from './mapping/infer-date.ts';
import { mapAuthorization } from './mapping/map-authorization.ts';
import { requireCardNumberAbsent } from './mapping/merchant.ts';
import { decodePair } from './mapping/message-pair.ts';
import { PairElements } from './mapping/pair-elements.ts';
import { presentMembers } from './mapping/present-members.ts';
import { verdictOf } from './mapping/verdict.ts';
import type {
  ApprovedRow,
  AuthorizationRow,
  ContentHash,
  Countries,
  DeclinedRow,
  TokenVault,
  UnreadableRow,
} from './ports.ts';

/** What reading needs from outside. */
export interface ReadingPorts {
  readonly vault: TokenVault;
  readonly contentHash: ContentHash;
  readonly countries: Countries;
}

/** An approved authorization that still waits for its token; it lives no longer than one call. */
interface AwaitingToken {
  readonly cardNumber: string;
  readonly withToken: (token: string) => ApprovedRow;
}

/**
 * Reads input lines, each an ISO 8583 request with its response, as rows of the authorization log. Whatever a
 * line holds, it becomes a row: approved, declined, or unreadable with its reason. No row holds a card number or
 * anything else that must not be kept.
 *
 * @param lines JSON texts in the form of the contract `InputLine`
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
function readLine(text: string, { contentHash, countries }: ReadingPorts): DeclinedRow | AwaitingToken {
  const line = parseLine(text);
  const { scheme, loggedAt } = line;
  const { pair, cardNumber } = decodePair(line);
  const elements = new PairElements(pair, Date.parse(loggedAt));
  const lastFour = cardNumber.slice(-4);
  const transactionId = identifierOf('authorization', contentHash.hashOf(contentOf(line, pair, lastFour)));
  const verdict = verdictOf(elements);
  if (!verdict.isApproved)
    return { outcome: 'DECLINED', transactionId, scheme, loggedAt, responseCode: verdict.responseCode };

  requireCardNumberAbsent(elements, cardNumber);
  const authorization = mapAuthorization(elements, verdict, countries);
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
      dedupKey: contentHash.hashOf(dedupContentOf(scheme, elements, token)),
      card: presentMembers({ token, lastFour, scheme, sequenceNumber: elements.asked(23) }),
      authorization,
    },
  });
  return { cardNumber, withToken };
}

/** @throws UnreadableLineError NOT_JSON, INVALID_INPUT_LINE */
function parseLine(text: string): InputLine {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    // The message of a JSON error quotes the text, which must not be repeated.
    throw new UnreadableLineError('NOT_JSON', 'the line is not JSON');
  }
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
