import { describe, expect, it } from '@jest/globals';
import type { PostingEntry } from '@payments/schemas';
import { entryRowsOf, ledgerReferenceOf, postedSequenceOf, sequenceRowOf } from './ledger-row.ts';
import { completeSequence } from './sequence.fixture.ts';

const sequence = completeSequence('A', [2599, 100]);

describe('the rows of a sequence', () => {
  it('keep everything that an entry says, of holds and of what it takes back too', () => {
    const said = {
      holdRef: sequence.sequenceId,
      holdRelease: 'PARTIAL',
      reversalOf: sequence.transactionId,
    } as const;
    const entries: PostingEntry[] = sequence.entries.map((entry) => ({ ...entry, ...said }));
    const rows = entryRowsOf({ ...sequence, entries });
    expect(rows).toHaveLength(4);
    for (const [index, row] of rows.entries()) expect(row).toMatchObject({ ...entries[index] });
  });

  it('are in the index of statements when they are on a customer’s account, in the order of their booking', () => {
    const rows = entryRowsOf(sequence);
    const indexed = rows.filter((row) => 'customerAccountId' in row);
    expect(indexed.map((row) => row['customerAccountId'])).toEqual(['ACC-A', 'ACC-A']);
    expect(indexed.map((row) => row['position'])).toEqual(['ENTRY#01', 'ENTRY#03']);
    expect(indexed.map((row) => row['bookedOrder'])).toEqual([
      `2026-11-15#2026-11-15T10:15:01Z#${sequence.sequenceId}#01`,
      `2026-11-15#2026-11-15T10:15:01Z#${sequence.sequenceId}#03`,
    ]);
    expect(rows.filter((row) => 'bookedOrder' in row)).toHaveLength(2);
  });

  it('stand under the reference of whatever booked them', () => {
    expect(postedSequenceOf(sequenceRowOf(sequence)).postingReference).toBe(
      ledgerReferenceOf(sequence.sequenceId),
    );
    expect(postedSequenceOf(sequenceRowOf(sequence, 'CORE-7')).postingReference).toBe('CORE-7');
  });
});
