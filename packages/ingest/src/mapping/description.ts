import { CardNumberGuard } from '../iso8583/card-number-guard.ts';
import type { PairElements } from './pair-elements.ts';

/** The transaction description of 1987 and 1993; 2003 has datasets of its own there, which leave the message. */
export const DESCRIPTION_ELEMENT = 104;
/** Some networks put binary datasets where the standard has text. */
const DATASETS = /\p{Cc}/u;

/**
 * Says whether a description holds the card number of its message, whatever stands between the digits and also in
 * hex, or anything else that looks like one: networks put the account of a money transfer's sender there, which may
 * be a card.
 */
export function namesCard(description: string, cardNumber: string): boolean {
  return new CardNumberGuard([{ number: 2, value: cardNumber, byteOffset: 0 }]).holdsCardNumber(description);
}

/**
 * DE104 as text without the blanks around it. What is no text is left out: no payment fails for what describes it.
 *
 * @param elements of a pair from which descriptions that name a card are gone (`decodePair`)
 */
export function descriptionOf(elements: PairElements): string | undefined {
  const text = elements.askedText(DESCRIPTION_ELEMENT);
  return text === undefined || DATASETS.test(text) ? undefined : text;
}
