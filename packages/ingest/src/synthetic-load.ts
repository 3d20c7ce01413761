import { impairmentAt, SYNTHETIC_CARDS } from './synthetic/cards.ts';
import { type Exchange, lineOf } from './synthetic/exchange.ts';
import {
  cash,
  cashback,
  declined,
  foreignPurchase,
  type Occasion,
  partialApproval,
  purchase,
  refund,
  reversal,
  standInAdvice,
} from './synthetic/purchases.ts';
import { SeededRandom } from './synthetic/seeded-random.ts';

export { type SyntheticCard, syntheticAccounts, syntheticCards } from './synthetic/cards.ts';

/** The mix in per cent; duplicates and reversals of an earlier line make up the rest of the hundred. */
const MIX = [
  { make: purchase, percent: 54 },
  { make: foreignPurchase, percent: 15 },
  { make: cash, percent: 8 },
  { make: refund, percent: 6 },
  { make: cashback, percent: 4 },
  { make: partialApproval, percent: 3 },
  { make: standInAdvice, percent: 3 },
  { make: declined, percent: 4 },
] as const;
const DUPLICATE_PERCENT = 2;
const REVERSAL_PERCENT = 1;

/** Shares of the cards used; the rest can be posted to. */
const UNKNOWN_CARD_SHARE = 0.005;
const IMPAIRED_SHARE = 0.01;
const NO_COUNTRY_SHARE = 0.005;
/** Cards that no reference data has; some come more than once. */
const UNKNOWN_CARDS = 500;

const STARTS_AT = Date.UTC(2026, 10, 15);
const LINES_PER_SECOND = 4;
/** Earlier exchanges that a duplicate or a reversal may be of; bounds the memory of a long load. */
const REMEMBERED_MAX = 256;
const LOGGED_AGAIN_AFTER_MS = 5_000;

/** Places of cards, by what they are good for. */
interface CardPlaces {
  readonly sound: readonly [number, ...number[]];
  readonly impaired: readonly [number, ...number[]];
  readonly withoutCountry: readonly [number, ...number[]];
}

/**
 * Lines of an input file: authorizations over all wire profiles, in a realistic mix with declined, repeated and
 * reversed ones, and with cards that are unknown, or whose account is blocked, on hold or closed.
 *
 * @param count how many lines, exactly
 * @param seed the same seed gives the same lines; a longer load begins with the shorter one
 * @param cards how many of the synthetic cards it uses, from the first; at least 30, so that each sort is there
 */
export function* syntheticLoad(count: number, seed: number, cards = SYNTHETIC_CARDS): Generator<string> {
  const random = new SeededRandom(seed);
  const places: CardPlaces = {
    sound: placesBy(cards, (place) => impairmentAt(place) === 'NONE'),
    impaired: placesBy(cards, (place) => ['ACCOUNT', 'CARD'].includes(impairmentAt(place))),
    withoutCountry: placesBy(cards, (place) => impairmentAt(place) === 'NO_COUNTRY'),
  };
  const earlier: Exchange[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = STARTS_AT + Math.floor(index / LINES_PER_SECOND) * 1_000;
    const occasion = { random, index, card: cardFor(random, places), at };
    const exchange = nextExchange(occasion, earlier);
    yield lineOf(exchange);
  }
}

function nextExchange(occasion: Occasion, earlier: Exchange[]): Exchange {
  const { random } = occasion;
  const draw = random.next() * 100;
  if (draw < DUPLICATE_PERCENT + REVERSAL_PERCENT) {
    const original = takeOne(random, earlier);
    if (original !== undefined)
      return draw < DUPLICATE_PERCENT ? duplicateOf(original, random) : reversal(occasion, original);
  }
  const { make } = kindAt(draw - DUPLICATE_PERCENT - REVERSAL_PERCENT);
  const exchange = make(occasion);
  if (make !== declined) remember(random, earlier, exchange);
  return exchange;
}

function kindAt(percent: number): (typeof MIX)[number] {
  let rest = percent;
  for (const kind of MIX) {
    if (rest < kind.percent) return kind;
    rest -= kind.percent;
  }
  return MIX[0];
}

/** Either the network repeats its request, or the same exchange is logged again a little later. */
function duplicateOf(original: Exchange, random: SeededRandom): Exchange {
  const loggedAt = original.loggedAt + LOGGED_AGAIN_AFTER_MS;
  const [request, response] = original.mti;
  const repeated = [`${request.slice(0, 3)}1`, response] as const;
  return { ...original, loggedAt, mti: random.chance(0.5) ? repeated : original.mti };
}

/** Takes an exchange out, so that none is repeated twice or reversed after it was repeated. */
function takeOne(random: SeededRandom, earlier: Exchange[]): Exchange | undefined {
  if (earlier.length === 0) return undefined;
  const [taken] = earlier.splice(random.between(0, earlier.length - 1), 1);
  return taken;
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
