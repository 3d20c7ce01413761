import { describe, expect, it } from '@jest/globals';
import type { TransactionPostingApprovedRecord } from '@payments/schemas';
import { approved, gbp, HOLDING, original, reversalOf, usd } from './approved.fixture.ts';
import { MemoryLifecycles } from './memory-lifecycles.fixture.ts';
import type { ReadLifecycle } from './ports.ts';
import { lines, StageRun, WINDOW_MS } from './stage-run.fixture.ts';

const DAY_MS = 86_400_000;
const LIFECYCLE = 'VISA-412345-631911100002';
const purchase = approved({
  stan: '000001',
  amount: usd('10000'),
  billed: gbp('7912'),
  description: 'CARD PURCHASE GRILL',
  lifecycleId: LIFECYCLE,
});
const increment = approved({
  stan: '000002',
  amount: gbp('1000'),
  billed: gbp('1000'),
  lifecycleId: LIFECYCLE,
});
const full = reversalOf(purchase, '000003');
const to60 = reversalOf(purchase, '000004', { replacement: usd('6000'), replacementBilled: gbp('4747') });
const to80 = reversalOf(purchase, '000005', { replacement: usd('8000'), replacementBilled: gbp('6330') });

/** Gives records one after the other; the lines that each leads to. */
async function story(...records: readonly TransactionPostingApprovedRecord[]): Promise<string[][]> {
  const run = new StageRun();
  const told: string[][] = [];
  for (const record of records) told.push(lines(await run.give(record)));
  return told;
}

/** The lines without what is said again of messages that came before. */
async function news(...records: readonly TransactionPostingApprovedRecord[]): Promise<string[][]> {
  const run = new StageRun();
  const told: string[][] = [];
  const heard = new Set<string>();
  for (const record of records) {
    const said = (await run.give(record)).filter(
      ({ record: { idempotencyKey } }) => !heard.has(idempotencyKey),
    );
    for (const { record: each } of said) heard.add(each.idempotencyKey);
    told.push(lines(said));
  }
  return told;
}

/** What an account has in the end, debits less credits, by account and currency. */
function balances(run: StageRun): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const { account, amount, direction } of run.entries()) {
    const key = `${account.accountId} ${amount.currency}`;
    const size = BigInt(amount.minorUnits);
    sums[key] = (sums[key] ?? 0n) + (direction === 'DEBIT' ? size : -size);
  }
  return sums;
}

async function ends(
  ...records: readonly TransactionPostingApprovedRecord[]
): Promise<Record<string, bigint>> {
  const run = new StageRun();
  for (const record of records) await run.give(record);
  return balances(run);
}

const MIRROR = [
  '1/6 Dr SUSP 79.12 GBP | REVERSAL GRILL',
  '2/6 Cr CUST 79.12 GBP | REVERSAL GRILL',
  '3/6 Dr FEE_INC 2.37 GBP | REVERSAL FOREIGN CURRENCY FEE 2.99%',
  '4/6 Cr CUST 2.37 GBP | REVERSAL FOREIGN CURRENCY FEE 2.99%',
  '5/6 Dr TAX 0.47 GBP | REVERSAL TAX ON FEE 20.00%',
  '6/6 Cr CUST 0.47 GBP | REVERSAL TAX ON FEE 20.00%',
];

