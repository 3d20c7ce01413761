import type { Money } from '@payments/schemas';
import type { Leg } from './leg.ts';

/** The accounting event of whatever takes back. */
const REVERSAL_EVENT = 'REVR';
const REVERSAL_WORD = 'REVERSAL';
/** A narrative is at most two lines of 35 characters. */
const NARRATIVE_MAX = 70;

/** What legs that take back say of it. */
export interface TakingBack {
  /** The narrative of the message that takes back, for its principal. */
  readonly description: string;
  /** The sequence that is taken back. */
  readonly reversalOf: string;
}

/** One movement that is compared: the same account, currency, purpose and direction. */
interface Line {
  readonly stands: Leg | undefined;
  readonly wanted: Leg | undefined;
}

/**
 * The legs that lead from what stands to what should stand. What is too much goes back from the account that it
 * came on, the debit before the credit within each block; what is missing is added. Leading to nothing is the
 * mirror of what stands; leading from nothing is what should stand.
 *
 * @param stands and wanted as they are booked forward, balanced in each currency; so is the result
 */
export function legsBetween(stands: readonly Leg[], wanted: readonly Leg[], takingBack: TakingBack): Leg[] {
  return blocksOf(linesOf(stands, wanted)).flatMap((block) => {
    const legs = block.flatMap((line) => legOf(line, takingBack) ?? []);
    return [
      ...legs.filter(({ direction }) => direction === 'DEBIT'),
      ...legs.filter(({ direction }) => direction === 'CREDIT'),
    ];
  });
}

function linesOf(stands: readonly Leg[], wanted: readonly Leg[]): Line[] {
  const before = sumsOf(stands);
  const after = sumsOf(wanted);
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].map((key) => ({ stands: before.get(key), wanted: after.get(key) }));
}

/** Legs of one key as one leg. */
function sumsOf(legs: readonly Leg[]): Map<string, Leg> {
  const sums = new Map<string, Leg>();
  for (const leg of legs) {
    const { account, amount, amountTag, direction } = leg;
    const key = [account.accountId, amount.currency, amountTag, direction].join('|');
    const known = sums.get(key);
    sums.set(key, known === undefined ? leg : { ...known, ...sizesOf(known, leg, 1n) });
  }
  return sums;
}

/** Lines that balance together: debits and the credits after them. */
function blocksOf(lines: readonly Line[]): Line[][] {
  const blocks: Line[][] = [];
  let previous: string | undefined;
  for (const line of lines) {
    const direction = (line.stands ?? line.wanted)?.direction;
    const last = blocks.at(-1);
    if (last === undefined || (direction === 'DEBIT' && previous === 'CREDIT')) blocks.push([line]);
    else last.push(line);
    previous = direction;
  }
  return blocks;
}

/** The one leg that makes a line right, undefined where it is. */
function legOf({ stands, wanted }: Line, takingBack: TakingBack): Leg | undefined {
  if (stands === undefined) return wanted;
  const missing = minorUnits(wanted?.amount) - minorUnits(stands.amount);
  if (missing === 0n) return undefined;
  const sizes = sizesOf(stands, wanted, -1n);
  if (missing > 0n && wanted !== undefined) return { ...withoutSizes(wanted), ...sizes };
  const { description, reversalOf } = takingBack;
  return {
    ...withoutSizes(stands),
    ...sizes,
    direction: stands.direction === 'DEBIT' ? 'CREDIT' : 'DEBIT',
    eventCode: REVERSAL_EVENT,
    narrative: reversalNarrative(stands.amountTag === 'PRINCIPAL' ? description : stands.narrative),
    reversal: true,
    reversalOf,
  };
}

/** A narrative that says first that something is taken back. */
function reversalNarrative(narrative: string): string {
  if (narrative.startsWith(REVERSAL_WORD)) return narrative;
  return `${REVERSAL_WORD} ${narrative}`.slice(0, NARRATIVE_MAX);
}

/** What grows and shrinks with a leg: its amount, what that was converted and what it was computed from. */
type Sizes = Pick<Leg, 'amount' | 'originalAmount' | 'feeBase'>;

/** The sum of two legs' sizes, or with -1 the size of their difference. */
function sizesOf(left: Leg, right: Leg | undefined, sign: 1n | -1n): Sizes {
  const joined = (a: Money | undefined, b: Money | undefined): Money | undefined => {
    const known = a ?? b;
    const total = minorUnits(a) + sign * minorUnits(b);
    if (known === undefined || total === 0n) return undefined;
    return { minorUnits: (total < 0n ? -total : total).toString(), currency: known.currency };
  };
  const originalAmount = joined(left.originalAmount, right?.originalAmount);
  const feeBase = joined(left.feeBase, right?.feeBase);
  return {
    amount: joined(left.amount, right?.amount) ?? left.amount,
    ...(originalAmount !== undefined && { originalAmount }),
    ...(feeBase !== undefined && { feeBase }),
  };
}

function withoutSizes(leg: Leg): Omit<Leg, 'originalAmount' | 'feeBase'> {
  const { originalAmount: _original, feeBase: _base, ...others } = leg;
  return others;
}

function minorUnits(money: Money | undefined): bigint {
  return BigInt(money?.minorUnits ?? '0');
}
