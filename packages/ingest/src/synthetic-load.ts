import { impairmentAt, SYNTHETIC_CARDS } from './synthetic/cards.ts';
import { type Exchange, lineOf } from './synthetic/exchange.ts';
import {
  completion,
  duplicateOf,
  increment,
  isPlainPurchase,
  partialReversal,
  reversal,
} from './synthetic/follow-ups.ts';
import {
  accountVerification,
  cash,
  cashback,
  declined,
  foreignPurchase,
  type Occasion,
  partialApproval,
  purchase,
  refund,
  standInAdvice,
} from './synthetic/purchases.ts';
import { SeededRandom } from './synthetic/seeded-random.ts';

export { type SyntheticCard, syntheticAccounts, syntheticCards } from './synthetic/cards.ts';
export { type Exchange, lineOf } from './synthetic/exchange.ts';

/** The mix in per cent; what follows on an earlier line makes up the rest of the hundred. */
const MIX = [
  { make: purchase, percent: 47 },
  { make: foreignPurchase, percent: 15 },
  { make: cash, percent: 8 },
  { make: refund, percent: 6 },
  { make: cashback, percent: 4 },
  { make: partialApproval, percent: 3 },
  { make: standInAdvice, percent: 3 },
  { make: declined, percent: 4 },
  { make: accountVerification, percent: 1 },
] as const;
/** What follows on any earlier line, and what follows on a plain purchase only. */
const FOLLOW_UPS = [
  { make: repeat, percent: 2, isFor: () => true },
  { make: reversal, percent: 1, isFor: () => true },
  { make: partialReversal, percent: 2, isFor: isPlainPurchase },
  { make: increment, percent: 2, isFor: isPlainPurchase },
  { make: completion, percent: 2, isFor: isPlainPurchase },
] as const;
const FOLLOW_UPS_PERCENT = FOLLOW_UPS.reduce((sum, { percent }) => sum + percent, 0);

/** Shares of the cards used; the rest can be posted to. */
const UNKNOWN_CARD_SHARE = 0.005;
const IMPAIRED_SHARE = 0.01;
const NO_COUNTRY_SHARE = 0.005;
/** Cards that no reference data has; some come more than once. */
const UNKNOWN_CARDS = 500;

const STARTS_AT = Date.UTC(2026, 10, 15);
const LINES_PER_SECOND = 4;
/** Earlier exchanges on which another may follow; bounds the memory of a long load. */
const REMEMBERED_MAX = 256;

/** Places of cards, by what they are good for. */
interface CardPlaces {
  readonly sound: readonly [number, ...number[]];
  readonly impaired: readonly [number, ...number[]];
  readonly withoutCountry: readonly [number, ...number[]];
}

/**
 * Lines of an input file: authorizations over all wire profiles, in a realistic mix with declined, repeated,
 * reversed, incremented and completed ones, and with cards that are unknown, or whose account is blocked, on hold
 * or closed.
 *
 * @param count how many lines, exactly
 * @param seed the same seed gives the same lines; a longer load begins with the shorter one
 * @param cards how many of the synthetic cards it uses, from the first; at least 30, so that each sort is there
 */
export function* syntheticLoad(count: number, seed: number, cards = SYNTHETIC_CARDS): Generator<string> {
  for (const exchange of syntheticExchanges(count, seed, cards)) yield lineOf(exchange);
}

/** The same before it is encoded. */
export function* syntheticExchanges(
  count: number,
  seed: number,
  cards = SYNTHETIC_CARDS,
): Generator<Exchange> {
  const random = new SeededRandom(seed);
  const places: CardPlaces = {
    sound: placesBy(cards, (place) => impairmentAt(place) === 'NONE'),
    impaired: placesBy(cards, (place) => ['ACCOUNT', 'CARD'].includes(impairmentAt(place))),
    withoutCountry: placesBy(cards, (place) => impairmentAt(place) === 'NO_COUNTRY'),
  };
  const earlier: Exchange[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = STARTS_AT + Math.floor(index / LINES_PER_SECOND) * 1_000;
    yield nextExchange({ random, index, card: cardFor(random, places), at }, earlier);
  }
}

function nextExchange(occasion: Occasion, earlier: Exchange[]): Exchange {
  const { random } = occasion;
  const draw = random.next() * 100;
  const followUp = chosen(FOLLOW_UPS, draw);
  if (followUp !== undefined) {
    const original = takeOne(random, earlier, followUp.isFor);
    if (original !== undefined) return followUp.make(occasion, original);
  }
  const { make } = chosen(MIX, draw - FOLLOW_UPS_PERCENT) ?? MIX[0];
  const exchange = make(occasion);
  if (make !== declined) remember(random, earlier, exchange);
  return exchange;
}

/** What a draw between 0 and 100 falls on; undefined where it lies outside of all shares. */
function chosen<Kind extends { readonly percent: number }>(
  kinds: readonly Kind[],
  draw: number,
): Kind | undefined {
  let rest = draw;
  if (rest < 0) return undefined;
  for (const kind of kinds) {
    if (rest < kind.percent) return kind;
    rest -= kind.percent;
  }
  return undefined;
}

function repeat({ random }: Occasion, original: Exchange): Exchange {
  return duplicateOf(original, random);
}

/** Takes an exchange out, so that one thing at most follows on each: any that will do after the place drawn. */
function takeOne(
  random: SeededRandom,
  earlier: Exchange[],
  isFor: (exchange: Exchange) => boolean,
): Exchange | undefined {
  if (earlier.length === 0) return undefined;
  const from = random.between(0, earlier.length - 1);
  for (let step = 0; step < earlier.length; step += 1) {
    const place = (from + step) % earlier.length;
    const candidate = earlier[place];
    if (candidate === undefined || !isFor(candidate)) continue;
    earlier.splice(place, 1);
    return candidate;
  }
  return undefined;
}

function remember(random: SeededRandom, earlier: Exchange[], exchange: Exchange): void {
  if (earlier.length < REMEMBERED_MAX) earlier.push(exchange);
  else earlier[random.between(0, REMEMBERED_MAX - 1)] = exchange;
}

function cardFor(random: SeededRandom, places: CardPlaces): number {
  let draw = random.next();
  if (draw < UNKNOWN_CARD_SHARE) return SYNTHETIC_CARDS + random.between(0, UNKNOWN_CARDS - 1);
  draw -= UNKNOWN_CARD_SHARE;
  if (draw < IMPAIRED_SHARE) return random.pick(places.impaired);
  return random.pick(draw < IMPAIRED_SHARE + NO_COUNTRY_SHARE ? places.withoutCountry : places.sound);
}

function placesBy(cards: number, holds: (place: number) => boolean): readonly [number, ...number[]] {
  const [first, ...others] = Array.from({ length: cards }, (_, place) => place).filter(holds);
  if (first === undefined) throw new Error('no card is of this sort');
  return [first, ...others];
}
