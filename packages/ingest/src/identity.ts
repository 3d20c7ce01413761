import type { InputLine } from '@payments/schemas';
import type { Iso8583Message } from './iso8583/message.ts';
import type { MessagePair } from './mapping/message-pair.ts';
import type { PairElements } from './mapping/pair-elements.ts';

/**
 * What the identity of an authorization is made from: all that the line says, but for what must not be kept, and
 * the last four digits in place of the card number. It does not depend on the vault, so the same line has the
 * same identity in every environment, and a line that is ingested twice is one row.
 */
export function contentOf(line: InputLine, pair: MessagePair, lastFour: string): string {
  const { scheme, wireProfile, loggedAt } = line;
  return JSON.stringify([
    scheme,
    wireProfile,
    loggedAt,
    lastFour,
    ...[pair.request, pair.response].map(listOf),
  ]);
}

function listOf({ mti, elements }: Iso8583Message): readonly unknown[] {
  return [mti, ...elements];
}

/**
 * What two messages of one transaction have in common: scheme, class, card, transmission time, trace number,
 * acquirer, retrieval reference. A repeat (0101) says the same as what it repeats; a reversal is of another
 * class; the same trace number on another day has another transmission time.
 *
 * The amount and its currency are not in the key, although they tell transactions apart as well: the same key
 * with another amount is a conflict and must be found as one, and it could not be found if the amount made
 * another key. Dedup compares the amounts of equal keys.
 */
export function dedupContentOf(scheme: string, elements: PairElements, token: string): string {
  const messageClass = elements.pair.request.mti.charAt(1);
  const parts = [7, 11, 32, 37].map((number) => elements.asked(number) ?? '');
  return [scheme, messageClass, token, ...parts].join('|');
}
