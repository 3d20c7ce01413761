import { isPanFree, passesLuhn } from '@payments/schemas';
import { LATIN1_TO_CP500 } from './cp500.ts';
import { hexOf } from './hex.ts';
import type { InspectedElement } from './inspect-message.ts';

/** Elements that begin with a card number, each with what ends it: DE2, tracks 2, 3 and 1. */
const CARD_NUMBER_PLACES: ReadonlyMap<number, RegExp> = new Map([
  [2, /^(\d{8,19})/],
  [35, /^(\d{8,19})/],
  [36, /^\d{0,2}(\d{12,19})/],
  [45, /^[A-Z%]{0,2}(\d{12,19})/],
]);
const CARD_NUMBER = /^\d{12,19}$/;

/** Knows the card numbers of a message and keeps them out of what is shown of it. */
export class CardNumberGuard {
  /** The card numbers as digits, and as hex of their ASCII and EBCDIC bytes, without what stands between digits. */
  readonly #secrets: readonly string[];
  /** Whether DE2, where there is one, is a card number: if not, the elements may have slipped. */
  readonly isPlausible: boolean;

  constructor(elements: readonly InspectedElement[]) {
    const numbers = new Set<string>();
    for (const { number, value } of elements) {
      const found = CARD_NUMBER_PLACES.get(number)?.exec(value)?.[1];
      if (found !== undefined) numbers.add(found);
    }
    this.#secrets = [...numbers].flatMap((digits) => [
      digits,
      hexText(digits, (code) => code),
      hexText(digits, (code) => LATIN1_TO_CP500[code] ?? code),
    ]);
    const said = elements.find(({ number }) => number === 2)?.value;
    this.isPlausible = said !== undefined && CARD_NUMBER.test(said) && passesLuhn(said);
  }

  /** Says whether a text holds a card number: one of this message, in digits or in hex, or any that passes Luhn. */
  holdsCardNumber(text: string): boolean {
    return !isPanFree(text) || this.holdsOwnCardNumber(text);
  }

  /** As above, for digits of a fixed form, one in ten of which pass Luhn by chance. */
  holdsOwnCardNumber(text: string): boolean {
    const compact = text.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
    const digits = text.replace(/\D/g, '');
    return this.#secrets.some((secret) => compact.includes(secret) || digits.includes(secret));
  }
}

function hexText(digits: string, byteOf: (code: number) => number): string {
  return [...digits].map((digit) => hexOf(byteOf(digit.charCodeAt(0)))).join('');
}
