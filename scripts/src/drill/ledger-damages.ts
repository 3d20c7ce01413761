import { identifierOf, sequenceIdOf } from '@payments/domain';
import type { MismatchType } from '@payments/reconcile/break';
import type { BookedSequence, Chance, EntryRow, LedgerChange, LedgerDamage } from './damage.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** An altered amount is more by so many per cent, from and to, and by at least two minor units. */
const MORE_PERCENT = [5, 60] as const;

/** What may go wrong in a ledger that somebody writes into past the posting stage. */
export const LEDGER_DAMAGES: readonly LedgerDamage[] = [
  damage(
    'row-lost',
    'one row of a sequence is gone from the ledger',
    ['P_NOT_L', 'COUNT_MISMATCH'],
    (entry) => ({
      remove: [entry],
    }),
  ),
  {
    ...damage('sequence-lost', 'all rows of a sequence are gone from the ledger', ['P_NOT_L'], () => ({})),
    change: ({ sequenceId, entries }) => ({
      remove: [{ sequenceId, position: 'SEQUENCE' }, ...entries],
    }),
  },
  damage('row-doubled', 'a row stands in the ledger twice', ['DUPLICATE_L'], (entry) => ({
    put: [{ ...entry, position: `${entry.position}-AGAIN` }],
  })),
  damage('amount-off-by-one', 'an amount differs by one minor unit', ['AMOUNT_MISMATCH'], (entry) => ({
    put: [withMore(entry, 1n)],
  })),
  damage('amount-altered', 'an amount is larger than was posted', ['AMOUNT_MISMATCH'], (entry, chance) => {
    const [from, to] = MORE_PERCENT;
    const more = (BigInt(entry.amount.minorUnits) * BigInt(from + chance.below(to - from))) / 100n;
    return { put: [withMore(entry, more < 2n ? 2n : more)] };
  }),
  damage(
    'wrong-direction',
    'a debit stands as a credit, or the other way round',
    ['DIRECTION_MISMATCH'],
    (entry) => ({
      put: [{ ...entry, direction: entry.direction === 'DEBIT' ? 'CREDIT' : 'DEBIT' }],
    }),
  ),
  damage(
    'wrong-account',
    'a row stands on the account of somebody else',
    ['ACCOUNT_MISMATCH'],
    (entry, { other }) => ({
      put: [{ ...entry, ...onAccountOf(entry, other) }],
    }),
  ),
  damage('wrong-currency', 'a row stands in another currency', ['CURRENCY_MISMATCH'], (entry) => ({
    put: [
      { ...entry, amount: { ...entry.amount, currency: entry.amount.currency === 'USD' ? 'GBP' : 'USD' } },
    ],
  })),
  {
    ...damage('wrong-date', 'a sequence is booked on another day', ['DATE_ONLY'], () => ({})),
    change: ({ entries }) => ({
      put: entries.map((entry) => ({ ...entry, bookingDate: dayAfter(entry.bookingDate) })),
    }),
  },
  {
    ...damage('orphan-row', 'a row stands in the ledger that nobody posted', ['L_NOT_P'], () => ({})),
    curable: false,
    change: (sequence, chance) => {
      const { unknownId } = chance;
      const entry = rowOf(sequence, chance);
      return {
        put: [{ ...entry, sequenceId: unknownId, transactionId: unknownId }],
        transactionId: unknownId,
      };
    },
  },
  {
    ...damage(
      'unbalanced-sequence',
      'entries come to posting that do not balance',
      ['UNBALANCED'],
      () => ({}),
    ),
    curable: false,
    change: ({ entries }, { unknownId }) => {
      const transactionId = identifierOf(unknownId);
      const id = sequenceIdOf(transactionId);
      const [first, ...others] = entries.map((entry) => ({
        ...entry,
        transactionId,
        sequenceId: id,
        sequence: { ...entry.sequence, id },
        entryId: identifierOf(id, String(entry.sequence.number)),
      }));
      return { send: first === undefined ? [] : [withMore(first, 1n), ...others], transactionId };
    },
  },
];

/** A damage to one of the rows on customers' accounts, or to another one where there is none. */
function damage(
  name: string,
  does: string,
  foundAs: readonly [MismatchType, ...MismatchType[]],
  change: (entry: EntryRow, chance: Chance) => LedgerChange,
): LedgerDamage {
  return {
    kind: 'ledger',
    name,
    does,
    foundAs,
    curable: true,
    change: (sequence, chance) => change(rowOf(sequence, chance), chance),
  };
}

function rowOf({ sequenceId, entries }: BookedSequence, chance: Chance): EntryRow {
  const row = entries[chance.below(entries.length)];
  if (row === undefined) throw new Error(`the sequence ${sequenceId} has no entries`);
  return row;
}

function withMore(entry: EntryRow, more: bigint): EntryRow {
  const { currency, minorUnits } = entry.amount;
  return { ...entry, amount: { currency, minorUnits: (BigInt(minorUnits) + more).toString() } };
}

/** The account of another customer, or of the bank where none of the same currency is at hand. */
function onAccountOf(entry: EntryRow, other: BookedSequence): Pick<EntryRow, 'account'> {
  const wanted = other.entries.find(
    ({ account }) =>
      account.currency === entry.account.currency && account.accountId !== entry.account.accountId,
  );
  if (wanted !== undefined) return { account: { ...entry.account, accountId: wanted.account.accountId } };
  return { account: { ...entry.account, accountId: 'SYN-MISTAKEN' } };
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}
