import { fromWire, toDecimalText } from '@payments/domain';
import type { Money } from '@payments/schemas';
import type { Element } from './xml-document.ts';

/** An amount element of camt: decimal text, with the alphabetic currency code as an attribute. */
export function amountElement(money: Money): Element {
  return ['Amt', amountText(money), { Ccy: money.currency }];
}

/** The decimal text of an amount: 2599 GBP is `25.99`. */
export function amountText(money: Money): string {
  return toDecimalText(fromWire(money));
}

/** A debit or a credit, as camt says it. */
export const CREDIT_DEBIT = { CREDIT: 'CRDT', DEBIT: 'DBIT' } as const;