describe('a reversal', () => {
  it('takes back what a partial one left, and nothing twice', async () => {
    const [, , taken, again] = await news(purchase, to60, full, reversalOf(purchase, '000006'));
    expect(taken).toEqual([
      '1/6 Dr SUSP 47.47 GBP | REVERSAL GRILL',
      '2/6 Cr CUST 47.47 GBP | REVERSAL GRILL',
      '3/6 Dr FEE_INC 1.42 GBP | REVERSAL FOREIGN CURRENCY FEE 2.99%',
      '4/6 Cr CUST 1.42 GBP | REVERSAL FOREIGN CURRENCY FEE 2.99%',
      '5/6 Dr TAX 0.28 GBP | REVERSAL TAX ON FEE 20.00%',
      '6/6 Cr CUST 0.28 GBP | REVERSAL TAX ON FEE 20.00%',
    ]);
    expect(again).toEqual(['CLOSED ALREADY_REVERSED']);
  });

  it('in part is superseded by a full one, and by one that leaves less', async () => {
    expect((await news(purchase, full, to60))[2]).toEqual(['CLOSED ALREADY_REVERSED']);
    expect((await news(purchase, to60, to80))[2]).toEqual(['CLOSED REVERSAL_SUPERSEDED']);
    expect(await ends(purchase, to80, to60)).toEqual(await ends(purchase, to60, to80));
  });

  it('that would leave more than there was is a break', async () => {
    const more = reversalOf(purchase, '000007', { replacement: usd('9000'), replacementBilled: gbp('7913') });
    expect((await news(purchase, more))[1]).toEqual(['BREAK REVERSAL_EXCEEDS_ORIGINAL']);
  });

  it('without a billed figure leaves the share that the original was billed at', async () => {
    const bare = reversalOf(purchase, '000008', { replacement: usd('6000') });
    expect((await news(purchase, bare))[1]?.[0]).toBe('1/6 Dr SUSP 31.65 GBP | REVERSAL GRILL');
  });

  it('of one of several finds its own by trace number and time', async () => {
    const [, , taken] = await news(increment, purchase, full);
    expect(taken).toEqual(MIRROR);
    const stranger = approved({
      ...{ stan: '000009', kind: 'REVERSAL', amount: gbp('1000'), billed: gbp('1000') },
      ...{ lifecycleId: LIFECYCLE, reversal: { full: true } },
      original: { stan: increment.transaction.stan, transmittedAt: '2026-11-14T10:15:02Z' },
    });
    expect((await news(increment, purchase, stranger))[2]).toEqual([]);
  });

  it('that names no time finds its own by trace number alone', async () => {
    const { original: _original, ...timeless } = reversalOf(increment, '000010').transaction;
    const reversal = {
      ...reversalOf(increment, '000010'),
      transaction: { ...timeless, original: { stan: '2' } },
    };
    expect((await news(purchase, increment, reversal))[2]).toHaveLength(2);
  });

  it('of what moved nothing ends at once', async () => {
    const nothing = approved({ stan: '000011', amount: gbp('0'), billed: gbp('0') });
    expect((await news(nothing, reversalOf(nothing, '000012')))[1]).toEqual(['CLOSED NO_AMOUNT']);
  });

  it('before its original waits for it, and is taken with it', async () => {
    expect(await story(full, purchase)).toEqual([[], [...((await story(purchase))[0] ?? []), ...MIRROR]]);
  });

  it('without its original is a break after the window, is not said again, and is still taken with it later', async () => {
    const run = new StageRun();
    expect(await run.give(full)).toEqual([]);
    run.now += WINDOW_MS - 1;
    expect(await run.sweep()).toEqual([]);
    run.now += 1;
    expect(lines(await run.sweep())).toEqual(['BREAK REVERSAL_WITHOUT_ORIGINAL']);
    expect(await run.sweep()).toEqual([]);
    await run.give(purchase);
    expect(Object.values(balances(run)).every((sum) => sum === 0n)).toBe(true);
    expect(run.entries()).toHaveLength(12);
  });

  it('is looked for although another life cycle cannot be settled now', async () => {
    class OneContended extends MemoryLifecycles {
      override replace(lifecycle: ReadLifecycle, due: 'keep' | 'renew'): Promise<boolean> {
        return lifecycle.lifecycleId === 'CONTENDED' ? Promise.resolve(false) : super.replace(lifecycle, due);
      }
    }
    const run = new StageRun(new OneContended(WINDOW_MS));
    const hold = approved({ stan: '000013', amount: gbp('1'), billed: gbp('1'), product: HOLDING });
    await run.give({ ...hold, lifecycleId: 'CONTENDED' }, full);
    run.now += 8 * DAY_MS;
    await expect(run.sweep()).rejects.toMatchObject({ code: 'LIFECYCLE_CONTENDED', retryable: true });
    expect(lines([...run.said.values()])).toContain('BREAK REVERSAL_WITHOUT_ORIGINAL');
  });

  it('is said again as it was, whatever came since', async () => {
    const run = new StageRun();
    await run.give(purchase, to60);
    const before = run.entries();
    await run.give(full);
    await run.give(to60);
    expect(run.entries().slice(0, before.length)).toEqual(before);
  });
});

