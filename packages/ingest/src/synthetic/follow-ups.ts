import { convert, currencyByNumber } from '@payments/domain';
import { digits, type Exchange, traceNumberOf, transmissionTimeOf, withElements } from './exchange.ts';
import { ANSWERED_AFTER_MS, approvalCodeOf, type Occasion } from './purchases.ts';
import type { SeededRandom } from './seeded-random.ts';

const LOGGED_AGAIN_AFTER_MS = 5_000;
/** What an increment and a completion may be, in per cent of their original. */
const INCREMENT_PERCENT = [5, 40] as const;
const COMPLETION_PERCENT = [70, 120] as const;
/** A partial reversal leaves so much per cent of what was approved. */
const REPLACEMENT_PERCENT = [10, 90] as const;

/** Either the network repeats its request, or the same exchange is logged again a little later. */
export function duplicateOf(original: Exchange, random: SeededRandom): Exchange {
  const loggedAt = original.loggedAt + LOGGED_AGAIN_AFTER_MS;
  const [request, response] = original.mti;
  const repeated = [`${request.slice(0, 3)}1`, response] as const;
  return { ...original, loggedAt, mti: random.chance(0.5) ? repeated : original.mti };
}

/** Says whether an exchange is a plain authorization of goods, which may be changed later. */
export function isPlainPurchase({ mti, request, response }: Exchange): boolean {
  return mti[0] === '0100' && request.get(3) === '000000' && response.get(39) === '00';
}

/** The full reversal of an earlier exchange. */
export function reversal(occasion: Occasion, original: Exchange): Exchange {
  return follow(occasion, original, {
    mti: ['0400', '0410'],
    // What was approved is reversed, also where it is less than was asked for.
    request: { 4: original.response.get(4), 35: undefined, 55: undefined, 90: originalDataOf(original) },
    response: { 54: undefined },
  });
}

/** A reversal that leaves a part of an earlier purchase. */
export function partialReversal(occasion: Occasion, original: Exchange): Exchange {
  const replacement = partOf(occasion.random, original, REPLACEMENT_PERCENT);
  // A network that says the settlement amount says it here too; zeros say that it does not.
  const settlement = original.request.has(5) ? (billedOf(original, replacement) ?? 0n) : 0n;
  return follow(occasion, original, {
    mti: ['0400', '0410'],
    request: {
      35: undefined,
      55: undefined,
      90: originalDataOf(original),
      95: `${digits(replacement, 12)}${digits(settlement, 12)}${'0'.repeat(18)}`,
    },
    response: {},
  });
}

/** A further authorization that adds to an earlier one, as a hotel asks for another night. */
export function increment(occasion: Occasion, original: Exchange): Exchange {
  const amount = partOf(occasion.random, original, INCREMENT_PERCENT);
  return follow(occasion, original, { mti: ['0100', '0110'], ...amountsOf(original, amount) });
}

/** The financial advice that completes an earlier authorization, for less or for more. */
export function completion(occasion: Occasion, original: Exchange): Exchange {
  const amount = partOf(occasion.random, original, COMPLETION_PERCENT);
  const { request, response } = amountsOf(original, amount);
  const verdict = { 38: approvalCodeOf(occasion.index), 39: '00' };
  return follow(occasion, original, {
    mti: ['0220', '0230'],
    request: { ...request, ...verdict, 35: undefined, 55: undefined, 90: originalDataOf(original) },
    response,
  });
}

/** A message of the same life cycle: the same card, merchant and retrieval reference, at another moment. */
function follow(
  { index, at }: Occasion,
  original: Exchange,
  changes: {
    readonly mti: readonly [string, string];
    readonly request: Readonly<Record<number, string | undefined>>;
    readonly response: Readonly<Record<number, string | undefined>>;
  },
): Exchange {
  const transmitted = transmissionTimeOf(at);
  const own = {
    7: transmitted,
    11: traceNumberOf(index),
    12: transmitted.slice(4),
    13: transmitted.slice(0, 4),
  };
  return {
    scheme: original.scheme,
    mti: changes.mti,
    request: withElements(original.request, { 38: undefined, 39: undefined, ...own, ...changes.request }),
    response: withElements(original.response, { ...own, 39: '00', ...changes.response }),
    loggedAt: at + ANSWERED_AFTER_MS,
  };
}

/** DE90: which message this one is about. */
function originalDataOf({ mti, request }: Exchange): string {
  const said = (number: number) => request.get(number) ?? '';
  return `${mti[0]}${said(11)}${said(7)}${said(32).padStart(11, '0')}${'0'.repeat(11)}`;
}

function partOf(random: SeededRandom, original: Exchange, percent: readonly [number, number]): bigint {
  const approved = BigInt(original.response.get(4) ?? '0');
  const part = (approved * BigInt(random.between(...percent))) / 100n;
  return part === 0n ? 1n : part;
}

/** DE4, and DE5 and DE6 at the original's rate where it has them. */
function amountsOf(original: Exchange, amount: bigint) {
  const billed = billedOf(original, amount);
  const amounts: Record<number, string> = { 4: digits(amount, 12) };
  for (const number of [5, 6])
    if (billed !== undefined && original.request.has(number)) amounts[number] = digits(billed, 12);
  return { request: amounts, response: amounts };
}

/** What an amount bills at the rate of the original (DE10); undefined where it was not converted. */
function billedOf({ request }: Exchange, amount: bigint): bigint | undefined {
  const code = request.get(10);
  const [from, to] = [request.get(49), request.get(51)];
  if (code === undefined || from === undefined || to === undefined) return undefined;
  const rate = { digits: BigInt(code.slice(1)), scale: Number(code.charAt(0)) };
  const source = { minorUnits: amount, currency: currencyByNumber(from).code };
  return convert(source, rate, currencyByNumber(to).code, 'HALF_EVEN').minorUnits;
}
