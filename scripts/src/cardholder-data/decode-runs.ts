import type { Find } from './find.ts';
import { inMessage, packedCardNumbersIn } from './find-packed-digits.ts';

/** Text that may be bytes in disguise: 13 digits are 18 characters of base64, and 26 of hexadecimal. */
const BASE64_RUN = /[A-Za-z0-9+/_-]{18,}/g;
const HEX_RUN = /[0-9A-Fa-f]{26,}/g;
/** Digits in EBCDIC (code page 500 and all its relatives), with single blanks or dashes between them. */
const EBCDIC_RUN = /[\xf0-\xf9](?:[\x40\x60]?[\xf0-\xf9]){12,}/g;
/** UUIDs, and hexadecimal: base64 of digits has an M, N or O for every third of them. */
const NO_BASE64 = /^[0-9A-Fa-f-]+$/;
/** Where a run of base64 that something stands before really begins is not known: one of these characters. */
const BASE64_STARTS = [0, 1, 2, 3];
/** Bytes that are fewer are no ISO 8583 request with a card number, which has amount, times and numbers too. */
const MESSAGE_BYTES_MIN = 36;

/** Bytes that a text stands for, or a text in another alphabet. */
export interface DecodedRun {
  readonly encoding: 'base64' | 'hex' | 'EBCDIC';
  /** Where the run begins in the text. */
  readonly at: number;
  readonly bytes: Buffer;
  /** It may be an ISO 8583 message whose digits are packed; of hexadecimal, the text itself is looked at. */
  readonly mayBePacked: boolean;
}

/** What the runs of a text stand for. @param text one character for each byte */
export function* decodedRuns(text: string): Generator<DecodedRun> {
  for (const { 0: run, index: at } of text.matchAll(EBCDIC_RUN)) {
    const ascii = run.replace(/[^\xf0-\xf9]/g, ' ').replace(/[\xf0-\xf9]/g, digitOfEbcdic);
    yield { encoding: 'EBCDIC', at, bytes: Buffer.from(ascii, 'latin1'), mayBePacked: false };
  }
  for (const { 0: run, index: at } of text.matchAll(HEX_RUN)) {
    // Where a run has an odd digit too many, it may be the first or the last.
    for (const start of run.length % 2 === 0 ? [0] : [0, 1])
      yield { encoding: 'hex', at, bytes: Buffer.from(run.slice(start), 'hex'), mayBePacked: false };
  }
  for (const { 0: run, index: at } of text.matchAll(BASE64_RUN)) {
    if (NO_BASE64.test(run)) continue;
    for (const start of BASE64_STARTS) {
      const bytes = Buffer.from(run.slice(start), 'base64');
      // From elsewhere than its beginning, text reads as bytes whose halves are digits too.
      yield { encoding: 'base64', at, bytes, mayBePacked: start === 0 && bytes.length >= MESSAGE_BYTES_MIN };
    }
  }
}

/**
 * Card numbers in packed digits in the hexadecimal runs of a text.
 *
 * @param isCut a hash may have lost a part, and the length that shows that it is one: a run must begin as a message
 */
export function packedInHex(text: string, isCut: boolean): Find[] {
  const findsIn = isCut ? (run: string) => inMessage(run.toUpperCase()) : packedCardNumbersIn;
  return [...text.matchAll(HEX_RUN)].flatMap(({ 0: run, index }) =>
    findsIn(run).map((find) => ({ ...find, at: index + find.at })),
  );
}

/** Card numbers in packed digits in an ISO 8583 message. */
export function packedInMessage(bytes: Buffer): Find[] {
  const hex = bytes.toString('hex').toUpperCase();
  return inMessage(hex).map((find) => ({ ...find, at: Math.floor(find.at / 2) }));
}

function digitOfEbcdic(character: string): string {
  return String(character.charCodeAt(0) - 0xf0);
}