describe('a completion where authorizations are posted', () => {
  const completing = (billed: string, stan = '000020') =>
    approved({
      ...{ stan, messageClass: 'FINANCIAL', original: original(increment), lifecycleId: LIFECYCLE },
      ...{ amount: gbp(billed), billed: gbp(billed), description: 'CARD PURCHASE INN' },
    });

  it('of the same amount has nothing to post', async () => {
    expect((await news(increment, completing('1000')))[1]).toEqual(['CLOSED ALREADY_POSTED']);
  });

  it('posts what it adds, or takes back what was too much', async () => {
    expect((await news(increment, completing('1200')))[1]).toEqual([
      '1/2 Dr CUST 2.00 GBP | CARD PURCHASE INN',
      '2/2 Cr SUSP 2.00 GBP | CARD PURCHASE INN',
    ]);
    expect((await news(increment, completing('900')))[1]).toEqual([
      '1/2 Dr SUSP 1.00 GBP | REVERSAL CARD PURCHASE INN',
      '2/2 Cr CUST 1.00 GBP | REVERSAL CARD PURCHASE INN',
    ]);
  });

  it('takes the place of the increments too, and a second one is added', async () => {
    const more = approved({ stan: '000021', amount: gbp('500'), billed: gbp('500'), lifecycleId: LIFECYCLE });
    expect(await ends(increment, more, completing('1300'))).toEqual({
      'ACC-0001 GBP': 1300n,
      'GL-SUSP-VISA-GBP GBP': -1300n,
    });
    expect(await ends(increment, completing('600'), completing('400', '000022'))).toEqual({
      'ACC-0001 GBP': 1000n,
      'GL-SUSP-VISA-GBP GBP': -1000n,
    });
    expect(await ends(increment, completing('1300'), more)).toEqual(
      await ends(increment, more, completing('1300')),
    );
  });

  it('can be reversed itself; the reversal of its authorization changes nothing any more', async () => {
    const completion = completing('1200');
    const taken = await ends(increment, completion, reversalOf(completion, '000023'));
    expect(Object.values(taken)).toEqual([0n, 0n]);
    expect((await news(increment, completion, reversalOf(increment, '000024')))[2]).toEqual([
      'CLOSED REVERSAL_SUPERSEDED',
    ]);
    const after = await ends(increment, reversalOf(increment, '000024'), completion);
    expect(after).toEqual(await ends(increment, completion, reversalOf(increment, '000024')));
  });

  it('before its authorization waits for it; after the window it is posted in full, and the authorization not', async () => {
    const run = new StageRun();
    expect(await run.give(completing('1200'))).toEqual([]);
    run.now += WINDOW_MS;
    expect(lines(await run.sweep())).toEqual([
      '1/2 Dr CUST 12.00 GBP | CARD PURCHASE INN',
      '2/2 Cr SUSP 12.00 GBP | CARD PURCHASE INN',
    ]);
    expect(lines(await run.give(increment))[0]).toBe('CLOSED ALREADY_POSTED');
    expect(balances(run)).toEqual({ 'ACC-0001 GBP': 1200n, 'GL-SUSP-VISA-GBP GBP': -1200n });
    const inTime = await story(completing('1200'), increment);
    expect(inTime[1]).toHaveLength(4);
  });
});

