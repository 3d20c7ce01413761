import type { Product, TransactionPostingApprovedRecord } from '@payments/schemas';
import { approved, gbp, usd } from './approved.fixture.ts';
import { lines, StageRun } from './stage-run.fixture.ts';

const rate = (digits: string, scale: number) => ({ rate: { digits, scale }, source: 'NETWORK' as const });

export const domestic = approved({ stan: '100001', amount: gbp('2599'), billed: gbp('2599') });
export const foreign = approved({
  stan: '100002',
  amount: usd('10000'),
  billed: gbp('7912'),
  conversion: rate('7912000', 7),
  description: 'CARD PURCHASE SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
  lifecycleId: 'VISA-412345-631911100002',
});
export const cash = approved({
  stan: '200001',
  kind: 'CASH',
  amount: { minorUnits: '20000', currency: 'EUR' },
  billed: gbp('17234'),
  conversion: rate('8617000', 7),
  surcharge: { minorUnits: '250', currency: 'EUR' },
  description: 'CASH STADTBANK ATM 17 BERLIN DE EUR 200.00 @0.8617',
  scheme: 'MASTERCARD',
  lifecycleId: 'MASTERCARD-512345-631912200001',
});
export const refund = approved({
  stan: '200002',
  kind: 'REFUND',
  amount: gbp('1500'),
  billed: gbp('1500'),
  description: 'REFUND HIGH ST STORE LEEDS GB',
  scheme: 'MASTERCARD',
  lifecycleId: 'MASTERCARD-512345-631913200002',
});
export const partialApproval = approved({
  stan: '200003',
  amount: gbp('5000'),
  billed: gbp('5000'),
  requested: gbp('8000'),
  responseCode: '10',
  description: 'CARD PURCHASE ELECTRO WORLD BRISTOL GB',
  lifecycleId: 'MASTERCARD-512345-631914200003',
});
export const yen = approved({
  stan: '100003',
  amount: { minorUnits: '12345', currency: 'JPY' },
  billed: gbp('6543'),
  conversion: rate('5300122', 9),
  description: 'CARD PURCHASE METRO KIOSK TOKYO JP JPY 12345 @0.005300122',
  lifecycleId: 'VISA-412345-631915100003',
});
export const dinar = approved({
  stan: '200004',
  amount: { minorUnits: '12345', currency: 'KWD' },
  billed: gbp('3161'),
  conversion: rate('25605', 4),
  description: 'CARD PURCHASE GULF FUEL KUWAIT CITY KW KWD 12.345 @2.5605',
  lifecycleId: 'MASTERCARD-512345-631916200004',
});
export const cashback = approved({
  stan: '300001',
  kind: 'CASHBACK',
  messageClass: 'FINANCIAL',
  amount: gbp('6000'),
  billed: gbp('6000'),
  cashback: gbp('2000'),
  description: 'CARD PURCHASE SUPERMART YORK GB',
  scheme: 'DISCOVER',
  lifecycleId: 'DISCOVER-612345-631917300001',
});
export const standIn = approved({
  stan: '200005',
  amount: gbp('1275'),
  billed: gbp('1275'),
  standIn: true,
  description: 'CARD PURCHASE QUICK BURGER CARDIFF GB',
  lifecycleId: 'MASTERCARD-512345-631919200005',
});

/** A scenario: what came before, what comes, and the legs that it books. */
export type Scenario = readonly [
  title: string,
  before: readonly TransactionPostingApprovedRecord[],
  given: TransactionPostingApprovedRecord,
  legs: readonly string[],
];

export async function legsOf([, before, given]: Scenario): Promise<string[]> {
  const run = new StageRun();
  if (before.length > 0) await run.give(...before);
  return lines(await run.give(given));
}

/** The same transaction on another set of the bank's accounts, or on other terms. */
export function on(
  record: TransactionPostingApprovedRecord,
  terms: Partial<Product>,
): TransactionPostingApprovedRecord {
  return { ...record, product: { ...record.product, ...terms } };
}
export const foreignRefund = approved({
  stan: '200006',
  kind: 'REFUND',
  amount: usd('10000'),
  billed: gbp('7912'),
  description: 'REFUND SEASIDE GRILL',
});
