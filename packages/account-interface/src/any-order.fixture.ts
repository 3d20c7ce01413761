import type { Transaction, TransactionPostingApprovedRecord } from '@payments/schemas';
import fc from 'fast-check';
import { accountSums } from './account-sums.fixture.ts';
import { approved, gbp, HOLDING, original, reversalOf, STANDARD, usd } from './approved.fixture.ts';
import { StageRun, WINDOW_MS } from './stage-run.fixture.ts';

/** A life cycle: authorizations, completions that name the first of them, and reversals of any of these. */
export interface Story {
  readonly holds: boolean;
  readonly authorizations: readonly TransactionPostingApprovedRecord[];
  readonly completions: readonly TransactionPostingApprovedRecord[];
  readonly reversals: readonly {
    readonly reversal: TransactionPostingApprovedRecord;
    readonly of: TransactionPostingApprovedRecord;
    /** What it leaves, in per cent. */
    readonly leaves: number;
  }[];
}

const amounts = fc.integer({ min: 1, max: 20_000 });

/** Any story, in a life cycle of the name given. */
export function anyStory(lifecycleId: string): fc.Arbitrary<Story> {
  return fc
    .record({
      holds: fc.boolean(),
      authorized: fc.array(amounts, { minLength: 1, maxLength: 3 }),
      completed: fc.array(amounts, { maxLength: 2 }),
      reversed: fc.array(fc.record({ of: fc.nat(10), leaves: fc.nat(100), isFull: fc.boolean() }), {
        maxLength: 4,
      }),
    })
    .map(({ holds, authorized, completed, reversed }) => {
      let sent = 0;
      const stan = (): string => {
        sent += 1;
        return String(sent).padStart(6, '0');
      };
      const product = holds ? HOLDING : STANDARD;
      const message = (amount: number, more: Partial<Omit<Transaction, 'amount' | 'billed'>> = {}) =>
        approved({
          ...more,
          ...{ stan: stan(), amount: usd(String(amount)), billed: gbp(String(amount)), product, lifecycleId },
        });
      const authorizations = authorized.map((amount) => message(amount));
      const completions = completed.map((amount) =>
        message(amount, {
          messageClass: 'FINANCIAL',
          ...(authorizations[0] && { original: original(authorizations[0]) }),
        }),
      );
      const reversible = [...authorizations, ...completions];
      const reversals = reversed.flatMap(({ of: index, leaves, isFull }) => {
        const of = reversible[index % reversible.length];
        if (of === undefined) return [];
        if (isFull) return [{ reversal: reversalOf(of, stan()), of, leaves: 0 }];
        const left = {
          replacement: usd(partOf(of, leaves)),
          replacementBilled: gbp(partOf(of, leaves)),
        };
        return [{ reversal: reversalOf(of, stan(), left), of, leaves }];
      });
      return { holds, authorizations, completions, reversals };
    });
}

/** All messages of a story. */
export function recordsOf({
  authorizations,
  completions,
  reversals,
}: Story): TransactionPostingApprovedRecord[] {
  return [...authorizations, ...completions, ...reversals.map(({ reversal }) => reversal)];
}

/**
 * What must stand on each account in the end, whatever came when: the completions where there are any, else the
 * authorizations where they are posted; each as if it had been made for the least that a reversal left of it.
 */
export async function sumsOf({ holds, authorizations, completions, reversals }: Story) {
  const posted = holds ? [] : authorizations;
  const standing = completions.length > 0 ? completions : posted;
  const run = new StageRun();
  for (const [index, record] of standing.entries()) {
    const leaves = reversals.filter(({ of }) => of === record).map((each) => each.leaves);
    const left = partOf(record, Math.min(100, ...leaves));
    const { original: _original, ...transaction } = record.transaction;
    await run.give({
      ...record,
      lifecycleId: `ALONE-${index}`,
      product: STANDARD,
      transaction: { ...transaction, amount: usd(left), billed: gbp(left) },
    });
  }
  return accountSums(run.entries());
}

/**
 * Gives the messages to the stage in any order, some of them more than once, in invocations that run beside each
 * other, with sweeps between and after the window.
 */
export async function playInAnyOrder(
  run: StageRun,
  records: readonly TransactionPostingApprovedRecord[],
  random: (below: number) => number,
): Promise<void> {
  const pending = records.flatMap((record) => Array.from({ length: 1 + random(2) }, () => record));
  for (let last = pending.length - 1; last > 0; last -= 1) {
    const other = random(last + 1);
    const [a, b] = [pending[last], pending[other]];
    if (a === undefined || b === undefined) continue;
    pending[last] = b;
    pending[other] = a;
  }
  while (pending.length > 0) {
    const beside = Array.from({ length: 1 + random(3) }, () => run.give(...pending.splice(0, 1 + random(3))));
    if (random(4) === 0) {
      run.now += WINDOW_MS;
      await Promise.all([...beside, run.sweep()]);
    } else await Promise.all(beside);
  }
  run.now += WINDOW_MS;
  await run.sweep();
}

function partOf({ transaction }: TransactionPostingApprovedRecord, percent: number): string {
  return String((BigInt(transaction.billed.minorUnits) * BigInt(percent)) / 100n);
}
