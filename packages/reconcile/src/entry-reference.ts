/** Twenty-six letters hold the 128 bits of a UUID in 28 places (`docs/decisions/0014-iso20022-rendering.md`). */
const LETTERS = 26n;
const LETTER_A = 65;
const UUID_END = 1n << 128n;
const UUID_DIGITS = 32;
const LETTER_REFERENCE = /^[A-Z]{28}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A sequence and a place in it of how many, as our notifications write it: `…/1-6`. */
const ENTRY_REFERENCE = /^([A-Za-z0-9-]{28,36})\/(\d{1,2})[-/](\d{1,2})$/;

/** Which entry of which sequence a line of a statement books. */
export interface EntryReference {
  readonly sequenceId: string;
  /** From 1. */
  readonly number: number;
}

/** Reads our reference of an entry as a bank repeats it; undefined where it is none of ours. */
export function entryReferenceOf(text: string): EntryReference | undefined {
  const [, sequence = '', number = '', count = ''] = ENTRY_REFERENCE.exec(text.trim()) ?? [];
  const sequenceId = sequenceReferenceOf(sequence);
  if (sequenceId === undefined || Number(number) < 1 || Number(number) > Number(count)) return undefined;
  return { sequenceId, number: Number(number) };
}

/** Reads our reference of a sequence, as a UUID or in letters; undefined where it is none of ours. */
export function sequenceReferenceOf(text: string): string | undefined {
  const trimmed = text.trim();
  if (UUID.test(trimmed.toLowerCase())) return trimmed.toLowerCase();
  if (!LETTER_REFERENCE.test(trimmed)) return undefined;
  let value = 0n;
  for (const letter of trimmed) value = value * LETTERS + BigInt(letter.charCodeAt(0) - LETTER_A);
  if (value >= UUID_END) return undefined;
  const digits = value.toString(16).padStart(UUID_DIGITS, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
