import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CompleteSequence, completeSequenceOf } from '../complete-sequence.ts';
import { type EntryRow, entryPosition, SEQUENCE_POSITION, type SequenceRow } from '../ledger-row.ts';
import { PostingTables } from '../posting-tables.fixture.ts';
import { type CorrectingLeg, completeSequence, correctionOf } from '../sequence.fixture.ts';
import { DynamoDbBalances } from './dynamodb-balances.ts';

let tables: PostingTables;
beforeAll(async () => {
  tables = await PostingTables.open();
});
afterAll(() => tables.close());
beforeEach(() => {
  tables.sent.length = 0;
  tables.before = async () => undefined;
});

/** A name for each sequence, so that no two runs share one. */
let last = 0;
const nextName = (): string => {
  last += 1;
  return String(last);
};

const correcting = (corrected: CompleteSequence, name: string, legs: readonly CorrectingLeg[]) =>
  completeSequenceOf(correctionOf(corrected, name, legs));

async function book(...sequences: CompleteSequence[]): Promise<void> {
  for (const { kind } of await tables.ledger().post(sequences)) expect(kind).toBe('posted');
}

function lose({ sequenceId }: CompleteSequence, position: string): Promise<unknown> {
  const TableName = tables.name('ledger');
  return tables.documents.send(new DeleteCommand({ TableName, Key: { sequenceId, position } }));
}

/** Writes an entry's row over with another amount, as nothing of ours does; false when it is lost. */
async function alter(sequence: CompleteSequence, number: number, minorUnits: string): Promise<boolean> {
  const position = entryPosition(number);
  const row = (await tables.rowsOf(sequence.sequenceId)).find((each) => each.position === position);
  if (row === undefined) return false;
  const Item = { ...row, amount: { minorUnits, currency: 'GBP' } };
  await tables.documents.send(new PutCommand({ TableName: tables.name('ledger'), Item }));
  return true;
}

/** Debits less credits of all entry rows. */
function netOf(rows: readonly (SequenceRow | EntryRow)[]): number {
  return rows.reduce((net, row) => {
    if (!('direction' in row)) return net;
    const amount = Number(row.amount.minorUnits);
    return row.direction === 'DEBIT' ? net + amount : net - amount;
  }, 0);
}

/** Debits and credits by account, of entry rows, or of what sequences' rows say that they move. */
function sumsOf(rows: readonly (SequenceRow | EntryRow)[], of: 'entries' | 'movements'): unknown {
  const sums = new Map<string, readonly [number, number]>();
  const add = (accountId: string, debits: number, credits: number): void => {
    const [before, andBefore] = sums.get(accountId) ?? [0, 0];
    sums.set(accountId, [before + debits, andBefore + credits]);
  };
  for (const row of rows) {
    if ('movements' in row) {
      if (of === 'movements')
        for (const { accountId, debits, credits } of row.movements)
          add(accountId, Number(debits), Number(credits));
    } else if (of === 'entries') {
      const amount = Number(row.amount.minorUnits);
      const isDebit = row.direction === 'DEBIT';
      add(row.account.accountId, isDebit ? amount : 0, isDebit ? 0 : amount);
    }
  }
  return new Map([...sums].filter(([, [debits, credits]]) => debits !== 0 || credits !== 0));
}

