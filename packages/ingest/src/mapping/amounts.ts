import { currencyByNumber, UnknownCurrencyError } from '@payments/domain';
import type { Authorization, Money, Rate } from '@payments/schemas';
import { UnreadableLineError } from '../errors.ts';
import { additionalAmountGroups, additionalAmountOf, amountOf2003 } from '../iso8583/amount-parts.ts';
import { type PairElements, present, valid } from './pair-elements.ts';
import { presentMembers } from './present-members.ts';

type AdditionalAmount = NonNullable<Authorization['additionalAmounts']>[number];
type Fee = NonNullable<Authorization['fees']>[number];
type Direction = Fee['direction'];

const ADDITIONAL_AMOUNTS_MAX = 6;
/** Types below 40 are about the account and the card: balances and limits, which are not ours to keep. */
const TRANSACTION_AMOUNT_TYPE_MIN = '40';
/** The amounts of an authorization, each with the element of its currency; in 2003 an amount says it itself. */
const CURRENCY_ELEMENTS = { 4: 49, 5: 50, 6: 51 } as const;
/** A fee: its sign and eight digits. */
const FEE = /^([CD])(\d{8})$/;
/** What the issuer bills the cardholder for, without a sign. It has the currency of billing, where one is said. */
const BILLING_FEE = { number: 8, type: '08', currencies: [51, 49] } as const;
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
 * @param exponent the decimals that the message counts, where it says so
 * @throws UnreadableLineError UNKNOWN_CURRENCY; INVALID_ELEMENT when the message counts decimals that the currency
 *   does not have, and they are not zero
 */
export function moneyOf(digits: string, currency: string, number: number, exponent?: number): Money {
  const { code, exponent: decimals } = knownCurrency(currency, number);
  const surplus = (exponent ?? decimals) - decimals;
  const minorUnits = BigInt(digits);
  if (surplus <= 0) return { minorUnits: (minorUnits * 10n ** BigInt(-surplus)).toString(), currency: code };
  const divisor = 10n ** BigInt(surplus);
  const isExact = minorUnits % divisor === 0n;
  return valid(
    number,
    isExact ? { minorUnits: (minorUnits / divisor).toString(), currency: code } : undefined,
    'counts more decimals than its currency has',
  );
}

function knownCurrency(currency: string, number: number) {
  try {
    return currencyByNumber(currency);
  } catch (error) {
    if (error instanceof UnknownCurrencyError)
      throw new UnreadableLineError('UNKNOWN_CURRENCY', `DE${number} is no currency of ISO 4217`);
    throw error;
  }
}

/**
 * An amount of DE4, DE5 or DE6.
 *
 * @param side where its currency is looked for first: what was asked for, or what was answered
 * @throws UnreadableLineError
 */
export function moneyAt(
  elements: PairElements,
  number: keyof typeof CURRENCY_ELEMENTS,
  value: string,
  side: 'asked' | 'answered' = 'answered',
): Money {
  if (elements.version !== '2003') {
    const currencyElement = CURRENCY_ELEMENTS[number];
    return moneyOf(value, present(currencyElement, elements[side](currencyElement)), currencyElement);
  }
  return money2003(number, value);
}

/** @throws UnreadableLineError */
function money2003(number: number, value: string): Money {
  const { digits, currency, exponent } = valid(number, amountOf2003(value), 'is no amount with its currency');
  return moneyOf(digits, currency, number, exponent);
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
  return presentMembers({
    transaction: moneyAt(elements, 4, transaction),
    requested: isChanged ? moneyAt(elements, 4, asked, 'asked') : undefined,
    settlement: settlement === undefined ? undefined : moneyAt(elements, 5, settlement),
    billing: billing === undefined ? undefined : moneyAt(elements, 6, billing),
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
 * DE8, and DE28 to DE31 of ISO 8583:1987; the 1993 version uses these numbers for other things. A fee of zero is
 * none.
 *
 * @throws UnreadableLineError
 */
export function feesOf(elements: PairElements): Fee[] | undefined {
  const fees = [...billingFeesOf(elements), ...(elements.is1987 ? signedFeesOf(elements) : [])];
  return fees.length === 0 ? undefined : fees;
}

/** @throws UnreadableLineError */
function billingFeesOf(elements: PairElements): Fee[] {
  const { number, type } = BILLING_FEE;
  const value = elements.answered(number);
  if (value === undefined) return [];
  // All zeros is how a fixed element says nothing, in 2003 also its currency.
  if (/^0*$/.test(value)) return [];
  const amount = elements.version === '2003' ? money2003(number, value) : moneyOfBillingFee(value, elements);
  return amount.minorUnits === '0' ? [] : [{ type, direction: 'DEBIT', amount }];
}

/** @throws UnreadableLineError */
function moneyOfBillingFee(digits: string, elements: PairElements): Money {
  const [billing, transaction] = BILLING_FEE.currencies;
  const said = elements.answered(billing) === undefined ? transaction : billing;
  return moneyOf(digits, present(said, elements.answered(said)), said);
}

/** @throws UnreadableLineError */
function signedFeesOf(elements: PairElements): Fee[] {
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
  return fees;
}

/**
 * DE54 of both messages, without balances and without what the response repeats.
 *
 * @throws UnreadableLineError
 */
export function additionalAmountsOf({ pair, version }: PairElements): AdditionalAmount[] | undefined {
  const is2003 = version === '2003';
  const groups = new Set(
    [pair.request, pair.response].flatMap(({ elements }) =>
      additionalAmountGroups(elements.get(54) ?? '', is2003),
    ),
  );
  const amounts: AdditionalAmount[] = [];
  for (const group of groups) {
    const parts = valid(54, additionalAmountOf(group, is2003), 'is no list of additional amounts');
    const { accountType, amountType, sign, amount } = parts;
    if (amountType < TRANSACTION_AMOUNT_TYPE_MIN) continue;
    const direction = DIRECTIONS[sign] ?? 'DEBIT';
    const money = moneyOf(amount.digits, amount.currency, 54, amount.exponent);
    amounts.push({ type: amountType, direction, amount: money, accountType });
  }
  if (amounts.length > ADDITIONAL_AMOUNTS_MAX)
    throw new UnreadableLineError('INVALID_ELEMENT', 'DE54 has more amounts than an authorization can carry');
  return amounts.length === 0 ? undefined : amounts;
}
