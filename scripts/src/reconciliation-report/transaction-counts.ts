import { type SideRow, sidesOfRow } from '@payments/reconcile/side-row';
import type { SchemeTransactions } from './report.ts';

const DATE_LENGTH = 'YYYY-MM-DD'.length;

type Counts = { -readonly [Name in Exclude<keyof SchemeTransactions, 'scheme'>]: number };

/** What was authorized of one scheme in one currency. */
export interface AuthorizedSum {
  readonly scheme: string;
  readonly currency: string;
  readonly transactions: number;
  /** Minor units. */
  readonly amount: bigint;
}

/** Counts the transactions of one date by what became of them; it keeps no transaction. */
export class TransactionCounts {
  readonly #businessDate: string;
  readonly #schemes = new Map<string, Counts>();
  readonly #authorized = new Map<string, AuthorizedSum>();

  constructor(businessDate: string) {
    this.#businessDate = businessDate;
  }

  /** A transaction of any date, as reconcile keeps it. */
  add(row: SideRow): void {
    const { scheme, loggedAt, authorized, posted, booked, corrections = {} } = sidesOfRow(row);
    if (loggedAt.slice(0, DATE_LENGTH) !== this.#businessDate) return;
    const counts = this.#ofScheme(scheme);
    counts.corrections += Object.keys(corrections).length;
    if (posted !== undefined) counts.posted += 1;
    if (booked !== undefined) counts.booked += 1;
    if (authorized === undefined) return;
    counts.authorized += 1;
    counts[endOf(row)] += 1;
    const { currency, minorUnits } = authorized.amount;
    const key = `${scheme}|${currency}`;
    const sum = this.#authorized.get(key) ?? { scheme, currency, transactions: 0, amount: 0n };
    const amount = sum.amount + BigInt(minorUnits);
    this.#authorized.set(key, { ...sum, transactions: sum.transactions + 1, amount });
  }

  /** By scheme, in alphabetic order. */
  get transactions(): readonly SchemeTransactions[] {
    return [...this.#schemes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([scheme, counts]) => ({ scheme, ...counts }));
  }

  get authorized(): readonly AuthorizedSum[] {
    return [...this.#authorized.values()];
  }

  #ofScheme(scheme: string): Counts {
    const known = this.#schemes.get(scheme);
    if (known !== undefined) return known;
    const made = {
      authorized: 0,
      posted: 0,
      booked: 0,
      reconciled: 0,
      ended: 0,
      outstanding: 0,
      corrections: 0,
    };
    this.#schemes.set(scheme, made);
    return made;
  }
}

function endOf({ result }: SideRow): 'reconciled' | 'ended' | 'outstanding' {
  if (result === 'RECONCILED') return 'reconciled';
  return result === 'CLOSED' ? 'ended' : 'outstanding';
}
