import { isPanFree, type Merchant } from '@payments/schemas';
import { UnreadableLineError } from '../errors.ts';
import type { Countries } from '../ports.ts';
import { type PairElements, present, valid } from './pair-elements.ts';
import { presentMembers } from './present-members.ts';

/** ISO 8583:1987, DE43: 25 characters of name, 13 of city, 2 of country. */
const CITY_START = 25;
const COUNTRY_START = 38;
/** IPM, 1993 and 2003, DE43: name\street\city\ and then postcode (10), region (3), country (3). */
const SEPARATOR = '\\';
const SEPARATORS_MIN = 3;
const ALPHA2 = /^[A-Z]{2}$/;
const ALPHA3 = /^[A-Z]{3}$/;

/** DE43 of 2003 may be datasets with bitmaps, which hold control characters; they are not read. */
const DATASETS = /\p{Cc}/u;

/** What DE43 says. */
interface NameAndLocation {
  readonly name: string;
  readonly city: string;
  readonly country: string;
}

/**
 * The card acceptor of DE18 (DE26 in 1993 and 2003), DE42 and DE43.
 *
 * @throws UnreadableLineError PAN_IN_FREE_TEXT, MISSING_ELEMENT
 */
export function merchantOf(elements: PairElements, countries: Countries): Merchant {
  const text = elements.required(43);
  if (!isPanFree(text)) throw panInFreeText(43);
  if (elements.version === '2003')
    valid(43, DATASETS.test(text) ? undefined : text, 'is a composite of datasets, which is not read');
  const { name, city, country } = splitNameAndLocation(text);
  return presentMembers({
    name: present(43, textOf(name)),
    categoryCode: elements.required(elements.is1987 ? 18 : 26),
    id: elements.askedText(42),
    city: textOf(city),
    country: countryOf(country, countries),
  });
}

/** Text elements that an authorization carries; nothing else of a message could bring a card number along. */
const CARRIED_TEXT = [37, 38, 41, 42, 43] as const;

/**
 * Refuses a pair that repeats its own card number in a text that is carried on, even where other characters
 * hide it from the Luhn check.
 *
 * @throws UnreadableLineError PAN_IN_FREE_TEXT
 */
export function requireCardNumberAbsent(elements: PairElements, cardNumber: string): void {
  for (const number of CARRIED_TEXT)
    if (elements.asked(number)?.replace(/\D/g, '').includes(cardNumber)) throw panInFreeText(number);
}

function panInFreeText(number: number): UnreadableLineError {
  return new UnreadableLineError('PAN_IN_FREE_TEXT', `DE${number} holds what looks like a card number`);
}

function splitNameAndLocation(text: string): NameAndLocation {
  const parts = text.split(SEPARATOR);
  if (parts.length > SEPARATORS_MIN) {
    const [name = '', , city = '', rest = ''] = parts;
    return { name, city, country: rest.trimEnd().slice(-3) };
  }
  return {
    name: text.slice(0, CITY_START),
    city: text.slice(CITY_START, COUNTRY_START),
    country: text.slice(COUNTRY_START),
  };
}

function textOf(part: string): string | undefined {
  const text = part.trim();
  return text === '' ? undefined : text;
}

/** A country that is no code is left out: what a terminal was set up with does not stop a payment. */
function countryOf(part: string, countries: Countries): string | undefined {
  const code = part.trim().toUpperCase();
  if (ALPHA2.test(code)) return code;
  return ALPHA3.test(code) ? countries.alpha2Of(code) : undefined;
}