/** Lets each command wait for some turns of the event loop, so that what runs beside each other crosses. */
function interleave(numbers: Iterator<number>): void {
  tables.before = async () => {
    for (let turns = numbers.next().value ?? 0; turns > 0; turns -= 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
}

const amounts = fc.array(fc.integer({ min: 2, max: 10_000 }), { minLength: 1, maxLength: 3 });
const turns = fc.infiniteStream(fc.nat(6));

describe('a correcting sequence', () => {
  const damage = fc.record({ number: fc.integer({ min: 1, max: 6 }), by: fc.integer({ min: -1, max: 500 }) });
  const legs = fc.array(
    fc.record({ net: fc.integer({ min: -600, max: 600 }).filter((net) => net !== 0), exact: fc.boolean() }),
    { minLength: 1, maxLength: 3 },
  );

  it('is booked when it balances by itself or with what is booked, whatever was done to that, and else refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        amounts,
        fc.array(damage, { maxLength: 2 }),
        legs,
        turns,
        async (each, all, tries, numbers) => {
          const sequence = completeSequence(nextName(), each);
          await book(sequence);
          for (const { number, by } of all) {
            const position = ((number - 1) % sequence.entries.length) + 1;
            if (by < 0) await lose(sequence, entryPosition(position));
            else await alter(sequence, position, String(1 + by));
          }
          interleave(numbers);
          for (const [index, { net, exact }] of tries.entries()) {
            const before = await tables.booked(sequence.sequenceId);
            const off = netOf(before);
            const correction = correcting(sequence, String(index), [
              { accountId: 'ACC-RIGHT', net: exact && off !== 0 ? -off : net },
            ]);
            const [result] = await tables.ledger().post([correction]);
            const after = await tables.booked(sequence.sequenceId);
            if (
              off + netOf(after.filter(({ sequenceId }) => sequenceId === correction.sequenceId)) === 0 &&
              off !== 0
            ) {
              expect(result?.kind).toBe('posted');
              // What is folded is what the rows add up to, whatever had happened to them.
              expect(sumsOf(after, 'movements')).toEqual(sumsOf(after, 'entries'));
            } else {
              expect(result).toMatchObject({ kind: 'refused', reason: 'UNBALANCED_CORRECTION' });
              expect(after).toHaveLength(before.length);
            }
            // What was there is there as it was.
            expect(after).toEqual(expect.arrayContaining([...before]));
          }
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
  }, 60_000);

  it('is booked once of many that run beside each other, and leaves the sums equal', async () => {
    await fc.assert(
      fc.asyncProperty(amounts, fc.integer({ min: 2, max: 5 }), turns, async (each, many, numbers) => {
        const sequence = completeSequence(nextName(), each);
        await book(sequence);
        await lose(sequence, entryPosition(1));
        interleave(numbers);
        const legs = [{ accountId: 'ACC-RIGHT', net: each[0] ?? 0 }];
        const rivals = Array.from({ length: many }, (_, index) => correcting(sequence, String(index), legs));
        // Each comes twice, in runs of its own.
        const results = await Promise.all([...rivals, ...rivals].map((one) => tables.ledger().post([one])));
        const kinds = results
          .flat()
          .map((result) => (result.kind === 'refused' ? result.reason : result.kind));
        expect(kinds.filter((kind) => kind === 'posted')).toHaveLength(2);
        expect(kinds.filter((kind) => kind === 'UNBALANCED_CORRECTION')).toHaveLength(2 * many - 2);
        const rows = await tables.booked(sequence.sequenceId);
        expect(netOf(rows)).toBe(0);
        expect(rows.filter(({ correction }) => correction !== undefined)).toHaveLength(2);
      }),
      { numRuns: 25, endOnFailure: true },
    );
  }, 60_000);

  it('and sending the corrected one again exclude each other: the sums are equal whoever is first', async () => {
    const winners = new Set<string>();
    await fc.assert(
      fc.asyncProperty(amounts, turns, async (each, numbers) => {
        const sequence = completeSequence(nextName(), each);
        await book(sequence);
        await lose(sequence, entryPosition(2));
        interleave(numbers);
        const correction = correcting(sequence, 'x', [{ accountId: 'ACC-RIGHT', net: -(each[0] ?? 0) }]);
        const [[corrected], [again]] = await Promise.all([
          tables.ledger().post([correction]),
          tables.ledger().post([sequence]),
        ]);
        expect(again?.kind).toBe('posted');
        expect(['posted', 'refused']).toContain(corrected?.kind);
        winners.add(String(corrected?.kind));
        await book(sequence);
        expect(netOf(await tables.booked(sequence.sequenceId))).toBe(0);
      }),
      { numRuns: 40, endOnFailure: true },
    );
    expect([...winners].sort()).toEqual(['posted', 'refused']);
  }, 60_000);

  it('leaves balances as what the rows add up to: what stands for a lost row moves nothing, a contra its account', async () => {
    const sequence = completeSequence(nextName(), [100, 50]);
    const accountId = sequence.entries[0]?.account.accountId ?? '';
    const balances = new DynamoDbBalances(tables.documents, tables.name('balances'), tables.clock);
    const fold = async (): Promise<void> => {
      const rows = await tables.booked(sequence.sequenceId);
      await balances.fold(rows.filter((row): row is SequenceRow => row.position === SEQUENCE_POSITION));
    };
    await book(sequence);
    await fold();
    expect(await tables.debits(accountId)).toBe(150);
    await lose(sequence, entryPosition(1));
    await book(correcting(sequence, 'lost', [{ accountId, net: 100 }]));
    await fold();
    expect(await tables.debits(accountId)).toBe(150);
    // The row of 50 says 20 now: the ledger has 30 less, and the correction brings them back.
    await alter(sequence, 3, '20');
    await book(correcting(sequence, 'altered', [{ accountId, net: 30 }]));
    await fold();
    expect(await tables.debits(accountId)).toBe(150);
  });

  it('that balances by itself is booked beside what it corrects, and says so in all its rows', async () => {
    const sequence = completeSequence(nextName(), [100]);
    const correction = correcting(sequence, 'wrong account', [
      { accountId: 'ACC-RIGHT', net: 100 },
      { accountId: 'ACC-WRONG', net: -100 },
    ]);
    // In one run, and before what it corrects.
    const [first, second] = await tables.ledger().post([correction, sequence]);
    expect(second?.kind).toBe('posted');
    expect(first).toMatchObject({ kind: 'posted', posted: { correction: correction.correction } });
    const rows = (await tables.rows()).filter(({ sequenceId }) => sequenceId === correction.sequenceId);
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row.correction).toEqual(correction.correction);
    expect(await tables.ledger().post([correction])).toMatchObject([{ kind: 'posted' }]);
  });

  it('is refused with its reason when what it names is not booked, or corrects itself', async () => {
    const sequence = completeSequence(nextName(), [100]);
    const legs = [
      { accountId: 'ACC-RIGHT', net: 100 },
      { accountId: 'ACC-WRONG', net: -100 },
    ];
    const correction = correcting(sequence, 'a', legs);
    expect(await tables.ledger().post([correction])).toMatchObject([{ reason: 'CORRECTS_NOTHING' }]);
    await book(sequence, correction);
    expect(await tables.ledger().post([correcting(correction, 'b', legs)])).toMatchObject([
      { reason: 'CORRECTS_CORRECTION' },
    ]);
  });

  it('under the id of one that is booked with other sums is refused', async () => {
    const sequence = completeSequence(nextName(), [100]);
    const legs = (net: number) => [
      { accountId: 'ACC-RIGHT', net },
      { accountId: 'ACC-WRONG', net: -net },
    ];
    await book(sequence, correcting(sequence, 'a', legs(100)));
    expect(await tables.ledger().post([correcting(sequence, 'a', legs(99))])).toMatchObject([
      { reason: 'BOOKED_DIFFERENTLY' },
    ]);
  });
});

describe('a sequence that comes again', () => {
  it('adds what of it was lost, leaves what was altered, and is folded once, however often and beside whom', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(amounts, { minLength: 1, maxLength: 4 }),
        fc.array(fc.record({ what: fc.nat(30), to: fc.option(fc.integer({ min: 1, max: 9 })) }), {
          maxLength: 8,
        }),
        turns,
        async (all, harms, numbers) => {
          const sequences = all.map((each) => completeSequence(nextName(), each));
          const balances = new DynamoDbBalances(tables.documents, tables.name('balances'), tables.clock);
          const foldBooked = async (): Promise<void> => {
            const rows = (await Promise.all(sequences.map((each) => tables.rowsOf(each.sequenceId)))).flat();
            await balances.fold(rows.filter((row): row is SequenceRow => row.position === SEQUENCE_POSITION));
          };
          await book(...sequences);
          await foldBooked();
          const altered = new Map<string, string>();
          for (const { what, to } of harms) {
            const sequence = sequences[what % sequences.length];
            if (sequence === undefined) continue;
            const number = what % (sequence.entries.length + 1);
            const key = `${sequence.sequenceId} ${entryPosition(number)}`;
            if (number === 0) await lose(sequence, SEQUENCE_POSITION);
            else if (to === null) {
              await lose(sequence, entryPosition(number));
              altered.delete(key);
            } else if (await alter(sequence, number, String(to))) altered.set(key, String(to));
          }
          interleave(numbers);
          await Promise.all([
            tables.ledger().post(sequences),
            tables.ledger().post(sequences.toReversed()),
            ...sequences.map((sequence) => tables.ledger().post([sequence])),
          ]);
          await book(...sequences);
          await foldBooked();
          for (const sequence of sequences) {
            const rows = await tables.rowsOf(sequence.sequenceId);
            expect(rows).toHaveLength(sequence.entries.length + 1);
            for (const row of rows) {
              if (!('entryId' in row)) continue;
              const meant = sequence.entries[row.sequence.number - 1]?.amount.minorUnits;
              const amount = altered.get(`${sequence.sequenceId} ${row.position}`) ?? meant;
              expect(row.amount.minorUnits).toBe(amount);
            }
            const accountId = sequence.entries[0]?.account.accountId;
            expect(await tables.debits(accountId ?? '')).toBe(
              sequence.entries
                .filter(({ direction }) => direction === 'DEBIT')
                .reduce((sum, { amount }) => sum + Number(amount.minorUnits), 0),
            );
          }
        },
      ),
      { numRuns: 30, endOnFailure: true },
    );
  }, 60_000);

  it('costs no read when nothing of it is missing, and else one of its additions, one of its rows and one write', async () => {
    const sequences = [1, 2, 3].map((amount) => completeSequence(nextName(), [amount]));
    await book(...sequences);
    tables.sent.length = 0;
    await book(...sequences);
    expect(tables.sent).toEqual(['TransactWriteItemsCommand']);
    const [damaged] = sequences;
    if (damaged === undefined) throw new Error('there are three');
    await lose(damaged, entryPosition(1));
    tables.sent.length = 0;
    await book(...sequences);
    expect(tables.sent).toEqual([
      'TransactWriteItemsCommand',
      'QueryCommand',
      'BatchGetItemCommand',
      'TransactWriteItemsCommand',
    ]);
  });

  it('is not completed when it was corrected: the correction may stand for what is missing', async () => {
    const sequence = completeSequence(nextName(), [100]);
    await book(sequence);
    await lose(sequence, entryPosition(1));
    const correction = correcting(sequence, 'a', [{ accountId: 'ACC-RIGHT', net: 100 }]);
    await book(correction);
    await book(sequence);
    const rows = await tables.booked(sequence.sequenceId);
    expect(netOf(rows)).toBe(0);
    expect(rows).toHaveLength(4);
    // The correction itself is completed, for nothing corrects it.
    await lose(correction, entryPosition(1));
    await book(correction);
    expect(netOf(await tables.booked(sequence.sequenceId))).toBe(0);
  });
});
