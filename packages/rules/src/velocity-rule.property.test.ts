// The worked example of docs/decisions/0017-velocity-and-limits.md: what would be counted, what enrich would say of it,
// and a rule that judges by it. The rules engine here is the one that runs; the projection is a model of a table.
import { describe, expect, it } from '@jest/globals';
import { explainProblem, type RuleSet, type TransactionEnrichedRecord } from '@payments/schemas';
import { contracts } from '@payments/schemas/contracts';
import fc from 'fast-check';
import { enriched } from './enriched.fixture.ts';
import { judgeTransaction } from './judgement-events.ts';
import { prepareRules } from './prepare-rules.ts';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-11-15T23:30:00Z');
const LIMIT = { minorUnits: '100000', currency: 'GBP' };

/** What happened with the card in the hour before a transaction. */
interface Facts {
  readonly card: {
    readonly debitsLastHour: number;
    readonly billedLastHour: { readonly minorUnits: string; readonly currency: string };
  };
}

/** A table with a partition for each card and day, and a row for each transaction: its key is its idempotency. */
class Activity {
  readonly #partitions = new Map<string, Map<string, bigint>>();

  /** PutItem; the same transaction again is the same row. */
  count({ transactionId, card, transaction }: TransactionEnrichedRecord): void {
    if (transaction.direction !== 'DEBIT' || transaction.messageClass === 'REVERSAL') return;
    const partition = `${card.token}#${transaction.transmittedAt.slice(0, 10)}`;
    const rows = this.#partitions.get(partition) ?? new Map<string, bigint>();
    rows.set(`${transaction.transmittedAt}#${transactionId}`, BigInt(transaction.billed.minorUnits));
    this.#partitions.set(partition, rows);
  }

  /** A Query of each day that the hour touches; the transaction itself is not among what was before it. */
  factsFor({ transactionId, card, transaction }: TransactionEnrichedRecord): Facts {
    const to = transaction.transmittedAt;
    const from = instant(Date.parse(to) - HOUR_MS);
    const days = new Set([from.slice(0, 10), to.slice(0, 10)]);
    const rows = [...days].flatMap((day) => [...(this.#partitions.get(`${card.token}#${day}`) ?? [])]);
    const before = rows.filter(([key]) => key >= from && key < `${to}~` && !key.endsWith(transactionId));
    const minorUnits = before.reduce((sum, [, billed]) => sum + billed, 0n).toString();
    const { currency } = transaction.billed;
    return { card: { debitsLastHour: before.length, billedLastHour: { minorUnits, currency } } };
  }
}

const instant = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

/** The number-th debit of a card, five minutes after the one before. */
const debit = (number: number): TransactionEnrichedRecord => ({
  ...enriched({
    merchant: { risk: 'WARNING' },
    product: { transactionLimit: LIMIT },
    transaction: { transmittedAt: instant(START + number * 5 * 60_000) },
  }),
  transactionId: `3f1a2b3c-0000-5000-8000-${String(number).padStart(12, '0')}`,
});

const rule = (id: string, when: object): RuleSet['rules'][number] => ({
  id,
  version: 1,
  effect: 'FIND',
  reason: id.toUpperCase().replaceAll('-', '_'),
  explanation: 'The card is used more than usual, at a merchant that the bank watches.',
  when: { and: [{ '==': [{ var: 'merchant.risk' }, 'WARNING'] }, when] },
  emits: 'WarningMerchantTypeTransactionFound',
  tests: [],
});
const rules = prepareRules({
  version: 'velocity-1',
  rules: [
    rule('card-velocity', { '>=': [{ var: 'facts.card.debitsLastHour' }, 5] }),
    // A limit for one transaction that is got round by several.
    rule('card-limit-in-parts', {
      exceeds: [{ var: 'facts.card.billedLastHour' }, { var: 'product.transactionLimit' }],
    }),
  ],
});

/** What the engine says of a record that enrich has given facts. */
function judged(record: TransactionEnrichedRecord, facts: Facts) {
  const given: unknown = { ...record, facts };
  // As the rules stage takes it from the bus.
  const { accepts } = contracts.TransactionEnriched;
  if (!accepts(given)) throw new Error(`the open contract refuses it: ${explainProblem(accepts)}`);
  const events = judgeTransaction(given, rules);
  for (const { event, record: said } of events) expect(contracts[event].produces(said)).toBe(true);
  return events;
}

describe('velocity, by facts in the record', () => {
  it('speaks of the sixth debit within an hour, across midnight, and says what it counted', () => {
    const activity = new Activity();
    const findings = Array.from({ length: 6 }, (_, number) => {
      const record = debit(number);
      activity.count(record);
      return judged(record, activity.factsFor(record));
    });
    expect(findings.map((events) => events.length)).toEqual([1, 1, 1, 1, 1, 2]);
    expect(findings[5]?.[0]?.record).toMatchObject({
      finding: {
        reason: 'CARD_VELOCITY',
        values: [
          { path: 'merchant.risk', value: 'WARNING' },
          { path: 'facts.card.debitsLastHour', value: '5' },
        ],
      },
    });
  });

  it('speaks of a sum over the limit, in whole minor units', () => {
    const facts = (minorUnits: string): Facts => ({
      card: { debitsLastHour: 1, billedLastHour: { minorUnits, currency: 'GBP' } },
    });
    expect(judged(debit(0), facts('100000'))).toHaveLength(1);
    expect(judged(debit(0), facts('100001'))[0]?.record).toMatchObject({
      finding: { values: [{}, { value: 'GBP 1000.01' }, { value: 'GBP 1000.00' }] },
    });
  });

  it('comes to the same facts in whatever order and however often what happened is counted', () => {
    const happened = Array.from({ length: 8 }, (_, number) => debit(number));
    const inOrder = new Activity();
    for (const record of happened) inOrder.count(record);
    const last = debit(8);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...happened, ...happened], { minLength: 16, maxLength: 16 }),
        (deliveries) => {
          const activity = new Activity();
          for (const record of deliveries) activity.count(record);
          expect(activity.factsFor(last)).toEqual(inOrder.factsFor(last));
        },
      ),
    );
  });

  it('never counts too much: what is not counted yet is missing, and nothing else', () => {
    const happened = Array.from({ length: 8 }, (_, number) => debit(number));
    fc.assert(
      fc.property(fc.subarray(happened), (counted) => {
        const activity = new Activity();
        for (const record of counted) activity.count(record);
        expect(activity.factsFor(debit(8)).card.debitsLastHour).toBe(counted.length);
      }),
    );
  });

  it('does not speak where enrich gives no facts', () => {
    expect(judgeTransaction(debit(0), rules).map(({ event }) => event)).toEqual([
      'TransactionPostingApproved',
    ]);
  });

  it('needs a new member of the contract before enrich may emit it', () => {
    expect(contracts.TransactionEnriched.produces({ ...debit(0), facts: {} })).toBe(false);
  });
});
