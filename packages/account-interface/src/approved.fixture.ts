import { identifierOf } from '@payments/domain';
import type { Product, Transaction, TransactionPostingApprovedRecord } from '@payments/schemas';

export const gbp = (minorUnits: string) => ({ minorUnits, currency: 'GBP' });
export const usd = (minorUnits: string) => ({ minorUnits, currency: 'USD' });

/** The product of the examples in these tests: 2.99 % mark-up, 3 % on cash and 3.00 at least, 20 % tax on the mark-up. */
export const STANDARD: Product = {
  code: 'CURRENT_STANDARD',
  name: 'Standard current account',
  postingMode: 'POST_AT_AUTH',
  fxMarkupBasisPoints: 299,
  cashFeeBasisPoints: 300,
  cashFeeMinimum: gbp('300'),
  taxBasisPoints: 2000,
  taxableFees: ['FX_FEE'],
  rounding: 'HALF_EVEN',
  taxRounding: 'HALF_EVEN',
  valueDays: { debit: 0, credit: 1 },
  refundFxMarkup: false,
  holdDays: 7,
  accountSet: 'STANDARD',
};

export const HOLDING: Product = { ...STANDARD, postingMode: 'HOLD_THEN_POST' };

/** What a test says of a transaction; the rest is that of an ordinary purchase in the morning. */
export interface Given
  extends Partial<Omit<Transaction, 'amount' | 'billed'>>,
    Pick<Transaction, 'amount' | 'billed'> {
  /** Its trace number, which names it. */
  readonly stan: string;
  readonly description?: string;
  readonly product?: Product;
  readonly scheme?: string;
  readonly lifecycleId?: string;
}

/** An approved transaction. The same is given for the same. */
export function approved(given: Given): TransactionPostingApprovedRecord {
  const { description, product = STANDARD, scheme = 'VISA', lifecycleId, ...transaction } = given;
  const { kind = 'PURCHASE' } = transaction;
  const transactionId = identifierOf('test', JSON.stringify(given));
  const isCredit = kind === 'REFUND' || kind === 'REVERSAL';
  return {
    transactionId,
    idempotencyKey: identifierOf('approved', transactionId),
    scheme,
    loggedAt: '2026-11-15T10:15:01Z',
    lifecycleId: lifecycleId ?? 'VISA-412345-631910100001',
    transaction: {
      kind,
      messageClass: kind === 'REVERSAL' ? 'REVERSAL' : 'AUTHORIZATION',
      direction: isCredit ? 'CREDIT' : 'DEBIT',
      responseCode: '00',
      standIn: false,
      transmittedAt: `2026-11-15T10:15:${transaction.stan.slice(-2)}Z`,
      bookingDate: '2026-11-15',
      valueDate: isCredit ? '2026-11-16' : '2026-11-15',
      ...transaction,
    },
    card: { token: '9208948425451111', lastFour: '1111', scheme },
    merchant: { name: 'CORNER FOODS', categoryCode: '5411' },
    description: description ?? 'CARD PURCHASE CORNER FOODS LONDON GB',
    referenceVersion: 'test-1',
    account: {
      accountId: 'ACC-0001',
      currency: transaction.billed.currency,
      status: 'ACTIVE',
      branch: 'LON01',
      sortCode: '60-16-13',
      holder: 'A Holder',
      productCode: product.code,
    },
    product,
    ruleSetVersion: 'test-1',
    findings: [],
  };
}

/** What a message with this trace number is taken back by, or completed by: a reference to it. */
export function original(record: TransactionPostingApprovedRecord): NonNullable<Transaction['original']> {
  const { stan, transmittedAt } = record.transaction;
  return { stan, transmittedAt };
}

/** A reversal of a record, full, or partial with what it leaves. */
export function reversalOf(
  record: TransactionPostingApprovedRecord,
  stan: string,
  left?: { readonly replacement: Transaction['amount']; readonly replacementBilled?: Transaction['billed'] },
): TransactionPostingApprovedRecord {
  const { amount, billed } = record.transaction;
  return approved({
    kind: 'REVERSAL',
    stan,
    amount,
    billed,
    original: original(record),
    reversal: left === undefined ? { full: true } : { full: false, ...left },
    direction: record.transaction.direction === 'DEBIT' ? 'CREDIT' : 'DEBIT',
    description: record.description.replace(/^(CARD PURCHASE|CASH|REFUND)/, 'REVERSAL'),
    product: record.product,
    scheme: record.scheme,
    lifecycleId: record.lifecycleId,
  });
}
