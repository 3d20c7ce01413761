import { fromWire, rateFromWire, rateToText, subtract, toDecimalText } from '@payments/domain';
import { type Merchant, type Transaction, withoutPans } from '@payments/schemas';

/** Two lines of 35 characters, as statements print them. */
const DESCRIPTION_MAX = 70;

const WORD: Readonly<Record<Transaction['kind'], string>> = {
  PURCHASE: 'CARD PURCHASE',
  CASHBACK: 'CARD PURCHASE',
  CASH: 'CASH',
  REFUND: 'REFUND',
  REVERSAL: 'REVERSAL',
  ACCOUNT_VERIFICATION: 'CARD CHECK',
};

/**
 * What the customer reads on the statement: `CASH STADTBANK ATM 17 BERLIN DE EUR 200.00 @0.8617`. The amount and
 * rate are told only where they differ from what is booked; where the line is too long the merchant is shortened,
 * not the money. Holds no control character and nothing that looks like a card number.
 */
export function describeTransaction(transaction: Transaction, merchant: Merchant): string {
  const word = WORD[transaction.kind];
  const money = foreignMoneyOf(transaction);
  const place = oneLine([merchant.name, merchant.city ?? '', merchant.country ?? ''].join(' '));
  const space = DESCRIPTION_MAX - word.length - 1 - (money === '' ? 0 : money.length + 1);
  const shortened = place.slice(0, space).trimEnd().toWellFormed();
  const line = [word, shortened, money].filter((part) => part !== '').join(' ');
  // Once more over the whole line: what is cut or joined may read as a card number where its parts did not.
  return withoutPans(line);
}

/** The amount in another currency than is booked, with its rate; of a partial reversal what is given back. */
function foreignMoneyOf({ amount, billed, conversion, reversal }: Transaction): string {
  if (amount.currency === billed.currency) return '';
  const stays = reversal?.replacement;
  const moved = stays === undefined ? fromWire(amount) : subtract(fromWire(amount), fromWire(stays));
  const rate = conversion === undefined ? '' : ` @${rateToText(rateFromWire(conversion.rate))}`;
  return `${moved.currency} ${toDecimalText(moved)}${rate}`;
}

/** Characters that show nothing go first: between digits they would hide a card number. */
function oneLine(text: string): string {
  const shown = text.replace(/\p{Cf}/gu, '').replace(/[\p{Cc}\s]+/gu, ' ');
  return withoutPans(shown.trim());
}
