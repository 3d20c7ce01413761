/** The attribute that ISO 8583 gives to an element: digits, letters and digits, any text, bytes, track data. */
export type FieldType = 'n' | 'an' | 'ans' | 'b' | 'z';

/** How an element says its length: not at all, or with a prefix of two, three or four digits. */
export type FieldLength = 'FIXED' | 'LL' | 'LLL' | 'LLLL';

/** One data element: what it is called, what it holds, how long it is at most (characters; bytes for `b`). */
export interface FieldSpec {
  readonly name: string;
  readonly type: FieldType;
  readonly length: FieldLength;
  readonly max: number;
}

/** The elements of one version of ISO 8583, by number. */
export type FieldTable = ReadonlyMap<number, FieldSpec>;

/** One row of a table as it is written down: number, name, type, length, maximum. */
export type FieldRow = readonly [
  number: number,
  name: string,
  type: FieldType,
  length: FieldLength,
  max: number,
];

export function fieldTableOf(rows: readonly FieldRow[]): FieldTable {
  return new Map(rows.map(([number, name, type, length, max]) => [number, { name, type, length, max }]));
}
