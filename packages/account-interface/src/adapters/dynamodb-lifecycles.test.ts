import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesizeStacks } from '@payments/infra/testing';
import { type LocalCloud, openCloud } from '@payments/local-cloud';
import fc from 'fast-check';
import { accountSums } from '../account-sums.fixture.ts';
import { anyStory, playInAnyOrder, recordsOf, sumsOf } from '../any-order.fixture.ts';
import { approved, gbp, HOLDING, reversalOf } from '../approved.fixture.ts';
import { createPostingEntries } from '../create-posting-entries.ts';
import { lines, StageRun, WINDOW_MS } from '../stage-run.fixture.ts';
import { DynamoDbLifecycles } from './dynamodb-lifecycles.ts';

const RETENTION_DAYS = 60;
const DAY_MS = 86_400_000;

/** The table as the stack of this stage declares it, alone, in a cloud of its own. */
function tableStack(): string {
  const stack = synthesizeStacks('account-interface', new URL('../infra.ts', import.meta.url)).in('local');
  const { server_side_encryption: _key, ...table } = stack.resource('aws_dynamodb_table', 'lifecycles');
  return JSON.stringify({
    terraform: { backend: { local: { path: 'terraform.tfstate' } } },
    provider: { aws: [{ region: 'eu-west-2' }] },
    resource: { aws_dynamodb_table: { lifecycles: table } },
  });
}

describe('life cycles on a table', () => {
  let cloud: LocalCloud;
  let documents: DynamoDBDocumentClient;
  let calls: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'lifecycles-'));

  beforeAll(async () => {
    cloud = await openCloud({ dataDirectory: ':memory:', host: 'in-process' });
    const path = join(folder, 'cdk.tf.json');
    writeFileSync(path, tableStack());
    await cloud.deploy(path);
    documents = DynamoDBDocumentClient.from(new DynamoDBClient(cloud.sdkConfiguration()), {
      marshallOptions: { removeUndefinedValues: true },
    });
    documents.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          calls.push(String(commandName));
          return next(args);
        },
      { step: 'initialize' },
    );
  });
  afterAll(async () => {
    await cloud.close();
    rmSync(folder, { recursive: true });
  });

  function runOnTable(): StageRun {
    const clock = { now: () => 0, sleep: async () => undefined };
    const name = 'payments-local-account-interface-lifecycles';
    const keeping = { retentionDays: RETENTION_DAYS, windowMs: WINDOW_MS };
    return new StageRun(new DynamoDbLifecycles(documents, { name, clock, ...keeping }));
  }

  /** A number for each life cycle, so that no two tests share one. */
  let last = 0;
  const nextLifecycle = (): string => {
    last += 1;
    return `VISA-${last}`;
  };

  it('come to the same in any order, repeated, and in runs beside each other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer().chain(() => anyStory(nextLifecycle())),
        fc.infiniteStream(fc.nat(1000)),
        async (story, numbers) => {
          const random = (below: number): number => (numbers.next().value ?? 0) % below;
          const run = runOnTable();
          await playInAnyOrder(run, recordsOf(story), random);
          expect(accountSums(run.entries())).toEqual(await sumsOf(story));
        },
      ),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it('take one write for 25 originals and one read for 100', async () => {
    const originals = Array.from({ length: 130 }, (_, index) =>
      approved({ stan: '000001', amount: gbp('100'), billed: gbp('100'), lifecycleId: `VISA-MANY-${index}` }),
    );
    calls = [];
    await runOnTable().give(...originals);
    expect(calls.filter((call) => call === 'BatchWriteItemCommand')).toHaveLength(6);
    expect(calls.filter((call) => call === 'BatchGetItemCommand')).toHaveLength(2);
    expect(calls).toHaveLength(8);
  });

  it('take a write, a query and a write for a reversal', async () => {
    const purchase = approved({
      stan: '000001',
      amount: gbp('1'),
      billed: gbp('1'),
      lifecycleId: nextLifecycle(),
    });
    const run = runOnTable();
    await run.give(purchase);
    calls = [];
    await run.give(reversalOf(purchase, '000002'));
    expect(calls).toEqual(['UpdateItemCommand', 'QueryCommand', 'PutItemCommand']);
  });

  it('keep only what is due in the index, and rows as long as they are needed', async () => {
    const lifecycleId = nextLifecycle();
    const held = approved({
      stan: '000001',
      amount: gbp('1'),
      billed: gbp('1'),
      product: HOLDING,
      lifecycleId,
    });
    const other = nextLifecycle();
    const lone = reversalOf({ ...held, lifecycleId: other }, '000002');
    const run = runOnTable();
    await run.give(held, lone);
    run.now += WINDOW_MS;
    expect(lines(await run.sweep())).toEqual(['BREAK REVERSAL_WITHOUT_ORIGINAL']);
    expect(await run.sweep()).toEqual([]);
    run.now = Date.parse(held.loggedAt) + 7 * DAY_MS;
    // Holds of other tests are over by then as well.
    expect(lines(await run.sweep())).toContain('HOLD_EXPIRE EXPIRED 0.01 -> 0.00 GBP');
    expect(await run.sweep()).toEqual([]);
    const { Items = [] } = await documents.send(
      new ScanCommand({
        TableName: 'payments-local-account-interface-lifecycles',
        FilterExpression: 'lifecycleId = :held OR lifecycleId = :other',
        ExpressionAttributeValues: { ':held': lifecycleId, ':other': other },
      }),
    );
    const loggedAt = Date.parse(held.loggedAt);
    const kept = Items.map(({ lifecycleId: id, expiresAt, due }) => [id, due, expiresAt]);
    expect(kept.sort()).toEqual([
      [lifecycleId, undefined, (loggedAt + 67 * DAY_MS) / 1000],
      [lifecycleId, undefined, (loggedAt + 67 * DAY_MS) / 1000],
      [other, undefined, (loggedAt + 60 * DAY_MS) / 1000],
    ]);
    expect(JSON.stringify(Items)).not.toContain(held.account.holder);
  });

  it('refuse more followers than one life cycle can have in earnest, and those alone', async () => {
    const purchase = approved({
      stan: '000001',
      amount: gbp('1'),
      billed: gbp('1'),
      lifecycleId: nextLifecycle(),
    });
    const run = runOnTable();
    const reversals = Array.from({ length: 101 }, (_, index) =>
      reversalOf(purchase, String(index + 2).padStart(6, '0')),
    );
    const outcomes = await createPostingEntries([purchase, ...reversals], run.ports);
    const refused = outcomes.filter(({ kind }) => kind === 'failed');
    expect(refused).toMatchObject([{ cause: { code: 'LIFECYCLE_TOO_LONG', retryable: false } }]);
  });
});
