import type { Transaction } from '@payments/schemas';
import { DocumentError } from './errors.ts';

type Kind = Transaction['kind'];
type Direction = Transaction['direction'];

/** DE39: no reason to decline, the answer to an account verification. */
const NO_REASON_TO_DECLINE = '85';

/** ISO 8583 transaction types that have a kind of their own. */
const KIND_BY_TYPE: Readonly<Record<string, Kind>> = {
  '00': 'PURCHASE',
  '01': 'CASH',
  '09': 'CASHBACK',
  '20': 'REFUND',
};

/** The other types by their first digit: ISO 8583 has debits at 00 to 19, credits at 20, inquiries at 30. */
const KIND_BY_CLASS: Readonly<Record<string, Kind>> = {
  '0': 'PURCHASE',
  '1': 'PURCHASE',
  '2': 'REFUND',
  '3': 'ACCOUNT_VERIFICATION',
};

/** What kind of transaction a message is about, and which way it moves the customer's account. */
export interface KindAndDirection {
  readonly kind: Kind;
  readonly direction: Direction;
}

/**
 * A reversal repeats the transaction type of its original, and moves the account the other way.
 *
 * @param type ISO 8583 transaction type, the first two digits of DE3
 * @throws DocumentError TRANSACTION_TYPE_UNKNOWN
 */
export function kindOf(message: {
  readonly type: string;
  readonly isReversal: boolean;
  readonly isZero: boolean;
  readonly responseCode: string;
}): KindAndDirection {
  const { type, isReversal, isZero, responseCode } = message;
  const said = KIND_BY_TYPE[type] ?? KIND_BY_CLASS[type.slice(0, 1)];
  if (said === undefined)
    throw new DocumentError(
      'TRANSACTION_TYPE_UNKNOWN',
      `transaction type ${type} is no debit, no credit and no inquiry`,
    );
  if (isReversal) return { kind: 'REVERSAL', direction: said === 'REFUND' ? 'DEBIT' : 'CREDIT' };
  const kind = isZero || responseCode === NO_REASON_TO_DECLINE ? 'ACCOUNT_VERIFICATION' : said;
  return { kind, direction: kind === 'REFUND' ? 'CREDIT' : 'DEBIT' };
}
