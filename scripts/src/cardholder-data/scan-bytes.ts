import { decodedRuns, packedInHex, packedInMessage } from './decode-runs.ts';
import { unpacked } from './decompress.ts';
import type { Find } from './find.ts';
import { cardNumbersIn } from './find-card-numbers.ts';
import { securityCodesIn } from './find-security-codes.ts';
import { trackDataIn } from './find-track-data.ts';

/** How many encodings inside each other are looked through, as base64 of gzip of hexadecimal. */
const DEPTH_MAX = 4;

/**
 * What a text must hold to be worth reading: digits in a row, in ASCII or EBCDIC, a run that may be decoded, or the
 * name of a code. Most runs of letters are no encoding, and what they would stand for has none of these.
 */
const WORTH_READING =
  /\d(?:[ -]?\d){11}|[\xf0-\xf9](?:[\x40\x60]?[\xf0-\xf9]){11}|[A-Za-z0-9+/_-]{18}|cv[vcn]|csc|cav2|card|security|pin/i;

/** What the bytes are that are scanned. */
export type ScannedForm = 'whole' | 'part' | 'pages';

/** A find and how it was wrapped, from the outside in. */
export interface PlacedFind {
  readonly find: Find;
  /** In bytes: of the find itself, or of the encoded run that it is in. */
  readonly offset: number;
  readonly encodings: readonly string[];
}

/**
 * Finds cardholder data in bytes: as text, in base64, in hexadecimal, in EBCDIC, compressed, and in each other.
 *
 * @param form `whole`: a content from its first byte on, which may be compressed; `part` of one; or `pages`, as a
 * database has them, in which contents are cut apart
 * @throws NotUnpackedError
 */
export function scanBytes(bytes: Buffer, form: ScannedForm = 'whole'): PlacedFind[] {
  const finds: PlacedFind[] = [];
  const contents = form === 'whole' ? unpacked(bytes) : [];
  for (const { encoding, bytes: content } of contents)
    scanText(content.toString('latin1'), 0, [encoding], finds);
  // Compressed digits may read as other digits.
  if (contents.length === 0) scanText(bytes.toString('latin1'), undefined, [], finds, form === 'pages');
  return distinct(finds);
}

/** @param outer the offset of the outermost encoding; undefined where the text itself is what is read */
function scanText(
  text: string,
  outer: number | undefined,
  encodings: readonly string[],
  finds: PlacedFind[],
  isCut = false,
): void {
  for (const find of findsIn(text, isCut)) finds.push({ find, offset: outer ?? find.at, encodings });
  if (encodings.length === DEPTH_MAX) return;
  for (const { encoding, at, bytes, mayBePacked } of decodedRuns(text)) {
    const offset = outer ?? at;
    const chain = [...encodings, encoding];
    const contents = unpacked(bytes);
    const decoded = bytes.toString('latin1');
    if (contents.length === 0 && WORTH_READING.test(decoded)) scanText(decoded, offset, chain, finds);
    if (mayBePacked)
      for (const find of packedInMessage(bytes)) finds.push({ find, offset, encodings: chain });
    for (const inner of contents)
      scanText(inner.bytes.toString('latin1'), offset, [...chain, inner.encoding], finds);
  }
}

/** Track data holds a card number, which is not told a second time. */
function findsIn(text: string, isCut: boolean): readonly Find[] {
  const tracks = trackDataIn(text);
  const numbers = [...cardNumbersIn(text, isCut), ...packedInHex(text, isCut)];
  const apart = numbers.filter(
    ({ at }) => !tracks.some((track) => at >= track.at && at < track.at + track.length),
  );
  return [...tracks, ...apart, ...securityCodesIn(text)];
}

/** One way to read a run is enough: base64 is tried from several starts, and hexadecimal is base64 too. */
function distinct(finds: readonly PlacedFind[]): PlacedFind[] {
  const byPlace = new Map<string, PlacedFind>();
  for (const each of finds) {
    const key = `${each.find.kind} ${each.find.digits} ${each.offset}`;
    if (!byPlace.has(key)) byPlace.set(key, each);
  }
  return [...byPlace.values()];
}
