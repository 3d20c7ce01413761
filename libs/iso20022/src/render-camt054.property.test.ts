import { expect, it } from '@jest/globals';
import { sequenceIdOf } from '@payments/domain';
import { isPanFree, type PostingEntry } from '@payments/schemas';
import fc from 'fast-check';
import type { PostedSequence } from './posted-sequence.ts';
import { CAMT054, renderCamt054 } from './render-camt054.ts';
import { describeWithSchemas, schemaProblems } from './schema-check.fixture.ts';

const SEQUENCE_COUNT = 200;

const text = fc
  .string({ unit: fc.constantFrom(...'AZ09 .&<>"é\ud83c'), minLength: 1, maxLength: 140 })
  .filter((value) => value.trim() !== '' && isPanFree(value));
const money = (currency: string) =>
  fc.record({
    minorUnits: fc.bigInt({ min: 1n, max: 10n ** 12n }).map(String),
    currency: fc.constant(currency),
  });
const currency = fc.constantFrom('GBP', 'USD', 'JPY', 'KWD', 'CLF');
const account = fc.record(
  {
    role: fc.constantFrom('CUST' as const, 'SUSP' as const, 'FEE_INC' as const, 'HO' as const),
    accountId: fc.constantFrom('20000012345678', 'GL-SUSP-VISA', 'GL-FEE-INC', `A${'9'.repeat(33)}`),
    currency,
    branch: fc.constantFrom('LDN01', 'HO'),
    sortCode: fc.constant('60-12-34'),
  },
  { requiredKeys: ['role', 'accountId', 'currency', 'branch'] },
);
const date = fc.constantFrom('2026-11-15', '2026-11-17', '2028-02-29');
const leg = account.chain((owner) =>
  fc.record(
    {
      account: fc.constant(owner),
      direction: fc.constantFrom('DEBIT' as const, 'CREDIT' as const),
      amount: money(owner.currency),
      amountTag: fc.constantFrom(
        'PRINCIPAL' as const,
        'CASHBACK' as const,
        'FX_FEE' as const,
        'TAX' as const,
      ),
      eventCode: fc.constantFrom('CARDPUR', 'CARDCASH', 'CARDREF', 'REVR', 'FXFEE'),
      bookingDate: date,
      valueDate: date,
      narrative: text,
      reversal: fc.boolean(),
      originalAmount: currency.chain(money),
      rate: fc.record({
        digits: fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }).map(String),
        scale: fc.nat(17),
      }),
      reversalOf: fc.uuid({ version: 5 }),
    },
    {
      requiredKeys: [
        'account',
        'direction',
        'amount',
        'amountTag',
        'eventCode',
        'bookingDate',
        'valueDate',
        'narrative',
        'reversal',
      ],
    },
  ),
);

const sequence: fc.Arbitrary<PostedSequence> = fc
  .record({ transactionId: fc.uuid({ version: 5 }), legs: fc.array(leg, { minLength: 1, maxLength: 12 }) })
  .map(({ transactionId, legs }) => ({
    sequenceId: sequenceIdOf(transactionId),
    transactionId,
    lifecycleId: 'VISA.412345.631910100001.9208948425451111',
    scheme: 'VISA',
    postedAt: '2026-11-15T10:15:03.123Z',
    entries: legs.map(
      (entry, index): PostingEntry => ({
        ...entry,
        entryId: transactionId,
        sequence: { id: sequenceIdOf(transactionId), number: index + 1, count: legs.length },
        sourceEventId: transactionId,
      }),
    ),
  }));

describeWithSchemas('whatever is posted', () => {
  it('is a notification that the official schema takes, with each entry once', async () => {
    const sequences = fc.sample(sequence, SEQUENCE_COUNT);
    const documents = sequences.map((posted) => renderCamt054(posted));
    expect(await schemaProblems(CAMT054, documents)).toEqual([]);
    for (const [index, { entries }] of sequences.entries()) {
      const document = documents[index] ?? '';
      const accounts = new Set(entries.map((entry) => `${entry.account.accountId} ${entry.amount.currency}`));
      expect(document.match(/<Ntfctn>/g)).toHaveLength(accounts.size);
      const counts = [...document.matchAll(/<TtlNtries>\s*<NbOfNtries>(\d+)</g)].map(([, count]) =>
        Number(count),
      );
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(entries.length);
      const references = [...document.matchAll(/<NtryRef>([^<]+)</g)].map(([, reference]) => reference);
      expect(new Set(references).size).toBe(entries.length);
    }
  });
});
