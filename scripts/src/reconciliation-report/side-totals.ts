import type { ControlTotals, Money, PostedEntry } from '@payments/schemas';
import type { ControlTotal, SchemeTotal, SchemeTransactions } from './report.ts';
import { sameSums, type TalliedEntry, Tally } from './tally.ts';

/** What was posted as one sequence, as reconciliation heard of it. */
export interface PostedSequence {
  readonly scheme: string;
  readonly controlTotals: ControlTotals;
  /** Absent where it was said once more without them. */
  readonly entries?: readonly PostedEntry[] | undefined;
}

/** An entry of the ledger. */
export interface BookedEntry extends TalliedEntry {
  readonly currency: string;
  readonly eventCode: string;
}

/** How one transaction ended, or has not. */
export type TransactionEnd = 'posted' | 'ended' | 'outstanding';

interface Transactions {
  authorized: number;
  posted: number;
  ended: number;
  outstanding: number;
  booked: number;
  corrections: number;
}

interface Group {
  transactions: number;
  amount: bigint;
  readonly posted: Tally;
  readonly ledger: Tally;
}

interface ControlGroup {
  readonly posted: Tally;
  readonly ledger: Tally;
}

/** Between the parts of a group's key; no scheme, currency or event code holds it. */
const SEPARATOR = '|';

/**
 * Adds up the three sides of one business date by scheme, currency and event code. It keeps the groups alone, so that
 * any number of transactions takes the same memory.
 */
export class SideTotals {
  readonly #transactions = new Map<string, Transactions>();
  readonly #groups = new Map<string, Group>();
  readonly #controls = new Map<string, ControlGroup>();
  #withoutEntries = 0;

  /** Something that was authorized, and how it ended. */
  addAuthorized(scheme: string, amount: Money, end: TransactionEnd): void {
    const transactions = this.#ofScheme(scheme);
    transactions.authorized += 1;
    transactions[end] += 1;
    const group = this.#group(scheme, amount.currency);
    group.transactions += 1;
    group.amount += BigInt(amount.minorUnits);
  }

  addPosted({ scheme, controlTotals, entries }: PostedSequence): void {
    if (entries === undefined) {
      this.#withoutEntries += 1;
      // The count of a sequence is not told by currency: it stands under the first one.
      for (const [index, { currency, debits, credits }] of controlTotals.currencies.entries())
        this.#group(scheme, currency).posted.addSums(index === 0 ? controlTotals.count : 0, debits, credits);
      return;
    }
    for (const entry of entries) {
      this.#group(scheme, entry.currency).posted.addEntry(entry);
      this.#control(scheme, entry.currency, entry.eventCode).posted.addEntry(entry);
    }
  }

  /** The rows of one sequence in the ledger. */
  addBooked(scheme: string, entries: readonly BookedEntry[], isCorrection: boolean): void {
    this.#ofScheme(scheme)[isCorrection ? 'corrections' : 'booked'] += 1;
    for (const entry of entries) {
      this.#group(scheme, entry.currency).ledger.addEntry(entry);
      this.#control(scheme, entry.currency, entry.eventCode).ledger.addEntry(entry);
    }
  }

  get postedWithoutEntries(): number {
    return this.#withoutEntries;
  }

  /** By scheme, in alphabetic order. */
  get transactions(): readonly SchemeTransactions[] {
    return sorted(this.#transactions).map(([scheme, counts]) => ({ scheme, ...counts }));
  }

  /** By scheme and currency, in alphabetic order. */
  get totals(): readonly SchemeTotal[] {
    return sorted(this.#groups).map(([key, { transactions, amount, posted, ledger }]) => {
      const [scheme = '', currency = ''] = key.split(SEPARATOR);
      return {
        scheme,
        currency,
        authorized: { transactions, amount: String(amount) },
        posted: posted.sums,
        ledger: ledger.sums,
        agrees: sameSums(posted.sums, ledger.sums),
      };
    });
  }

  /** By scheme, currency and event code, in alphabetic order. */
  get controls(): readonly ControlTotal[] {
    return sorted(this.#controls).map(([key, { posted, ledger }]) => {
      const [scheme = '', currency = '', eventCode = ''] = key.split(SEPARATOR);
      const agrees = sameSums(posted.sums, ledger.sums) && posted.hashTotal === ledger.hashTotal;
      return {
        scheme,
        currency,
        eventCode,
        posted: { ...posted.sums, hashTotal: posted.hashTotal },
        ledger: { ...ledger.sums, hashTotal: ledger.hashTotal },
        agrees,
      };
    });
  }

  #ofScheme(scheme: string): Transactions {
    return entryOf(this.#transactions, scheme, () => ({
      authorized: 0,
      posted: 0,
      ended: 0,
      outstanding: 0,
      booked: 0,
      corrections: 0,
    }));
  }

  #group(scheme: string, currency: string): Group {
    return entryOf(this.#groups, scheme + SEPARATOR + currency, () => ({
      transactions: 0,
      amount: 0n,
      posted: new Tally(),
      ledger: new Tally(),
    }));
  }

  #control(scheme: string, currency: string, eventCode: string): ControlGroup {
    const key = [scheme, currency, eventCode].join(SEPARATOR);
    return entryOf(this.#controls, key, () => ({ posted: new Tally(), ledger: new Tally() }));
  }
}

function entryOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function sorted<Value>(map: ReadonlyMap<string, Value>): readonly [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
