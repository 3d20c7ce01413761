import type { Authorization, CainBody } from '@payments/schemas';

/** How the card's data got into the terminal, as cain says it. */
export type CardDataEntry = Pick<NonNullable<CainBody['Cntxt']>, 'CardDataNtryMd' | 'ICCFllbck' | 'EComrc'>;

/** What DE22 absent or unknown is: cain makes the element mandatory and has a code for "unspecified". */
const UNSPECIFIED: CardDataEntry = { CardDataNtryMd: 'UNSP' };

/** ISO 8583:1987 DE22, first two of three digits, to ISO 20022 CardDataReading11Code. */
const BY_ENTRY_MODE: Readonly<Record<string, CardDataEntry>> = {
  '00': UNSPECIFIED,
  '01': { CardDataNtryMd: 'KEEN' },
  '02': { CardDataNtryMd: 'MGST' },
  '03': { CardDataNtryMd: 'OPTC' },
  '05': { CardDataNtryMd: 'ICCY' },
  '07': { CardDataNtryMd: 'ICPY' },
  '10': { CardDataNtryMd: 'CDFL' },
  '80': { CardDataNtryMd: 'MGST', ICCFllbck: true },
  '81': { CardDataNtryMd: 'KEEN', EComrc: true },
  '90': { CardDataNtryMd: 'MGST' },
  '91': { CardDataNtryMd: 'MSIP' },
  '95': { CardDataNtryMd: 'ICCY' },
};

/** ISO 8583:1993 DE22, position 7 of twelve, the card data input mode; the letters are Mastercard's. */
const BY_INPUT_MODE: Readonly<Record<string, CardDataEntry>> = {
  '2': { CardDataNtryMd: 'MGST' },
  '3': { CardDataNtryMd: 'OPTC' },
  '4': { CardDataNtryMd: 'OCRR' },
  '5': { CardDataNtryMd: 'ICCY' },
  '6': { CardDataNtryMd: 'KEEN' },
  '7': { CardDataNtryMd: 'CDFL' },
  A: { CardDataNtryMd: 'MSIP' },
  B: { CardDataNtryMd: 'MGST' },
  C: { CardDataNtryMd: 'ICCY' },
  F: { CardDataNtryMd: 'ICCY' },
  M: { CardDataNtryMd: 'ICPY' },
  S: { CardDataNtryMd: 'KEEN', EComrc: true },
};
const INPUT_MODE_INDEX = 6;

/** DE22 of 1987 is three digits; a wire profile that packs digits in pairs puts a zero before them. */
const ENTRY_MODE_DIGITS = 3;
const ENTRY_MODE_DIGITS_PACKED = 4;
/** DE22 of 1993 has a digit or letter for each of twelve properties. */
const POINT_OF_SERVICE_POSITIONS = 12;

/** How the card's data was read, from DE22 of either version; unspecified where the network sent none. */
export function cardDataEntryOf({
  mti,
  posEntryMode,
}: Pick<Authorization, 'mti' | 'posEntryMode'>): CardDataEntry {
  if (posEntryMode === undefined) return UNSPECIFIED;
  if (mti.startsWith('1') && posEntryMode.length === POINT_OF_SERVICE_POSITIONS)
    return BY_INPUT_MODE[posEntryMode.charAt(INPUT_MODE_INDEX)] ?? UNSPECIFIED;
  if (posEntryMode.length > ENTRY_MODE_DIGITS_PACKED) return UNSPECIFIED;
  return BY_ENTRY_MODE[posEntryMode.slice(-ENTRY_MODE_DIGITS).slice(0, 2)] ?? UNSPECIFIED;
}
