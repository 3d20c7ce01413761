import { recordKeyOf } from '@payments/domain';
import type {
  Account,
  Card,
  Product,
  TransactionEnrichedRecord,
  TransactionStandardizedRecord,
} from '@payments/schemas';
import { contentOf } from './cain-content.ts';
import { countryByNumber } from './country-code.ts';
import { describeTransaction } from './describe-transaction.ts';
import { categoryCodeOf, merchantOf } from './merchant-of.ts';
import type { CardRow, ReferenceRows } from './reference-rows.ts';
import { transactionOf } from './transaction-of.ts';

type Outcome = TransactionEnrichedRecord['outcome'];

/** Who a card belongs to, as far as the reference data knows. */
interface Holder {
  readonly card?: CardRow | undefined;
  readonly account?: Account | undefined;
  readonly product?: Product | undefined;
}

/**
 * Says what a standardized transaction means for the customer. That the bank does not know a card, an account, a
 * product or a rate is an outcome for the rules to judge, not an error.
 *
 * @param rows the reference data that `gatherReferences` looked up for the record
 * @throws DocumentError, AmountFormatError, UnknownCurrencyError when the document cannot be read
 */
export function enrichTransaction(
  record: TransactionStandardizedRecord,
  rows: ReferenceRows,
): TransactionEnrichedRecord {
  const content = contentOf(record.document);
  const { body } = content;
  const holder = holderOf(record.card, rows);
  const merchant = merchantOf(body, rows.get(`MCC#${categoryCodeOf(body)}`));
  const { transaction, isRateKnown } = transactionOf(content, record.loggedAt, holder, rows);
  return {
    transactionId: record.transactionId,
    idempotencyKey: recordKeyOf('TransactionEnriched', record.transactionId),
    scheme: record.scheme,
    loggedAt: record.loggedAt,
    lifecycleId: record.lifecycleId,
    outcome: outcomeOf(holder, isRateKnown),
    document: record.document,
    transaction,
    card: cardOf(record.card, holder.card, countryByNumber(body.Card.Ctry)),
    merchant,
    description: describeTransaction(transaction, merchant),
    referenceVersion: rows.version,
    ...(holder.account !== undefined && { account: holder.account }),
    ...(holder.product !== undefined && { product: holder.product }),
  };
}

/** Follows card to account to product, as far as they are known. */
export function holderOf({ token }: Card, rows: ReferenceRows): Holder {
  const card = rows.get(`CARD#${token}`);
  const account = card && rows.get(`ACCOUNT#${card.accountId}`);
  const product = account && rows.get(`PRODUCT#${account.productCode}`);
  return { card, account, product };
}

/** The first thing that keeps the transaction from being complete. */
function outcomeOf({ card, account, product }: Holder, isRateKnown: boolean): Outcome {
  if (card === undefined) return 'CARD_UNKNOWN';
  if (account === undefined) return 'ACCOUNT_UNKNOWN';
  if (account.status === 'CLOSED') return 'ACCOUNT_CLOSED';
  if (product === undefined) return 'PRODUCT_UNKNOWN';
  return isRateKnown ? 'COMPLETE' : 'RATE_UNKNOWN';
}

/** The bank's own word on the issuing country goes before the network's (DE20). */
function cardOf(card: Card, row: CardRow | undefined, networkCountry: string | undefined): Card {
  const issuingCountry = row?.issuingCountry ?? networkCountry;
  return {
    token: card.token,
    lastFour: card.lastFour,
    scheme: card.scheme,
    ...(card.sequenceNumber !== undefined && { sequenceNumber: card.sequenceNumber }),
    ...(issuingCountry !== undefined && { issuingCountry }),
    status: row?.status ?? 'UNKNOWN',
  };
}
