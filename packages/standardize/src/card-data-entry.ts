import type { CainBody } from '@payments/schemas';

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

/** DE22 is three digits; a wire profile that packs digits in pairs puts a zero before them. */
const ENTRY_MODE_DIGITS = 3;
const ENTRY_MODE_DIGITS_PACKED = 4;

/** @param posEntryMode DE22 as received; absent where the network sent none */
export function cardDataEntryOf(posEntryMode: string | undefined): CardDataEntry {
  if (posEntryMode === undefined || posEntryMode.length > ENTRY_MODE_DIGITS_PACKED) return UNSPECIFIED;
  return BY_ENTRY_MODE[posEntryMode.slice(-ENTRY_MODE_DIGITS).slice(0, 2)] ?? UNSPECIFIED;
}
