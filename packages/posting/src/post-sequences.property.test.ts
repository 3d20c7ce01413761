import { describe, expect, it } from '@jest/globals';
import type { PostingEntryCreatedRecord } from '@payments/schemas';
import { contracts } from '@payments/schemas/contracts';
import fc from 'fast-check';
import type { CompleteSequence } from './complete-sequence.ts';
import { foldsOf } from './fold-balances.ts';
import { postedSequenceOf, refusalOf, type SequenceRow, sequenceRowOf } from './ledger-row.ts';
import type { IncompleteSequence, PostingResult, PostingSystem, SequenceAssembly } from './ports.ts';
import { postSequences } from './post-sequences.ts';
import { completeSequence, correctionOf, sequence } from './sequence.fixture.ts';
import { watchSequences } from './watch-sequences.ts';

/** Ports in memory that keep to what the ports promise; `losesAnswer` books but then says that it is not known. */
function memoryPorts(losesAnswer: () => boolean = () => false) {
  const rows = new Map<string, SequenceRow>();
  const entries: unknown[] = [];
  const kept = new Map<string, PostingEntryCreatedRecord>();
  const postingSystem: PostingSystem = {
    post: async (inputs) => inputs.map(book),
    find: async (ids) =>
      new Map(
        ids.flatMap((id) => {
          const row = rows.get(id);
          return row === undefined ? [] : [[id, postedSequenceOf(row)] as const];
        }),
      ),
  };
  const book = (input: CompleteSequence): PostingResult => {
    const refusal = refusalOf(input);
    if (refusal !== undefined) return { kind: 'refused', ...refusal };
    if (!rows.has(input.sequenceId)) {
      rows.set(input.sequenceId, sequenceRowOf(input));
      entries.push(...input.entries);
    }
    if (losesAnswer()) return { kind: 'unknown', cause: new Error('the answer was lost') };
    return { kind: 'posted', posted: postedSequenceOf(sequenceRowOf(input)) };
  };
  const assembly: SequenceAssembly = {
    keep: async (records, ids) => {
      for (const record of records) kept.set(record.entry.entryId, record);
      return [...kept.values()].filter(({ entry }) => ids.includes(entry.sequence.id));
    },
    forget: async (records) => {
      for (const { entry } of records) kept.delete(entry.entryId);
    },
    incomplete: async () =>
      [...Map.groupBy(kept.values(), ({ entry }) => entry.sequence.id)].map(
        ([sequenceId, group]): IncompleteSequence => ({
          sequenceId,
          transactionId: group[0]?.transactionId ?? '',
          scheme: group[0]?.scheme ?? '',
          loggedAt: group[0]?.loggedAt ?? '',
          lifecycleId: group[0]?.lifecycleId ?? '',
          present: group.map(({ entry }) => entry.sequence.number),
          count: group[0]?.entry.sequence.count ?? 0,
          since: 0,
        }),
      ),
    forgetSequence: async ({ sequenceId }) => {
      for (const [id, { entry }] of kept) if (entry.sequence.id === sequenceId) kept.delete(id);
    },
  };
  return { ports: { assembly, postingSystem }, rows, entries, kept };
}

