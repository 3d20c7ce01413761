import type { FieldTable } from './field-table.ts';
import { FIELDS_1987 } from './fields-1987.ts';
import { FIELDS_1993 } from './fields-1993.ts';
import { FIELDS_2003 } from './fields-2003.ts';

/** The editions of ISO 8583, which differ in what an element holds. */
export type Iso8583Version = '1987' | '1993' | '2003';

/** The edition that the first digit of the MTI names. */
const VERSIONS: Readonly<Record<string, Iso8583Version>> = { '0': '1987', '1': '1993', '2': '2003' };
const TABLES: Readonly<Record<Iso8583Version, FieldTable>> = {
  '1987': FIELDS_1987,
  '1993': FIELDS_1993,
  '2003': FIELDS_2003,
};

/** @returns undefined for a version that is not supported: national and private ones, and what ISO reserves */
export function versionOf(mti: string): Iso8583Version | undefined {
  return VERSIONS[mti.charAt(0)];
}

/** @returns undefined for a version that is not supported */
export function fieldTableFor(mti: string): FieldTable | undefined {
  const version = versionOf(mti);
  return version === undefined ? undefined : TABLES[version];
}
