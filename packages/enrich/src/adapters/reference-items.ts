import { createHash } from 'node:crypto';
import type { ReferenceData } from '@payments/schemas';
import type { ReferenceKey } from '../reference-rows.ts';
import { keyedRows, REFERENCE_SETS, type ReferenceSet, setOf } from '../reference-sets.ts';

/** The row that names the current version; it holds that version's manifest, so that one read is enough. */
export const CURRENT = 'CURRENT';

/** Hexadecimal digits of a set's version: 64 bits, for sets of which there are thousands at most. */
const SET_VERSION_DIGITS = 16;

/** Which version of each set a version of the reference data is made of. */
export interface Manifest {
  readonly version: string;
  readonly sets: Readonly<Record<ReferenceSet, SetVersion>>;
}

export interface SetVersion {
  /** A digest of the set's rows: the same rows have the same version, whatever file they came in. */
  readonly version: string;
  /** How many rows the set has. */
  readonly rows: number;
}

/** How one item of the table looks; the row is apart, so that other attributes may stand beside it. */
export interface ReferenceItem {
  readonly id: string;
  readonly row: unknown;
}

/** Where the manifest of a version lies. */
export function manifestIdOf(version: string): string {
  return `MANIFEST#${version}`;
}

/** Where a row lies in a version: `CARD#9208…` is at `CARD@<version of the set>#9208…`. */
export function itemIdOf(key: ReferenceKey, { sets }: Manifest): string {
  return idIn(key, sets[setOf(key)].version);
}

/** What the ids of the rows of a set in a version begin with. */
export function itemIdPrefixOf(prefix: string, setVersion: string): string {
  return `${prefix}@${setVersion}#`;
}

/** The manifest of reference data; which version each set has follows from its rows alone. */
export function manifestOf(data: ReferenceData): Manifest {
  const sets = REFERENCE_SETS.map((set) => {
    const rows = keyedRows(data, set);
    const lines = rows.map(({ key, row }) => `${key} ${canonicalJson(row)}\n`).sort();
    const digest = createHash('sha256').update(lines.join('')).digest('hex');
    return [set, { version: digest.slice(0, SET_VERSION_DIGITS), rows: rows.length }] as const;
  });
  return { version: data.version, sets: Object.fromEntries(sets) as Record<ReferenceSet, SetVersion> };
}

/** The items that hold the rows of a set. */
export function itemsOf(data: ReferenceData, set: ReferenceSet, setVersion: string): ReferenceItem[] {
  return keyedRows(data, set).map(({ key, row }) => ({ id: idIn(key, setVersion), row }));
}

function idIn(key: ReferenceKey, setVersion: string): string {
  const end = key.indexOf('#');
  return itemIdPrefixOf(key.slice(0, end), setVersion) + key.slice(end + 1);
}

/** JSON with the members of every object in the order of their names. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
