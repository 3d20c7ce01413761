import { createHash } from 'node:crypto';
import { type FindKind, maskedFind } from './find.ts';
import type { PlacedFind } from './scan-bytes.ts';

/** Cardholder data that lies somewhere, in a form that may be shown. */
export interface Finding {
  readonly kind: FindKind;
  /** The first six and last four digits at most. */
  readonly masked: string;
  /** The file. */
  readonly path: string;
  /** Within the file, as in `table ddb_items_1, row 3, item`; absent where the offset is the file's own. */
  readonly part?: string;
  /** In bytes, of the find or of the encoded text that it is in. */
  readonly offset: number;
  /** How it was wrapped, from the outside in, as in `base64`. */
  readonly encodings: readonly string[];
  /** The same for the same digits; they cannot be told from it without trying all. */
  readonly fingerprint: string;
}

/** Something that could not be looked into: nobody knows what it holds. */
export interface Unscanned {
  readonly path: string;
  readonly part?: string;
  readonly reason: string;
}

/** A place within a path that finds are told of. */
export interface Place {
  readonly path: string;
  readonly part?: string;
}

/** Says where a find is, without its digits. @param base the offset of the bytes that were scanned */
export function findingOf(placed: PlacedFind, place: Place, base = 0): Finding {
  return {
    kind: placed.find.kind,
    masked: maskedFind(placed.find),
    ...place,
    offset: base + placed.offset,
    encodings: placed.encodings,
    fingerprint: createHash('sha256').update(placed.find.digits).digest('hex'),
  };
}

/** A finding as a line. */
export function findingText({ kind, masked, path, part, offset, encodings }: Finding): string {
  const where = part === undefined ? path : `${path}, ${part}`;
  const how = encodings.length === 0 ? '' : `, in ${encodings.join(' > ')}`;
  return `${kind} ${masked} at ${where}, byte ${offset}${how}`;
}
