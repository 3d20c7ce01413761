import { type Find, isCardNumber } from './find.ts';
import { CARD_DIGITS_MAX, CARD_DIGITS_MIN } from './issuer-ranges.ts';

/** Digits with single blanks or dashes between them, as many as a card number has or more. */
const DIGIT_RUN = /\d(?:[ -]?\d){12,}/g;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const UUID_FILLER = '~'.repeat(36);
/** From here on a word of hexadecimal digits alone, letters among them, is a hash or an id and no card. */
const HEX_WORD_MIN = 20;
const HEX_WORD = /^(?=.*[a-f])[0-9a-f]+$/i;
/** What stands before the fraction of a decimal number; a life cycle id has dots too, but more of them. */
const WHOLE_PART = /(?:^|[^\w.])-?\d{1,7}\.$/;
const WHOLE_PART_MAX = 10;
/** A length that stands before a number of that many digits: ISO 8583 DE2 is LLVAR. */
const LENGTH_DIGITS = 2;

/**
 * The card numbers in a text: together, or in groups with single blanks or dashes between them. Digits that are part
 * of a UUID, of a longer word of hexadecimal digits or of a decimal fraction are none; of more digits than a card has,
 * those are one that stand after their own count, as in an ISO 8583 message.
 */
export function cardNumbersIn(text: string): Find[] {
  const finds: Find[] = [];
  const withoutIds = text.replace(UUID, UUID_FILLER);
  for (const match of withoutIds.matchAll(DIGIT_RUN)) {
    const run = match[0];
    if (isFraction(withoutIds, match.index)) continue;
    for (const { at, length, digits } of candidatesIn(run)) {
      const start = match.index + at;
      if (isCardNumber(digits) && !isInHexWord(withoutIds, start, start + length))
        finds.push({ kind: 'card number', at: start, length, digits });
    }
  }
  return finds;
}

interface Candidate {
  readonly at: number;
  readonly length: number;
  readonly digits: string;
}

/** Every sequence of whole groups: a number that stands beside a card number must not hide it. */
function* candidatesIn(run: string): Generator<Candidate> {
  const groups = [...run.matchAll(/\d+/g)];
  for (const [first, group] of groups.entries()) {
    let digits = '';
    // Every group has a digit, so no more groups than these can matter.
    for (const next of groups.slice(first, first + CARD_DIGITS_MAX)) {
      digits += next[0];
      if (digits.length > CARD_DIGITS_MAX) break;
      if (digits.length >= CARD_DIGITS_MIN)
        yield { at: group.index, length: next.index + next[0].length - group.index, digits };
    }
    if (group[0].length > CARD_DIGITS_MAX)
      for (const counted of countedIn(group[0])) yield { ...counted, at: group.index + counted.at };
  }
}

/** Digits after their own count, in digits that are more than a card number has. */
export function* countedIn(digits: string): Generator<Candidate> {
  for (let at = 0; at + LENGTH_DIGITS + CARD_DIGITS_MIN <= digits.length; at += 1) {
    const count = Number(digits.slice(at, at + LENGTH_DIGITS));
    if (count < CARD_DIGITS_MIN || count > CARD_DIGITS_MAX) continue;
    const counted = digits.slice(at + LENGTH_DIGITS, at + LENGTH_DIGITS + count);
    if (counted.length === count) yield { at: at + LENGTH_DIGITS, length: count, digits: counted };
  }
}

function isFraction(text: string, at: number): boolean {
  return text[at - 1] === '.' && WHOLE_PART.test(text.slice(Math.max(0, at - WHOLE_PART_MAX), at));
}

/** Looks at the words at both ends of the digits: groups with dashes between them may be parts of an id. */
function isInHexWord(text: string, start: number, end: number): boolean {
  let from = start;
  let to = end;
  while (from > 0 && isWordCharacter(text.charCodeAt(from - 1))) from -= 1;
  while (to < text.length && isWordCharacter(text.charCodeAt(to))) to += 1;
  const words = text.slice(from, to).split(/[ -]/);
  const [first = ''] = words;
  const last = words.at(-1) ?? '';
  if (words.length > 1) return HEX_WORD.test(first) || HEX_WORD.test(last);
  return first.length >= HEX_WORD_MIN && HEX_WORD.test(first);
}

function isWordCharacter(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
