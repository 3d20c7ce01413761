import { type Amount, fromWire, share, toWire } from '@payments/domain';
import type { Product } from '@payments/schemas';
import type { BookingPlan } from './booking-plan.ts';
import { FeeCurrencyError } from './errors.ts';
import { customerAccount, type Leg, move, type PostingAccount } from './leg.ts';
import type { Message } from './message.ts';

interface Fee {
  readonly amountTag: 'FX_FEE' | 'CASH_FEE';
  readonly eventCode: string;
  readonly narrative: string;
  readonly amount: Amount;
  readonly feeRateBasisPoints?: number;
}

/**
 * The fee of a transaction and the tax on it, each a leg on the customer's account and one on the bank's: for
 * cash the cash fee; for anything else in another currency the mark-up, which a refund gives back where the
 * product says so.
 *
 * @throws FeeCurrencyError
 */
export function feeLegs(message: Message, plan: BookingPlan): Leg[] {
  const { transaction, product } = message;
  const billed = fromWire(transaction.billed);
  const fee = feeOf(message, billed);
  if (fee === undefined || fee.amount.minorUnits === 0n) return [];
  const customer = customerAccount(message);
  const givesBack = transaction.direction === 'CREDIT';
  const between = (bank: PostingAccount, what: Omit<Leg, 'account' | 'direction' | 'reversal'>): Leg[] => {
    const narrative = givesBack ? `RETURN OF ${what.narrative}` : what.narrative;
    const both = { ...what, narrative, reversal: false };
    return givesBack ? move(bank, customer, both) : move(customer, bank, both);
  };
  const legs = between(plan.feeIncome, { ...fee, amount: toWire(fee.amount), feeBase: transaction.billed });
  if (!product.taxableFees.includes(fee.amountTag)) return legs;
  const tax = share(fee.amount, product.taxBasisPoints, product.taxRounding);
  if (tax.minorUnits === 0n) return legs;
  const taxed = {
    amountTag: 'TAX',
    eventCode: 'FEEVAT',
    narrative: `TAX ON FEE ${percentOf(product.taxBasisPoints)}`,
    amount: toWire(tax),
    feeBase: toWire(fee.amount),
    feeRateBasisPoints: product.taxBasisPoints,
  } as const;
  return [...legs, ...between(plan.tax, taxed)];
}

function feeOf({ transaction, product }: Message, billed: Amount): Fee | undefined {
  const { direction, amount } = transaction;
  if (transaction.kind === 'CASH') return cashFee(product, billed);
  const isForeign = amount.currency !== billed.currency;
  if (!isForeign || (direction === 'CREDIT' && !product.refundFxMarkup)) return undefined;
  const rate = product.fxMarkupBasisPoints;
  return {
    amountTag: 'FX_FEE',
    eventCode: 'FXFEE',
    narrative: `FOREIGN CURRENCY FEE ${percentOf(rate)}`,
    amount: share(billed, rate, product.rounding),
    feeRateBasisPoints: rate,
  };
}

/** A share of the cash, or the minimum; a minimum has no rate. */
function cashFee(product: Product, billed: Amount): Fee {
  const rate = product.cashFeeBasisPoints;
  const minimum = fromWire(product.cashFeeMinimum);
  const amount = share(billed, rate, product.rounding);
  const fee = { amountTag: 'CASH_FEE', eventCode: 'CASHFEE', narrative: 'CASH WITHDRAWAL FEE' } as const;
  if (minimum.minorUnits > 0n && minimum.currency !== billed.currency)
    throw new FeeCurrencyError(product.code, minimum.currency, billed.currency);
  if (amount.minorUnits < minimum.minorUnits) return { ...fee, amount: minimum };
  return { ...fee, amount, feeRateBasisPoints: rate };
}

/** Basis points for people: 299 is `2.99%`. */
function percentOf(basisPoints: number): string {
  return `${Math.floor(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, '0')}%`;
}
