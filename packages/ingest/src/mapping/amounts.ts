import { currencyByNumber, UnknownCurrencyError } from '@payments/domain';
import type { Authorization, Money, Rate } from '@payments/schemas';
import { UnreadableLineError } from '../errors.ts';
import { type PairElements, present, valid } from './pair-elements.ts';
import { presentMembers } from './present-members.ts';

type AdditionalAmount = NonNullable<Authorization['additionalAmounts']>[number];
type Fee = NonNullable<Authorization['fees']>[number];
type Direction = Fee['direction'];

/** One amount of DE54: account type, amount type, currency, sign, twelve digits. */
const ADDITIONAL_AMOUNT = /^(\d{2})(\d{2})(\d{3})([CD])(\d{12})$/;
const ADDITIONAL_AMOUNT_LENGTH = 20;
const ADDITIONAL_AMOUNTS_MAX = 6;
/** Types below 40 are about the account and the card: balances and limits, which are not ours to keep. */
const TRANSACTION_AMOUNT_TYPE_MIN = '40';
/** A fee: its sign and eight digits. */
const FEE = /^([CD])(\d{8})$/;
/** The fees of ISO 8583:1987, each with the element of its currency. */
const FEES = [
  { number: 28, currency: 49 },
  { number: 29, currency: 50 },
  { number: 30, currency: 49 },
  { number: 31, currency: 50 },
] as const;
const DIRECTIONS: Readonly<Record<string, Direction>> = { C: 'CREDIT', D: 'DEBIT' };

/**
 * Minor units of the currency, as ISO 8583 sends them.
 *
 * @param number the element of the currency, for the error
 * @throws UnreadableLineError UNKNOWN_CURRENCY
 */
export function moneyOf(digits: string, currency: string, number: number): Money {
  try {
    return { minorUnits: BigInt(digits).toString(), currency: currencyByNumber(currency).code };
  } catch (error) {
    if (error instanceof UnknownCurrencyError)
      throw new UnreadableLineError('UNKNOWN_CURRENCY', `DE${number} is no currency of ISO 4217`);
    throw error;
  }
}

/**
 * DE4, DE5 and DE6. A partial approval answers with another DE4 than was asked for: the answer counts, and what
 * was asked for is information.
 *
 * @throws UnreadableLineError
 */
export function amountsOf(elements: PairElements): Authorization['amounts'] {
  const { request, response } = elements.pair;
  const asked = request.elements.get(4);
  const transaction = present(4, elements.answered(4));
  const isChanged = asked !== undefined && asked !== transaction;
  if (isChanged && request.elements.has(6) && !response.elements.has(6))
    // The billed amount of the request is for all of it. Posting it would overcharge, and leaving it out would
    // post the amount in the wrong currency.
    throw new UnreadableLineError('AMBIGUOUS_AMOUNT', 'the response changes DE4 and does not say DE6');
  const settlement = isChanged ? response.elements.get(5) : elements.answered(5);
  const billing = elements.answered(6);
  const currency = present(49, elements.answered(49));
  return presentMembers({
    transaction: moneyOf(transaction, currency, 49),
    requested: isChanged ? moneyOf(asked, elements.required(49), 49) : undefined,
    settlement:
      settlement === undefined ? undefined : moneyOf(settlement, present(50, elements.answered(50)), 50),
    billing: billing === undefined ? undefined : moneyOf(billing, present(51, elements.answered(51)), 51),
  });
}

/** DE9 and DE10: the first digit counts the decimals of the other seven. */
export function ratesOf(elements: PairElements): Authorization['rates'] {
  const settlement = rateOf(elements.answered(9));
  const billing = rateOf(elements.answered(10));
  if (settlement === undefined && billing === undefined) return undefined;
  return presentMembers({ settlement, billing });
}

function rateOf(value: string | undefined): Rate | undefined {
  if (value === undefined) return undefined;
  const digits = BigInt(value.slice(1));
  // A rate of zero is how a fixed element says that nothing was converted.
  return digits === 0n ? undefined : { digits: digits.toString(), scale: Number(value.charAt(0)) };
}

/**
 * DE28 to DE31 of ISO 8583:1987; the 1993 version uses these numbers for other things. A fee of zero is none.
 *
 * @throws UnreadableLineError
 */
export function feesOf(elements: PairElements): Fee[] | undefined {
  if (!elements.is1987) return undefined;
  const fees: Fee[] = [];
  for (const { number, currency } of FEES) {
    const value = elements.answered(number);
    if (value === undefined) continue;
    const [, sign = '', digits = ''] = valid(
      number,
      FEE.exec(value) ?? undefined,
      'is no C or D and 8 digits',
    );
    if (BigInt(digits) === 0n) continue;
    const amount = moneyOf(digits, present(currency, elements.answered(currency)), currency);
    fees.push({ type: String(number), direction: DIRECTIONS[sign] ?? 'DEBIT', amount });
  }
  return fees.length === 0 ? undefined : fees;
}

/**
 * DE54 of both messages, without balances and without what the response repeats.
 *
 * @throws UnreadableLineError
 */
export function additionalAmountsOf({ pair }: PairElements): AdditionalAmount[] | undefined {
  const groups = new Set<string>();
  for (const { elements } of [pair.request, pair.response]) {
    const value = elements.get(54) ?? '';
    for (let start = 0; start < value.length; start += ADDITIONAL_AMOUNT_LENGTH)
      groups.add(value.slice(start, start + ADDITIONAL_AMOUNT_LENGTH));
  }
  const amounts: AdditionalAmount[] = [];
  for (const group of groups) {
    const match = valid(54, ADDITIONAL_AMOUNT.exec(group) ?? undefined, 'is no list of additional amounts');
    const [, accountType = '', type = '', currency = '', sign = '', digits = ''] = match;
    if (type < TRANSACTION_AMOUNT_TYPE_MIN) continue;
    const direction = DIRECTIONS[sign] ?? 'DEBIT';
    amounts.push({ type, direction, amount: moneyOf(digits, currency, 54), accountType });
  }
  if (amounts.length > ADDITIONAL_AMOUNTS_MAX)
    throw new UnreadableLineError('INVALID_ELEMENT', 'DE54 has more amounts than an authorization can carry');
  return amounts.length === 0 ? undefined : amounts;
}
