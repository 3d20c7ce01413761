import type { SideSums } from './report.ts';

/** A hash total keeps this many digits (`schemas/shared/control-totals.v1.json`). */
const HASH_TOTAL_MODULUS = 10n ** 12n;

/** What a tally adds. */
export interface TalliedEntry {
  readonly accountId: string;
  readonly direction: 'DEBIT' | 'CREDIT';
  readonly minorUnits: string;
}

/** Adds up entries of one group: count, sums and hash total. */
export class Tally {
  #entries = 0;
  #debits = 0n;
  #credits = 0n;
  #hash = 0n;

  addEntry({ accountId, direction, minorUnits }: TalliedEntry): void {
    this.#entries += 1;
    if (direction === 'DEBIT') this.#debits += BigInt(minorUnits);
    else this.#credits += BigInt(minorUnits);
    this.#hash = (this.#hash + BigInt(accountId.replace(/\D/g, '') || '0')) % HASH_TOTAL_MODULUS;
  }

  /** Sums whose entries are not known one by one; they add nothing to the hash total. */
  addSums(entries: number, debits: string, credits: string): void {
    this.#entries += entries;
    this.#debits += BigInt(debits);
    this.#credits += BigInt(credits);
  }

  get sums(): SideSums {
    return { entries: this.#entries, debits: String(this.#debits), credits: String(this.#credits) };
  }

  get hashTotal(): string {
    return String(this.#hash);
  }
}

/** Says whether two sides add up to the same. */
export function sameSums(one: SideSums, other: SideSums): boolean {
  return one.entries === other.entries && one.debits === other.debits && one.credits === other.credits;
}
