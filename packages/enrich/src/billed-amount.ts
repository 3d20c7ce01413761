import { type Amount, type ConversionRate, convert, type Rounding, rateToWire } from '@payments/domain';
import type { CainBody, Transaction } from '@payments/schemas';
import { amountOf, rateOf } from './cain-content.ts';

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

/** DE6, DE10 and DE51, and in which currency the network bills where it gives no figure. */
export function networkBillingOf({ TxAmts }: CainBody, currencyCode: string | undefined): NetworkBilling {
  return {
    amount: amountOf(TxAmts.CrdhldrBllgAmt, TxAmts.CrdhldrBllgCcy),
    rate: rateOf(TxAmts.CrdhldrBllgFctvXchgRate),
    currency: currencyCode,
  };
}

/**
 * What a transaction bills: the network's own figure (DE6), which is the truth, where it is in the account's
 * currency; else the amount itself in that currency; else the amount at the network's rate, or at the bank's.
 * A figure of the network in another currency than the account's says nothing about the account.
 *
 * @returns undefined when a conversion is needed and nobody gives a rate
 */
export function bill(amount: Amount, terms: ConversionTerms): Billing | undefined {
  const { currency, network, rounding } = terms;
  if (network.amount?.currency !== currency) return converted(amount, terms);
  const billed = network.amount;
  if (network.rate === undefined || amount.currency === currency) return { billed };
  const computed = convert(amount, network.rate, currency, rounding);
  return {
    billed,
    conversion: {
      rate: rateToWire(network.rate),
      source: 'NETWORK',
      difference: (billed.minorUnits - computed.minorUnits).toString(),
    },
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
