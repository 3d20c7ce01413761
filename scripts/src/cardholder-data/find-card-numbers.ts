import { type Find, isCardNumber } from './find.ts';
import { CARD_DIGITS_MAX, CARD_DIGITS_MIN } from './issuer-ranges.ts';

/** Digits with single blanks or dashes between them, as many as a card number has or more. */
const DIGIT_RUN = /\d(?:[ -]?\d){12,}/g;
/** UUIDs and W3C trace parents: in the pages of a database, other text may stand directly beside one. */
const ID =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}/gi;
/** From here on hexadecimal digits, letters among them, are a hash or an id and no card with a few letters beside it. */
const HEX_RUN_MIN = 24;
const HEX_LETTER = /[a-f]/i;
const FILLER = '~';
/** What stands before the fraction of a decimal number; a life cycle id has dots too, but more of them. */
const WHOLE_PART = /(?:^|[^\w.])-?\d{1,7}\.$/;
const WHOLE_PART_MAX = 10;
/** What separates values in text: a printable sign that is neither letter nor digit, nor the dash within an id. */
const DELIMITER = /^[ -,./:-@[-`{-~]$/;
/**
 * So much text there must be before a number where it is cut apart: a page number that is written over old text has
 * four bytes, of which the last may pass for a sign.
 */
const CONTEXT_LENGTH = 4;
const PRINTABLE = /^[ -~]+$/;
/** A length that stands before a number of that many digits: ISO 8583 DE2 is LLVAR. */
const LENGTH_DIGITS = 2;

/**
 * The card numbers in a text: together, or in groups with single blanks or dashes between them. Digits that are part
 * of a UUID, of a longer run of hexadecimal digits or of a decimal fraction are none; of more digits than a card has,
 * those are one that stand after their own count, as in an ISO 8583 message.
 *
 * @param isCut the text is cut apart at unknown places, so that an id may have lost what shows that it is one: digits
 * count then only where they stand between signs of the text
 */
export function cardNumbersIn(text: string, isCut = false): Find[] {
  const finds: Find[] = [];
  const withoutIds = text.replace(ID, (id) => FILLER.repeat(id.length));
  for (const match of withoutIds.matchAll(DIGIT_RUN)) {
    const run = match[0];
    if (isFraction(withoutIds, match.index)) continue;
    for (const { at, length, digits } of candidatesIn(run)) {
      const start = match.index + at;
      const end = start + length;
      if (!isCardNumber(digits) || isInHex(withoutIds, start, end)) continue;
      if (!isCut || standsInText(withoutIds, start, end))
        finds.push({ kind: 'card number', at: start, length, digits });
    }
  }
  return finds;
}

/** Says whether signs of the text stand on both sides, and text before the first. */
function standsInText(text: string, start: number, end: number): boolean {
  return (
    isDelimiter(text[start - 1]) &&
    isDelimiter(text[end]) &&
    isPrintable(text.slice(Math.max(0, start - CONTEXT_LENGTH), start))
  );
}

function isPrintable(context: string): boolean {
  return context.length === CONTEXT_LENGTH && PRINTABLE.test(context);
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

/** Looks at what stands beside the digits: groups with dashes between them may be parts of an id. */
function isInHex(text: string, start: number, end: number): boolean {
  let from = start;
  let to = end;
  while (from > 0 && isHexDigit(text.charCodeAt(from - 1))) from -= 1;
  while (to < text.length && isHexDigit(text.charCodeAt(to))) to += 1;
  const hasLetter = HEX_LETTER.test(text.slice(from, start)) || HEX_LETTER.test(text.slice(end, to));
  const isGrouped = /[ -]/.test(text.slice(start, end));
  return hasLetter && (isGrouped || to - from >= HEX_RUN_MIN);
}

function isDelimiter(character: string | undefined): boolean {
  return character !== undefined && DELIMITER.test(character);
}

function isHexDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
}
