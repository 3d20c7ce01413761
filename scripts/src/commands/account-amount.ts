import { toDecimalText } from '@payments/domain';

/** An amount without a sign: `79.12`. */
export function amountText(minorUnits: bigint, currency: string): string {
  return toDecimalText({ minorUnits, currency });
}

/** A balance as books write it: `79.12 Dr` when more was debited, `79.12 Cr` when more was credited. */
export function balanceText(net: bigint, currency: string): string {
  if (net === 0n) return amountText(0n, currency);
  return net < 0n ? `${amountText(-net, currency)} Dr` : `${amountText(net, currency)} Cr`;
}
