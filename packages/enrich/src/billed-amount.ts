import {
  type Amount,
  type ConversionRate,
  convert,
  currencyByNumber,
  type Rounding,
  rateToWire,
} from '@payments/domain';
import type { Transaction } from '@payments/schemas';
import { amountOf, type CainContent, rateOf } from './cain-content.ts';

/** The rate from a currency to itself. */
const ONE_FOR_ONE: ConversionRate = { digits: 1n, scale: 0 };

/** What the network said of the conversion into the currency that it bills in. */
export interface NetworkBilling {
  readonly amount?: Amount | undefined;
  readonly rate?: ConversionRate | undefined;
  /** ISO 4217 alphabetic code. */
  readonly currency?: string | undefined;
}

/** How an amount is brought into the currency of an account. */
export interface ConversionTerms {
  /** Of the account, ISO 4217 alphabetic code. */
  readonly currency: string;
  readonly network: NetworkBilling;
  /** From the currency of the transaction to that of the account. */
  readonly referenceRate?: ConversionRate | undefined;
  readonly rounding: Rounding;
}

/** An amount in the currency of the account, and how it came about where it was converted. */
export interface Billing {
  readonly billed: Amount;
  readonly conversion?: NonNullable<Transaction['conversion']>;
}

/**
 * What the network says that the transaction bills: DE6, DE10 and DE51. In a partial reversal `TxAmts` is what stays, so
 * what the original billed stands with the original, where the network says it.
 */
export function networkBillingOf({ body, messageClass }: CainContent): NetworkBilling {
  const { TxAmts, OrgnlDataElmts } = body;
  const { CrdhldrBllgAmt, CrdhldrBllgCcy = TxAmts.CrdhldrBllgCcy } =
    (messageClass === 'REVERSAL' ? OrgnlDataElmts?.TxAmts : undefined) ?? TxAmts;
  return {
    amount: amountOf(CrdhldrBllgAmt, CrdhldrBllgCcy),
    rate: rateOf(TxAmts.CrdhldrBllgFctvXchgRate),
    currency: CrdhldrBllgCcy === undefined ? undefined : currencyByNumber(CrdhldrBllgCcy).code,
  };
}

/**
 * What a transaction bills: the network's own figure (DE6), which is the truth, where it is in the account's
 * currency; else the amount itself in that currency; else the amount at the network's rate, or at the bank's.
 * A figure of the network in another currency than the account's says nothing about the account: it neither bills nor
 * is it checked.
 *
 * How far the network's figure is from the amount at its rate, rounded as the product says, is the `difference`:
 * positive where more is billed. In one currency the rate is one, and only a figure that differs is told.
 *
 * @returns undefined when a conversion is needed and nobody gives a rate
 */
export function bill(amount: Amount, terms: ConversionTerms): Billing | undefined {
  const { currency, network, rounding } = terms;
  if (network.amount?.currency !== currency) return converted(amount, terms);
  const billed = network.amount;
  const isSameCurrency = amount.currency === currency;
  const rate = isSameCurrency ? ONE_FOR_ONE : network.rate;
  if (rate === undefined) return { billed };
  const difference = billed.minorUnits - convert(amount, rate, currency, rounding).minorUnits;
  if (isSameCurrency && difference === 0n) return { billed };
  return {
    billed,
    conversion: { rate: rateToWire(rate), source: 'NETWORK', difference: difference.toString() },
  };
}

/** The amount in the currency of the account without a figure of the network for it. */
export function converted(amount: Amount, terms: ConversionTerms): Billing | undefined {
  const { currency, network, referenceRate, rounding } = terms;
  if (amount.currency === currency) return { billed: amount };
  if (amount.minorUnits === 0n) return { billed: { minorUnits: 0n, currency } };
  const source = network.currency === currency && network.rate !== undefined ? 'NETWORK' : 'REFERENCE';
  const rate = source === 'NETWORK' ? network.rate : referenceRate;
  if (rate === undefined) return undefined;
  return {
    billed: convert(amount, rate, currency, rounding),
    conversion: { rate: rateToWire(rate), source },
  };
}
