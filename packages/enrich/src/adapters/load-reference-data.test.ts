import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalCloud, openCloud } from '@payments/local-cloud';
import type { ReferenceData } from '@payments/schemas';
import { enrichTransaction } from '../enrich-transaction.ts';
import { gatherReferences } from '../gather-references.ts';
import { referenceDataWith } from '../reference-data.fixture.ts';
import { standardized, USD_AMOUNTS } from '../standardized.fixture.ts';
import { DynamoDBReferenceData } from './dynamodb-reference-data.ts';
import { currentCards, loadReferenceData, planReferenceLoad } from './load-reference-data.ts';
import { CURRENT, manifestOf } from './reference-items.ts';

const REGION = 'eu-west-2';
const clock = { now: Date.now, sleep: async () => {} };

let cloud: LocalCloud;
let documents: DynamoDBDocumentClient;
let table: string;
let tables = 0;

beforeAll(async () => {
  cloud = await openCloud({
    account: { id: '000000000000', region: REGION },
    dataDirectory: ':memory:',
    host: 'in-process',
  });
  documents = DynamoDBDocumentClient.from(new DynamoDBClient(cloud.sdkConfiguration()));
});

afterAll(() => cloud.close());

beforeEach(async () => {
  tables += 1;
  table = `reference-${tables}`;
  await documents.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
});

const load = (data: ReferenceData) => loadReferenceData(documents, table, data);

/** A cheaper mark-up, as another version. */
function cheaper(version = 'v2'): ReferenceData {
  const { products } = referenceDataWith();
  return referenceDataWith({
    version,
    products: products.map((product) => ({ ...product, fxMarkupBasisPoints: 150 })),
  });
}

async function enrichedWith(version: string) {
  const referenceData = new DynamoDBReferenceData(documents, { table, cacheSeconds: 0, version, clock });
  const record = standardized({ TxAmts: USD_AMOUNTS });
  return enrichTransaction(record, await gatherReferences([record], await referenceData.version()));
}

async function idsInTable(): Promise<string[]> {
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: table }));
  return Items.map(({ id }) => String(id)).sort();
}

describe('a version of the reference data', () => {
  it('gives the same output for the same input, whatever is loaded after it', async () => {
    await load(referenceDataWith({ version: 'v1' }));
    const before = await enrichedWith(CURRENT);
    expect([before.referenceVersion, before.product?.fxMarkupBasisPoints]).toEqual(['v1', 299]);

    await load(cheaper());
    const after = await enrichedWith(CURRENT);
    expect([after.referenceVersion, after.product?.fxMarkupBasisPoints]).toEqual(['v2', 150]);

    expect(await enrichedWith(before.referenceVersion)).toEqual(before);
    expect(await enrichedWith(after.referenceVersion)).toEqual(after);
  });

  it('can be made the current one again', async () => {
    await load(referenceDataWith({ version: 'v1' }));
    await load(cheaper());
    const { versionBefore, changes } = await load(referenceDataWith({ version: 'v1' }));
    expect(versionBefore).toBe('v2');
    expect(changes.some(({ isWritten }) => isWritten)).toBe(false);
    expect((await enrichedWith(CURRENT)).referenceVersion).toBe('v1');
  });

  it('never changes: the same name with other rows is refused, and nothing is written', async () => {
    await load(referenceDataWith({ version: 'v1' }));
    const ids = await idsInTable();
    await expect(load(cheaper('v1'))).rejects.toMatchObject({
      code: 'REFERENCE_VERSION_TAKEN',
      message: expect.stringContaining('v1 is loaded already, with other products:'),
    });
    expect(await idsInTable()).toEqual(ids);
  });

  it('may be loaded twice', async () => {
    await load(referenceDataWith());
    const ids = await idsInTable();
    const { changes } = await load(referenceDataWith());
    expect(changes.some(({ isWritten }) => isWritten)).toBe(false);
    expect(await idsInTable()).toEqual(ids);
  });

  it('is the same in whatever order a file has its rows and their members', () => {
    const data = referenceDataWith();
    const turned: ReferenceData = {
      ...data,
      merchantCategories: data.merchantCategories
        .toReversed()
        .map((row) => Object.fromEntries(Object.entries(row).toReversed()) as typeof row),
    };
    expect(manifestOf(turned)).toEqual(manifestOf(data));
  });
});

