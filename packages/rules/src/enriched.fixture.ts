import type {
  Account,
  Card,
  Merchant,
  Product,
  Transaction,
  TransactionEnrichedRecord,
} from '@payments/schemas';
import ordinary from './ordinary-transaction.json' with { type: 'json' };

/** What differs from the ordinary transaction. */
interface Differences {
  readonly outcome?: TransactionEnrichedRecord['outcome'];
  readonly transaction?: Partial<Transaction>;
  readonly card?: Partial<Card>;
  readonly merchant?: Partial<Merchant>;
  readonly account?: Partial<Account>;
  readonly product?: Partial<Product>;
  /** Members that the record does not have. */
  readonly without?: readonly ('account' | 'product')[];
}

/** An enriched record that every rule lets pass: a domestic purchase, with what differs. */
export function enriched(differences: Differences = {}): TransactionEnrichedRecord {
  const base = ordinary as TransactionEnrichedRecord &
    Required<Pick<TransactionEnrichedRecord, 'account' | 'product'>>;
  const record: TransactionEnrichedRecord = {
    ...base,
    outcome: differences.outcome ?? base.outcome,
    transaction: { ...base.transaction, ...differences.transaction },
    card: { ...base.card, ...differences.card },
    merchant: { ...base.merchant, ...differences.merchant },
    account: { ...base.account, ...differences.account },
    product: { ...base.product, ...differences.product },
  };
  for (const member of differences.without ?? []) delete record[member];
  return record;
}

/** The same with a card of which nobody knows where it was issued. */
export function withoutIssuingCountry(): TransactionEnrichedRecord {
  const record = enriched();
  delete record.card.issuingCountry;
  return record;
}
