import type { FieldTable } from './field-table.ts';
import { FIELDS_1987 } from './fields-1987.ts';
import { FIELDS_1993 } from './fields-1993.ts';

/**
 * The field table that the first digit of the MTI names. The 2003 version (digit 2) is not among them: its
 * trace number has twelve digits and its amounts carry a currency, which the contract has no place for.
 */
const TABLES: Readonly<Record<string, FieldTable>> = { '0': FIELDS_1987, '1': FIELDS_1993 };

/** @returns undefined for a version that is not supported */
export function fieldTableFor(mti: string): FieldTable | undefined {
  return TABLES[mti.charAt(0)];
}
