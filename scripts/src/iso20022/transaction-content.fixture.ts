import { readFileSync } from 'node:fs';
import { entryIdOf, sequenceIdOf } from '@payments/domain';
import { standardizedLines } from './standardized-lines.fixture.ts';
import type { TransactionContent } from './transaction-content.ts';

const [PURCHASE = ''] = readFileSync(
  new URL('../../../sample/authorizations.jsonl', import.meta.url),
  'utf8',
).split('\n');

/** The first purchase of the sample, as archive and ledger have it once it is posted. */
export async function postedPurchase(): Promise<TransactionContent> {
  const [line] = await standardizedLines([PURCHASE]);
  if (line?.outcome !== 'STANDARDIZED') throw new Error('the first line of the sample is a purchase');
  const { record } = line;
  const { transactionId, scheme, loggedAt, lifecycleId } = record;
  const sequenceId = sequenceIdOf(transactionId);
  const dates = { bookingDate: '2026-11-15', valueDate: '2026-11-15' };
  const accounts = [
    { role: 'CUST', accountId: '20000012345678', currency: 'GBP', branch: 'LDN01', sortCode: '60-12-34' },
    { role: 'SUSP', accountId: 'GL-SUSP-VISA-GBP', currency: 'GBP', branch: 'HO01' },
  ];
  const entries = accounts.map((account, index) => ({
    sequenceId,
    position: `ENTRY#0${index + 1}`,
    transactionId,
    entryId: entryIdOf(sequenceId, index + 1),
    sequence: { id: sequenceId, number: index + 1, count: accounts.length },
    account,
    direction: index === 0 ? 'DEBIT' : 'CREDIT',
    amount: { minorUnits: '2599', currency: 'GBP' },
    amountTag: 'PRINCIPAL',
    eventCode: 'CARDPUR',
    ...dates,
    narrative: 'CARD PURCHASE CORNER FOODS LONDON GB',
    reversal: false,
    sourceEventId: transactionId,
  }));
  return {
    transactionId,
    events: [
      { name: 'TransactionAuthorized', producedAt: '2026-11-15T10:15:01.100Z', record: {} },
      { name: 'TransactionStandardized', producedAt: '2026-11-15T10:15:01.200Z', record: { ...record } },
      { name: 'TransactionPosted', producedAt: '2026-11-15T10:15:01.600Z', record: {} },
    ],
    ledger: [
      { sequenceId, position: 'SEQUENCE', transactionId, scheme, loggedAt, lifecycleId, ...dates },
      ...entries,
    ],
  };
}
