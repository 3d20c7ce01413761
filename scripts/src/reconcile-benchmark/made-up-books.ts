import type { LedgerRow } from '@payments/reconcile/break';
import type { LedgerStatement, StatementScope } from '@payments/reconcile/ledger-statement';
import type { PostedSequence, PostedSequences } from '@payments/reconcile/pass-ports';
import type { PostedEntry } from '@payments/schemas';

const PAGE = 1_000;
const DAYS = ['2026-11-20', '2026-11-21', '2026-11-22'] as const;
const SCHEMES = ['VISA', 'MASTERCARD'] as const;
const CURRENCIES = ['GBP', 'EUR'] as const;
const ACCOUNTS = 50_000;
/** One transaction in so many has a fee and tax on it: six entries instead of two. */
const WITH_FEE = 4;

/** How the ledger is spoilt in so many places, for the pass to find. */
const SPOILINGS = [
  () => [],
  (row: LedgerRow) => [row, { ...row, rowId: `${row.rowId}#2` }],
  (row: LedgerRow) => [{ ...row, minorUnits: `${row.minorUnits}0` }],
  (row: LedgerRow) => [{ ...row, accountId: 'ACC-ELSEWHERE' }],
  (row: LedgerRow) => [{ ...row, bookingDate: '2026-11-23' }],
] as const;

/** Made-up transactions that are posted and booked: the same ones for the same seed, and as many as are wanted. */
export class MadeUpBooks {
  readonly transactions: number;
  /** How many sequences are spoilt in the ledger. */
  readonly spoilt: number;
  readonly #seed: number;

  constructor({
    transactions,
    seed,
    spoilt = 0,
  }: {
    transactions: number;
    seed: number;
    spoilt?: number;
  }) {
    this.transactions = transactions;
    this.spoilt = Math.min(spoilt, transactions);
    this.#seed = seed;
  }

  /** What was posted, made up anew each time that it is read. */
  get posted(): PostedSequences {
    return {
      read: () => this.#pages((index) => [this.sequence(index)]),
      find: async () => [],
    };
  }

  /** What stands in the ledger, in another order than it was posted. */
  get ledger(): LedgerStatement {
    const scope: StatementScope = { scheme: true, eventCode: true, valueDate: true };
    const last = this.transactions - 1;
    return { scope, read: () => this.#pages((index) => this.rows(last - index)) };
  }

  sequence(index: number): PostedSequence {
    const number = this.#number(index, 0);
    const date = DAYS[number % DAYS.length] ?? DAYS[0];
    const scheme = SCHEMES[number % SCHEMES.length] ?? SCHEMES[0];
    const instant = `${date}T10:15:03Z`;
    return {
      transactionId: this.#uuid(index, 1),
      scheme,
      loggedAt: instant,
      lifecycleId: `${scheme}-${index}`,
      sequenceId: this.#uuid(index, 5),
      bookingDate: date,
      valueDate: date,
      entries: this.#entries(number, scheme),
      saidAt: instant,
      authorized: { amount: { minorUnits: '2599', currency: 'GBP' } },
    };
  }

  rows(index: number): LedgerRow[] {
    const { entries = [], ...sequence } = this.sequence(index);
    const { sequenceId, transactionId, scheme, bookingDate, valueDate } = sequence;
    const rows = entries.map((entry): LedgerRow => {
      const { number, accountId, direction, minorUnits, currency, eventCode } = entry;
      const rowId = `${sequenceId}/ENTRY#0${number}`;
      const about = { rowId, sequenceId, transactionId, scheme, bookingDate, valueDate, eventCode };
      return { ...about, number, accountId, direction, minorUnits, currency };
    });
    const every = this.spoilt === 0 ? 0 : Math.floor(this.transactions / this.spoilt);
    const isSpoilt = every > 0 && index % every === 0 && index / every < this.spoilt;
    const spoil = isSpoilt ? SPOILINGS[(index / every) % SPOILINGS.length] : undefined;
    return rows.flatMap((row, place) => (place === 0 && spoil !== undefined ? spoil(row) : [row]));
  }

  #entries(number: number, scheme: string): PostedEntry[] {
    const currency = CURRENCIES[number % CURRENCIES.length] ?? CURRENCIES[0];
    const customer = `ACC-${String(number % ACCOUNTS).padStart(6, '0')}`;
    const amount = 100 + (number % 90_000);
    const pair = (
      first: number,
      units: number,
      role: PostedEntry['role'],
      accountId: string,
      amountTag: PostedEntry['amountTag'],
      eventCode: string,
    ): PostedEntry[] => {
      const leg = { branch: 'LDN01', minorUnits: String(units), currency, amountTag, eventCode } as const;
      return [
        { ...leg, number: first, role: 'CUST', accountId: customer, direction: 'DEBIT' },
        { ...leg, number: first + 1, role, accountId, direction: 'CREDIT' },
      ];
    };
    const principal = pair(1, amount, 'SUSP', `GL-SUSP-${scheme}-${currency}`, 'PRINCIPAL', 'CARDPUR');
    if (number % WITH_FEE !== 0) return principal;
    const fee = pair(3, 1 + (amount % 300), 'FEE_INC', `GL-FEE-INC-${currency}`, 'FX_FEE', 'FXFEE');
    return [
      ...principal,
      ...fee,
      ...pair(5, 1 + (amount % 60), 'TAX', `GL-TAX-${currency}`, 'TAX', 'FEEVAT'),
    ];
  }

  async *#pages<Item>(itemsOf: (index: number) => Item[]): AsyncGenerator<readonly Item[]> {
    for (let start = 0; start < this.transactions; start += PAGE) {
      const page: Item[] = [];
      const end = Math.min(start + PAGE, this.transactions);
      for (let index = start; index < end; index += 1) page.push(...itemsOf(index));
      yield page;
    }
  }

  /** A number of 32 bits, made from seed, index and lane by the finalizer of MurmurHash3. */
  #number(index: number, lane: number): number {
    let bits = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(this.#seed + lane + 1, 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return (bits ^ (bits >>> 16)) >>> 0;
  }

  #uuid(index: number, lane: number): string {
    const digits = [0, 1, 2, 3]
      .map((part) =>
        this.#number(index, lane + part)
          .toString(16)
          .padStart(8, '0'),
      )
      .join('');
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-5${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`;
  }
}