const sequences = fc
  .array(fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((all) => all.map((amounts, index) => sequence(String(index), amounts)));

describe('posting', () => {
  it('books each sequence once, whatever the order, the grouping and the repetition of its entries', async () => {
    await fc.assert(
      fc.asyncProperty(
        sequences,
        fc.infiniteStream(fc.nat(1000)),
        fc.boolean(),
        async (all, numbers, losing) => {
          const random = (below: number): number => (numbers.next().value ?? 0) % below;
          const { ports, rows, entries, kept } = memoryPorts(() => losing && random(4) === 0);
          const pending = all.flat().flatMap((entry) => Array.from({ length: 1 + random(3) }, () => entry));
          pending.sort(() => random(2) - 0.5);
          const posted = new Set<string>();
          while (pending.length > 0) {
            const batch = pending.splice(0, 1 + random(6));
            const results = await postSequences(batch, ports);
            for (const record of batch) {
              const result = results.get(record.entry.sequence.id);
              if (result?.kind === 'posted') posted.add(record.entry.sequence.id);
              // What is not known comes again, as the queue would give it.
              if (result?.kind === 'unknown') pending.push(record);
            }
          }
          await watchSequences(ports, 1, 1);
          expect(rows.size).toBe(all.length);
          expect(entries).toHaveLength(all.flat().length);
          expect(posted.size).toBe(all.length);
          expect(kept.size).toBe(0);
        },
      ),
    );
  });

  it('keeps an incomplete sequence where it is seen, and calls it late in time', async () => {
    const { ports, rows } = memoryPorts();
    const [first, , third] = sequence('a', [100, 200]);
    if (first === undefined || third === undefined) throw new Error('the sequence has four entries');
    const results = await postSequences([third, first], ports);
    expect([...results.values()]).toEqual([{ kind: 'incomplete' }]);
    expect(rows.size).toBe(0);
    const [waiting] = (await watchSequences(ports, 59_999, 60_000)).waiting;
    expect(waiting).toMatchObject({ count: 4, present: [1, 3] });
    expect((await watchSequences(ports, 59_999, 60_000)).late).toEqual([]);
    expect((await watchSequences(ports, 60_000, 60_000)).late).toHaveLength(1);
  });

  it('refuses what does not balance, with an event that keeps its contract', async () => {
    const { ports, rows } = memoryPorts();
    const [debit, credit] = sequence('a', [100]);
    if (debit === undefined || credit === undefined) throw new Error('the sequence has two entries');
    const bent = { ...credit, entry: { ...credit.entry, amount: { minorUnits: '99', currency: 'GBP' } } };
    const [result] = (await postSequences([debit, bent], ports)).values();
    if (result?.kind !== 'failed') throw new Error('it should have failed');
    expect(result.record.reason).toBe('UNBALANCED');
    expect(contracts.TransactionPostingFailed.produces(result.record)).toBe(true);
    expect(rows.size).toBe(0);
  });

  it('sets a sequence aside that contradicts itself, and posts its neighbours', async () => {
    const { ports } = memoryPorts();
    const [debit, credit] = sequence('a', [100]);
    if (debit === undefined || credit === undefined) throw new Error('the sequence has two entries');
    const other = { ...credit, entry: { ...credit.entry, sequence: { ...credit.entry.sequence, count: 3 } } };
    const results = await postSequences([debit, other, ...sequence('b', [5])], ports);
    expect([...results.values()].map(({ kind }) => kind).sort()).toEqual(['inconsistent', 'posted']);
  });

  it('sets entries aside that correct two sequences and claim to be one', async () => {
    const { ports } = memoryPorts();
    const corrected = completeSequence('a', [100]);
    const legs = [
      { accountId: 'ACC-A', net: 1 },
      { accountId: 'ACC-B', net: -1 },
    ];
    const [first, second] = correctionOf(corrected, 'x', legs);
    if (first === undefined || second === undefined) throw new Error('it has two entries');
    const { correction: _correction, ...entry } = second.entry;
    const results = await postSequences([first, { ...second, entry }], ports);
    expect([...results.values()]).toMatchObject([{ kind: 'inconsistent' }]);
  });

  it('says of a correction what it corrects, under keys of its own', async () => {
    const { ports } = memoryPorts();
    const legs = [
      { accountId: 'ACC-A', net: 1 },
      { accountId: 'ACC-B', net: -1 },
    ];
    const corrected = completeSequence('a', [100]);
    const records = [
      ...sequence('a', [100]),
      ...correctionOf(corrected, 'x', legs),
      ...correctionOf(corrected, 'y', legs),
    ];
    const said = [...(await postSequences(records, ports)).values()].flatMap((result) =>
      result.kind === 'posted' ? result.record : [],
    );
    expect(said.map(({ correction }) => correction?.sequenceId)).toEqual([
      undefined,
      corrected.sequenceId,
      corrected.sequenceId,
    ]);
    expect(new Set(said.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
    for (const record of said) expect(contracts.TransactionPosted.produces(record)).toBe(true);
  });

  it('says what was posted in a record that keeps its contract', async () => {
    const { ports } = memoryPorts();
    const [result] = (await postSequences(sequence('a', [2599]), ports)).values();
    if (result?.kind !== 'posted') throw new Error('it should have been posted');
    expect(contracts.TransactionPosted.produces(result.record)).toBe(true);
    expect(result.record.controlTotals.currencies).toEqual([
      { currency: 'GBP', debits: '2599', credits: '2599' },
    ]);
  });
});

describe('folding balances', () => {
  it('adds every movement once, in folds of bounded size', () => {
    fc.assert(
      fc.property(sequences, fc.integer({ min: 3, max: 12 }), (all, actionsMax) => {
        const rows = all.map((entries) => rowOf(entries));
        const folds = foldsOf(rows, actionsMax);
        expect(folds.flatMap(({ sequenceIds }) => sequenceIds)).toEqual(
          rows.map(({ sequenceId }) => sequenceId),
        );
        const total = (side: 'debits' | 'credits'): bigint =>
          folds.flatMap(({ changes }) => changes).reduce((sum, change) => sum + change[side], 0n);
        const expected =
          all.flat().reduce((sum, { entry }) => sum + BigInt(entry.amount.minorUnits), 0n) / 2n;
        expect([total('debits'), total('credits')]).toEqual([expected, expected]);
        for (const fold of folds) {
          if (fold.sequenceIds.length > 1)
            expect(fold.sequenceIds.length + fold.changes.length).toBeLessThanOrEqual(actionsMax);
        }
      }),
    );
  });
});

function rowOf(entries: readonly PostingEntryCreatedRecord[]): SequenceRow {
  const [first] = entries;
  if (first === undefined) throw new Error('a sequence has entries');
  const { transactionId, scheme, loggedAt, lifecycleId, entry } = first;
  return sequenceRowOf({
    sequenceId: entry.sequence.id,
    transactionId,
    scheme,
    loggedAt,
    lifecycleId,
    bookingDate: entry.bookingDate,
    valueDate: entry.valueDate,
    controlTotals: { count: entries.length, currencies: [], hashTotal: '0' },
    entries: entries.map((record) => record.entry),
  });
}
