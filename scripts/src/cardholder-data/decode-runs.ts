import type { Find } from './find.ts';
import { packedCardNumbersIn } from './find-packed-digits.ts';

/** Text that may be bytes in disguise: 13 digits are 18 characters of base64, and 26 of hexadecimal. */
const BASE64_RUN = /[A-Za-z0-9+/_-]{18,}/g;
const HEX_RUN = /[0-9A-Fa-f]{26,}/g;
/** Digits in EBCDIC (code page 500 and all its relatives), with single blanks or dashes between them. */
const EBCDIC_RUN = /[\xf0-\xf9](?:[\x40\x60]?[\xf0-\xf9]){12,}/g;
/** UUIDs, and hexadecimal: base64 of digits has an M, N or O for every third of them. */
const NO_BASE64 = /^[0-9A-Fa-f-]+$/;
/** Where a run of base64 that something stands before really begins is not known: one of these characters. */
const BASE64_STARTS = [0, 1, 2, 3];
/** The message type of an ISO 8583 message in packed digits: version, class, function, origin. */
const PACKED_MESSAGE_TYPE = /^[0-2][1-8]\d[0-5]/;
/** Bytes that are fewer hold no ISO 8583 message with a card number: type, bitmap, count, number. */
const MESSAGE_BYTES_MIN = 18;

/** Bytes that a text stands for, or a text in another alphabet. */
export interface DecodedRun {
  readonly encoding: 'base64' | 'hex' | 'EBCDIC';
  /** Where the run begins in the text. */
  readonly at: number;
  readonly bytes: Buffer;
}

/** What the runs of a text stand for. @param text one character for each byte */
export function* decodedRuns(text: string): Generator<DecodedRun> {
  for (const { 0: run, index: at } of text.matchAll(EBCDIC_RUN)) {
    const ascii = run.replace(/[^\xf0-\xf9]/g, ' ').replace(/[\xf0-\xf9]/g, digitOfEbcdic);
    yield { encoding: 'EBCDIC', at, bytes: Buffer.from(ascii, 'latin1') };
  }
  for (const { 0: run, index: at } of text.matchAll(HEX_RUN)) {
    // Where a run has an odd digit too many, it may be the first or the last.
    for (const start of run.length % 2 === 0 ? [0] : [0, 1])
      yield { encoding: 'hex', at, bytes: Buffer.from(run.slice(start), 'hex') };
  }
  for (const { 0: run, index: at } of text.matchAll(BASE64_RUN)) {
    if (NO_BASE64.test(run)) continue;
    for (const start of BASE64_STARTS)
      yield { encoding: 'base64', at, bytes: Buffer.from(run.slice(start), 'base64') };
  }
}

/** Card numbers in packed digits: in hexadecimal text, or in bytes that begin like an ISO 8583 message. */
export function packedIn(text: string, nested: boolean): Find[] {
  const inText = [...text.matchAll(HEX_RUN)].flatMap(({ 0: run, index }) =>
    packedCardNumbersIn(run).map((find) => ({ ...find, at: index + find.at })),
  );
  if (!nested || !mayBePacked(text)) return inText;
  const hex = Buffer.from(text, 'latin1').toString('hex');
  return [...inText, ...packedCardNumbersIn(hex).map((find) => ({ ...find, at: Math.floor(find.at / 2) }))];
}

/** True for bytes that begin like an ISO 8583 message whose digits are packed. */
export function mayBePacked(text: string): boolean {
  return (
    text.length >= MESSAGE_BYTES_MIN &&
    PACKED_MESSAGE_TYPE.test(Buffer.from(text.slice(0, 2), 'latin1').toString('hex'))
  );
}

function digitOfEbcdic(character: string): string {
  return String(character.charCodeAt(0) - 0xf0);
}
