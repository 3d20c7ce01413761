import { describe, expect, it } from '@jest/globals';
import { chooseVictims } from './choose-victims.ts';
import { DAMAGES } from './damages.ts';
import { bookedSequence, cleanRun } from './drill.fixture.ts';

const sequences = Array.from({ length: 200 }, (_, index) => bookedSequence(`T${index}`));
const run = cleanRun(sequences);
const choose = (seed: number) => chooseVictims(run, DAMAGES, { seed, each: 2 });
const allOf = ({ transactions, closedAccounts }: ReturnType<typeof choose>) =>
  [...transactions.values(), ...closedAccounts.values()].flat();
const chunksOf = (ids: readonly string[]) => ids.map((id) => run.chunkOf.get(id));

describe('victims', () => {
  it('are so many for each damage, and each of one damage at most', () => {
    const victims = choose(1);
    const kinds = new Set(['lost-event', 'ledger']);
    const names = DAMAGES.filter(({ kind }) => kinds.has(kind)).map(({ name }) => name);
    expect([...victims.transactions]).toHaveLength(names.length);
    expect([...victims.transactions.values()].every(({ length }) => length === 2)).toBe(true);
    expect(victims.closedAccounts.size).toBe(2);
    expect(new Set(allOf(victims)).size).toBe(allOf(victims).length);
  });

  it('of whom events are lost, or whose account is closed, have a part of the load for themselves, and the next', () => {
    const { transactions, closedAccounts } = choose(1);
    const lost = DAMAGES.flatMap(({ kind, name }) =>
      kind === 'lost-event' ? (transactions.get(name) ?? []) : [],
    );
    const chunks = chunksOf([...lost, ...closedAccounts.values()]);
    const inOrder = chunks.toSorted((a = 0, b = 0) => a - b);
    for (const [index, chunk = 0] of inOrder.slice(1).entries())
      expect(chunk - (inOrder[index] ?? 0)).toBeGreaterThan(1);
    expect(new Set(chunksOf(allOf(choose(1)))).size).toBeLessThan(allOf(choose(1)).length);
  });

  it('have no part of the load in which something is found anyway', () => {
    const [lost = ''] = choose(1).transactions.get('lost-entry') ?? [];
    const cases = [{ transactionId: lost }];
    const { transactions } = chooseVictims({ ...run, cases }, DAMAGES, { seed: 1, each: 2 });
    const chunks = chunksOf([...transactions].flatMap(([name, ids]) => (name.startsWith('lost') ? ids : [])));
    expect(chunks).not.toContain(run.chunkOf.get(lost));
  });

  it('are the same for the same seed, and others for another', () => {
    expect(choose(1)).toEqual(choose(1));
    expect(allOf(choose(1))).not.toEqual(allOf(choose(2)));
  });

  it('share their life cycle with nobody and are posted', () => {
    const sides = new Map(run.sides);
    const [shared, unposted] = allOf(choose(1));
    const lifecycleId = sides.get(String(shared))?.lifecycleId;
    sides.set('follower', { transactionId: 'follower', ...(lifecycleId !== undefined && { lifecycleId }) });
    sides.set(String(unposted), { transactionId: String(unposted), lifecycleId: 'own', result: 'A_NOT_P' });
    const chosen = allOf(chooseVictims({ ...run, sides }, DAMAGES, { seed: 1, each: 2 }));
    expect(chosen).not.toContain(shared);
    expect(chosen).not.toContain(unposted);
  });
});
