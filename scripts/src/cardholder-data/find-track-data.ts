import { passesLuhn } from '@payments/schemas';
import type { Find } from './find.ts';

/**
 * Track 1, format B (ISO/IEC 7813): `%B`, the number, `^`, the name, `^`, expiry as YYMM and the service code.
 */
const TRACK_1 = /B(\d{13,19})\^[^^\r\n]{2,26}\^\d{2}(?:0[1-9]|1[0-2])\d{3}/g;
/** Track 2 (ISO/IEC 7813): the number, `=` or `D`, expiry as YYMM and the service code; sentinels may be gone. */
const TRACK_2 = /(?<![0-9A-Fa-f])(\d{13,19})[=D]\d{2}(?:0[1-9]|1[0-2])\d{3}/g;

/** The track data in a text. Its number must pass Luhn, in whatever range it is. */
export function trackDataIn(text: string): Find[] {
  return [TRACK_1, TRACK_2].flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match): Find[] => {
      const digits = match[1] ?? '';
      return passesLuhn(digits)
        ? [{ kind: 'track data', at: match.index, length: match[0].length, digits }]
        : [];
    }),
  );
}
