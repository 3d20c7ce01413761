/** How a division that leaves a rest is rounded. Money is rounded once, at the end of a computation. */
export type Rounding = 'HALF_EVEN' | 'HALF_UP' | 'DOWN';

/**
 * Divides and rounds, for non-negative numbers.
 *
 * @throws RangeError when the numerator is negative or the denominator is not positive
 */
export function divideRounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (numerator < 0n || denominator <= 0n)
    throw new RangeError('a rounded division takes a non-negative by a positive number');
  const quotient = numerator / denominator;
  if (rounding === 'DOWN') return quotient;
  const twiceRest = (numerator % denominator) * 2n;
  if (twiceRest < denominator) return quotient;
  if (twiceRest > denominator || rounding === 'HALF_UP') return quotient + 1n;
  return quotient % 2n === 0n ? quotient : quotient + 1n;
}