describe('loading', () => {
  it('says what changes, and writes only the rows of sets that do', async () => {
    const first = await load(referenceDataWith({ version: 'v1' }));
    expect(first.versionBefore).toBeUndefined();
    expect(first.changes.map(({ set, after, isWritten }) => [set, after.rows, isWritten])).toEqual([
      ['accounts', 1, true],
      ['cards', 1, true],
      ['products', 1, true],
      ['merchantCategories', 2, true],
      ['rates', 1, true],
    ]);
    const ids = await idsInTable();
    const plan = await planReferenceLoad(documents, table, cheaper());
    expect(await idsInTable()).toEqual(ids);
    expect(await load(cheaper())).toEqual(plan);
    expect(plan.changes.flatMap(({ set, isWritten }) => (isWritten ? [set] : []))).toEqual(['products']);
    const added = (await idsInTable()).filter((id) => !ids.includes(id));
    expect(added.map((id) => id.replace(/@.*#/, '@…#'))).toEqual([
      'MANIFEST#v2',
      'PRODUCT@…#CURRENT_STANDARD',
    ]);
  });

  it('that ends half-way is seen by nobody, and can be done again', async () => {
    await load(referenceDataWith({ version: 'v1' }));
    const before = await enrichedWith(CURRENT);
    for (const writes of [1, 2]) {
      await expect(loadReferenceData(failingAfter(writes), table, cheaper())).rejects.toThrow('power cut');
      expect(await enrichedWith(CURRENT)).toEqual(before);
    }
    await load(cheaper());
    expect((await enrichedWith(CURRENT)).product?.fxMarkupBasisPoints).toBe(150);
  });

  it('makes nothing current when another load came between', async () => {
    await load(referenceDataWith({ version: 'v1' }));
    const overtaken = beforeCurrentIsPut(() => load(referenceDataWith({ version: 'v3', rates: [] })));
    await expect(loadReferenceData(overtaken, table, cheaper())).rejects.toMatchObject({
      code: 'REFERENCE_LOAD_OVERTAKEN',
      retryable: true,
    });
    expect((await enrichedWith(CURRENT)).referenceVersion).toBe('v3');
  });

  it('finds the cards of the current version again', async () => {
    expect(await currentCards(documents, table)).toEqual([]);
    const data = referenceDataWith({ version: 'v1' });
    await load(data);
    await load(referenceDataWith({ version: 'v2', cards: [] }));
    expect(await currentCards(documents, table)).toEqual([]);
    await load(data);
    expect(await currentCards(documents, table)).toEqual(data.cards);
  });
});

/** The table's client, which fails after so many writes. */
function failingAfter(writes: number): DynamoDBDocumentClient {
  let left = writes;
  return watched(async (command) => {
    const isWrite = /Put|Write/.test(command);
    if (isWrite && left === 0) throw new Error('power cut');
    if (isWrite) left -= 1;
  });
}

/** The table's client, which lets somebody else in before its second put, the one of the current version. */
function beforeCurrentIsPut(somethingElse: () => Promise<unknown>): DynamoDBDocumentClient {
  let puts = 0;
  return watched(async (command) => {
    puts += command.startsWith('Put') ? 1 : 0;
    if (puts === 2) await somethingElse();
  });
}

/** The table's client, which tells of each command before it is sent. */
function watched(before: (command: string) => Promise<void>): DynamoDBDocumentClient {
  const client = new DynamoDBClient(cloud.sdkConfiguration());
  client.middlewareStack.add((next, context) => async (args) => {
    await before(String(context['commandName']));
    return next(args);
  });
  return DynamoDBDocumentClient.from(client);
}
