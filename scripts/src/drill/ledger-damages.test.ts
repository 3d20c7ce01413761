import { describe, expect, it } from '@jest/globals';
import { identifierOf, sequenceIdOf } from '@payments/domain';
import type { EntryRow } from './damage.ts';
import { drawn, unknownId } from './draw.ts';
import { bookedSequence } from './drill.fixture.ts';
import { LEDGER_DAMAGES } from './ledger-damages.ts';

const sequence = bookedSequence('one');
const other = bookedSequence('other');

/** What the ledger's table has of the sequence, and what strange rows there are, after a damage. */
function after(name: string, seed: number): { readonly own: boolean; readonly rows: readonly EntryRow[] } {
  const damage = LEDGER_DAMAGES.find((each) => each.name === name);
  const change = damage?.change(sequence, {
    below: (limit) => drawn(seed, name) % limit,
    other,
    unknownId: unknownId(seed),
  });
  const rows = new Map(sequence.entries.map((entry) => [entry.position, entry]));
  for (const row of change?.send ?? []) rows.set(`!${row.position}`, row);
  const removed = (change?.remove ?? []).map(({ position }) => position);
  for (const position of removed) rows.delete(position);
  for (const row of change?.put ?? [])
    rows.set(`${row.sequenceId === sequence.sequenceId ? '' : '!'}${row.position}`, row);
  return { own: !removed.includes('SEQUENCE'), rows: [...rows.values()] };
}

describe('damage to the ledger', () => {
  it.each(LEDGER_DAMAGES.map(({ name }) => name))(
    '%s changes what is booked, the same for the same seed',
    (name) => {
      for (let seed = 0; seed < 20; seed += 1) {
        expect(after(name, seed)).toEqual(after(name, seed));
        expect(after(name, seed)).not.toEqual({ own: true, rows: sequence.entries });
      }
    },
  );

  it('differs in one thing alone', () => {
    const differing = (name: string): string[] =>
      after(name, 3).rows.flatMap((row, index) => {
        const before = sequence.entries[index];
        const keys = Object.keys(row) as (keyof EntryRow)[];
        return keys.filter((key) => JSON.stringify(row[key]) !== JSON.stringify(before?.[key]));
      });
    expect(differing('amount-off-by-one')).toEqual(['amount']);
    expect(differing('amount-altered')).toEqual(['amount']);
    expect(differing('wrong-direction')).toEqual(['direction']);
    expect(differing('wrong-account')).toEqual(['account']);
    expect(differing('wrong-currency')).toEqual(['amount']);
    expect(differing('wrong-date')).toEqual(['bookingDate', 'bookingDate']);
  });

  it('takes a row out, takes all out, or puts one in', () => {
    expect(after('row-lost', 1)).toMatchObject({ own: true, rows: [{}] });
    expect(after('sequence-lost', 1)).toEqual({ own: false, rows: [] });
    expect(after('row-doubled', 1).rows).toHaveLength(3);
    expect(after('orphan-row', 1).rows).toHaveLength(3);
  });

  it('sends entries of a sequence of their own that do not balance', () => {
    const sent = after('unbalanced-sequence', 1).rows.slice(2);
    expect(new Set(sent.map(({ sequence: { id } }) => id))).toEqual(
      new Set([sequenceIdOf(identifierOf(unknownId(1)))]),
    );
    const net = sent.reduce((sum, { direction, amount }) => {
      return sum + (direction === 'DEBIT' ? 1 : -1) * Number(amount.minorUnits);
    }, 0);
    expect(Math.abs(net)).toBe(1);
  });
});
