import { type Amount, convert, fromWire, rateFromWire, subtract, toWire } from '@payments/domain';
import type { BookingPlan } from './booking-plan.ts';
import { feeLegs } from './fee-legs.ts';
import { customerAccount, type Leg, move } from './leg.ts';
import { type Message, movesNothing } from './message.ts';

/** The accounting event of each kind of transaction. */
const EVENT_CODES = {
  PURCHASE: 'CARDPUR',
  CASHBACK: 'CARDPUR',
  CASH: 'CARDCASH',
  REFUND: 'CARDREF',
  ACCOUNT_VERIFICATION: 'CARDPUR',
  REVERSAL: 'REVR',
} as const;

/** A narrative is at most two lines of 35 characters. */
export const NARRATIVE_MAX = 70;

/**
 * The legs that a transaction books when nothing else of its life cycle is booked: what was billed, between the
 * customer and the scheme's suspense account, then fees and tax. Debits equal credits in every currency. None
 * where the transaction moves nothing.
 *
 * @param plan the bank's own accounts, and by that the form of the booking
 * @throws FeeCurrencyError
 */
export function legsOf(message: Message, plan: BookingPlan): Leg[] {
  if (movesNothing(message)) return [];
  return [...principalLegs(message, plan), ...feeLegs(message, plan)];
}

/**
 * What was billed on its way from the customer to where the scheme is settled: through the currency position
 * where that is in another currency, and on to the head office in the three-account form. A credit goes the same
 * way back.
 */
function principalLegs(message: Message, plan: BookingPlan): Leg[] {
  const { transaction, description } = message;
  const { suspense, headOffice, position } = plan;
  const common = {
    amountTag: 'PRINCIPAL',
    eventCode: EVENT_CODES[transaction.kind],
    narrative: description,
    reversal: false,
  } as const;
  const billed = { ...common, amount: transaction.billed, ...conversionOf(message) };
  const settled = position === undefined ? billed : { ...common, amount: transaction.amount };
  const customer = customerAccount(message);
  if (transaction.direction === 'CREDIT') {
    return [
      ...(position === undefined
        ? move(suspense, customer, billed)
        : [...move(suspense, position.settled, settled), ...move(position.billed, customer, billed)]),
      ...(headOffice === undefined ? [] : move(headOffice, suspense, settled)),
    ];
  }
  const [fromCustomer, ...others] = [
    ...(position === undefined
      ? move(customer, suspense, billed)
      : [...move(customer, position.billed, billed), ...move(position.settled, suspense, settled)]),
    ...(headOffice === undefined ? [] : move(suspense, headOffice, settled)),
  ];
  if (fromCustomer === undefined) return others;
  return [...(plan.splitsCashback ? goodsAndCash(fromCustomer, message) : [fromCustomer]), ...others];
}

/** What the amount was before it was billed in another currency. */
function conversionOf({ transaction }: Message): Pick<Leg, 'originalAmount' | 'rate'> {
  const { amount, billed, conversion } = transaction;
  if (amount.currency === billed.currency) return {};
  return { originalAmount: amount, ...(conversion !== undefined && { rate: conversion.rate }) };
}

/** The customer's leg of a purchase with cash as two: the goods, and the cash. */
function goodsAndCash(fromCustomer: Leg, message: Message): Leg[] {
  const cash = cashOf(message);
  const goods = subtract(fromWire(message.transaction.billed), cash);
  const { rate: _rate, originalAmount: _original, ...plain } = fromCustomer;
  const narrative = `CASHBACK ${message.description}`.slice(0, NARRATIVE_MAX);
  return [
    ...(goods.minorUnits > 0n ? [{ ...fromCustomer, amount: toWire(goods) }] : []),
    ...(cash.minorUnits > 0n
      ? [{ ...plain, amount: toWire(cash), amountTag: 'CASHBACK' as const, narrative }]
      : []),
  ];
}

/** The part of the billed amount that was given in cash, at the transaction's own rate; at most all of it. */
function cashOf({ transaction, product }: Message): Amount {
  const billed = fromWire(transaction.billed);
  const none = { minorUnits: 0n, currency: billed.currency };
  if (transaction.cashback === undefined) return none;
  const given = fromWire(transaction.cashback);
  const rate = transaction.conversion?.rate;
  if (given.currency !== billed.currency && rate === undefined) return none;
  const cash =
    rate === undefined || given.currency === billed.currency
      ? given
      : convert(given, rateFromWire(rate), billed.currency, product.rounding);
  return cash.minorUnits > billed.minorUnits ? billed : cash;
}
