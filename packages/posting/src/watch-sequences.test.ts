import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contracts } from '@payments/schemas/contracts';
import { DynamoDbSequenceAssembly } from './adapters/dynamodb-sequence-assembly.ts';
import { entryPosition } from './ledger-row.ts';
import { postSequences } from './post-sequences.ts';
import { PostingTables } from './posting-tables.fixture.ts';
import { sequence } from './sequence.fixture.ts';
import { delayedRecord, hourOf, watchSequences } from './watch-sequences.ts';

const MINUTE_MS = 60_000;
const LATE_AFTER_MS = 5 * MINUTE_MS;
/** Ten minutes past an hour. */
const START = Date.UTC(2026, 10, 22, 12, 10);

let tables: PostingTables;
let now = START;
let assembly: DynamoDbSequenceAssembly;
beforeAll(async () => {
  tables = await PostingTables.open();
  const clock = { ...tables.clock, now: () => now };
  assembly = new DynamoDbSequenceAssembly(tables.documents, tables.name('assembly'), clock);
});
afterAll(() => tables.close());

const ports = () => ({ assembly, postingSystem: tables.ledger() });

/** One run of the watch; gives what it says. */
async function watch() {
  const { unsaid } = await watchSequences(ports(), now, LATE_AFTER_MS);
  const records = unsaid.map((each) => delayedRecord(each, hourOf(now)));
  await assembly.remember(unsaid, hourOf(now));
  return records;
}

describe('a sequence of which entries are missing', () => {
  it('is said to be late once in each hour, by a record that keeps its contract and its key', async () => {
    now = START;
    const entries = sequence('late', [100, 200]);
    await postSequences(
      [entries[2], entries[0]].flatMap((each) => each ?? []),
      ports(),
    );
    expect(await watch()).toEqual([]);
    now += LATE_AFTER_MS;
    const [record] = await watch();
    expect(record).toMatchObject({
      present: [1, 3],
      since: '2026-11-22T12:10:00.000Z',
      sequence: { count: 4 },
    });
    expect(contracts.TransactionPostingDelayed.produces(record)).toBe(true);
    now += MINUTE_MS;
    expect(await watch()).toEqual([]);
    // An entry that comes again writes over what was remembered: it is the same record then.
    await postSequences(entries.slice(0, 1), ports());
    await postSequences(entries.slice(2, 3), ports());
    now += LATE_AFTER_MS;
    expect((await watch()).map(({ idempotencyKey }) => idempotencyKey)).toEqual([record?.idempotencyKey]);
    now += 60 * MINUTE_MS;
    const [next] = await watch();
    expect(next?.idempotencyKey).not.toBe(record?.idempotencyKey);
    expect(await watch()).toEqual([]);
    // What came to its end meanwhile is not made again.
    const { late } = await watchSequences(ports(), now, LATE_AFTER_MS);
    await postSequences(entries, ports());
    await assembly.forget(entries);
    await assembly.remember(late, hourOf(now));
    expect(await assembly.incomplete()).toEqual([]);
  });
});

describe('entries of a booked sequence that come again one by one', () => {
  it('are kept until all have come, add what the ledger has lost, and are forgotten', async () => {
    now = START;
    const entries = sequence('again', [100, 200]);
    const [first] = entries;
    if (first === undefined) throw new Error('a sequence has entries');
    await postSequences(entries, ports());
    const sequenceId = first.entry.sequence.id;
    const Key = { sequenceId, position: entryPosition(2) };
    await tables.documents.send(new DeleteCommand({ TableName: tables.name('ledger'), Key }));
    for (const entry of entries) {
      const [result] = (await postSequences([entry], ports())).values();
      expect(result?.kind).toBe('posted');
      expect(await watch()).toEqual([]);
    }
    expect(await tables.rowsOf(sequenceId)).toHaveLength(5);
    expect(await assembly.incomplete()).toEqual([]);
  });

  it('are forgotten in time when the others do not come', async () => {
    now = START;
    const entries = sequence('partly', [100]);
    await postSequences(entries, ports());
    await postSequences(entries.slice(0, 1), ports());
    await watch();
    expect(await assembly.incomplete()).toHaveLength(1);
    now += LATE_AFTER_MS;
    expect(await watch()).toEqual([]);
    expect(await assembly.incomplete()).toEqual([]);
  });
});