describe('where a product holds first', () => {
  const held = { ...purchase, product: HOLDING };
  const another = { ...increment, product: HOLDING };
  const clearing = approved({
    ...{ stan: '000030', messageClass: 'FINANCIAL', product: HOLDING, lifecycleId: LIFECYCLE },
    ...{ amount: usd('10100'), billed: gbp('8000'), description: 'CARD PURCHASE GRILL' },
  });
  const partly = { ...to60, product: HOLDING };
  const wholly = { ...full, product: HOLDING };

  it('an authorization holds and books nothing; reversals change the hold', async () => {
    expect(await news(held, partly, wholly, reversalOf(held, '000031'))).toEqual([
      ['HOLD AUTHORIZED 0.00 -> 79.12 GBP'],
      ['HOLD_ADJUST PARTIALLY_REVERSED 79.12 -> 47.47 GBP'],
      ['HOLD_RELEASE REVERSED 47.47 -> 0.00 GBP'],
      ['CLOSED ALREADY_REVERSED'],
    ]);
  });

  it('clearing books its own amount and frees every hold of the life cycle', async () => {
    const run = new StageRun();
    await run.give(held, another, partly);
    const cleared = await run.give(clearing);
    expect(lines(cleared).slice(-8)).toEqual([
      '1/6 Dr CUST 80.00 GBP | CARD PURCHASE GRILL',
      '2/6 Cr SUSP 80.00 GBP | CARD PURCHASE GRILL',
      '3/6 Dr CUST 2.39 GBP | FOREIGN CURRENCY FEE 2.99%',
      '4/6 Cr FEE_INC 2.39 GBP | FOREIGN CURRENCY FEE 2.99%',
      '5/6 Dr CUST 0.48 GBP | TAX ON FEE 20.00%',
      '6/6 Cr TAX 0.48 GBP | TAX ON FEE 20.00%',
      'HOLD_RELEASE CLEARED 47.47 -> 0.00 GBP',
      'HOLD_RELEASE CLEARED 10.00 -> 0.00 GBP',
    ]);
    const [placed] = [...run.said.values()].flatMap((saying) =>
      saying.event === 'HoldChanged' ? [saying.record.hold] : [],
    );
    const settling = run.entries().filter(({ holdRef }) => holdRef !== undefined);
    expect(settling).toMatchObject([
      { amountTag: 'PRINCIPAL', direction: 'DEBIT', holdRef: placed?.holdId, holdRelease: 'FULL' },
    ]);
  });

  it('clearing without a hold books all the same, and a hold that comes after it is freed at once', async () => {
    const [cleared, late] = await news(clearing, held);
    expect(cleared).toHaveLength(6);
    expect(late).toEqual(['HOLD AUTHORIZED 0.00 -> 79.12 GBP', 'HOLD_RELEASE CLEARED 79.12 -> 0.00 GBP']);
    expect(await ends(clearing, held)).toEqual(await ends(held, clearing));
  });

  it('a hold ends by itself after its days, once, and clearing still books', async () => {
    const run = new StageRun();
    await run.give(held);
    run.now = Date.parse(held.loggedAt) + 7 * DAY_MS - 1;
    expect(await run.sweep()).toEqual([]);
    run.now += 1;
    expect(lines(await run.sweep())).toEqual(['HOLD_EXPIRE EXPIRED 79.12 -> 0.00 GBP']);
    expect(await run.sweep()).toEqual([]);
    await run.give(held);
    expect(lines(await run.sweep())).toEqual(['HOLD_EXPIRE EXPIRED 79.12 -> 0.00 GBP']);
    expect(lines(await run.give(clearing))).toHaveLength(6);
    expect(run.entries().some(({ holdRef }) => holdRef !== undefined)).toBe(false);
  });

  it('a hold that was freed does not end again', async () => {
    const run = new StageRun();
    await run.give(held, wholly);
    run.now = Date.parse(held.loggedAt) + 7 * DAY_MS;
    expect(await run.sweep()).toEqual([]);
  });

  it('a reversal before its authorization frees the hold when it is placed', async () => {
    expect(await story(wholly, held)).toEqual([
      [],
      ['HOLD AUTHORIZED 0.00 -> 79.12 GBP', 'HOLD_RELEASE REVERSED 79.12 -> 0.00 GBP'],
    ]);
  });

  it('a refund holds nothing until it is cleared', async () => {
    const refund = approved({
      ...{ stan: '000032', kind: 'REFUND', product: HOLDING, lifecycleId: LIFECYCLE },
      ...{ amount: gbp('500'), billed: gbp('500'), description: 'REFUND' },
    });
    expect(await story(refund)).toEqual([['CLOSED NOTHING_TO_HOLD']]);
    const cleared = { ...refund, transaction: { ...refund.transaction, messageClass: 'FINANCIAL' as const } };
    expect(await story(cleared)).toEqual([
      ['1/2 Dr SUSP 5.00 GBP | REFUND', '2/2 Cr CUST 5.00 GBP | REFUND'],
    ]);
  });
});
