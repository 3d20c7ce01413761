import { convert, currencyOf } from '@payments/domain';
import { accountCurrencyAt, cardNumberAt, schemeOf } from './cards.ts';
import { digits, type Exchange, traceNumberOf, transmissionTimeOf, withElements } from './exchange.ts';
import {
  DOLLAR,
  type ForeignCurrency,
  FURTHER_CURRENCIES,
  HOME_MERCHANTS,
  NEIGHBOUR,
  type SyntheticMerchant,
  WATCHED_MERCHANTS,
} from './merchants.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Where and when an exchange takes place: everything that its kind does not decide. */
export interface Occasion {
  readonly random: SeededRandom;
  /** Which line it is, from 0: gives the trace number and the retrieval reference. */
  readonly index: number;
  /** The card's place. */
  readonly card: number;
  /** Epoch milliseconds, whole seconds. */
  readonly at: number;
}

/** What a kind of exchange decides. */
interface Details {
  readonly mti?: readonly [string, string];
  readonly processingCode: string;
  readonly merchant: SyntheticMerchant;
  readonly amount: number;
  readonly foreign?: ForeignCurrency;
  readonly request?: Readonly<Record<number, string>>;
  readonly response?: Readonly<Record<number, string | undefined>>;
}

/** How long after its request an answer is logged. */
export const ANSWERED_AFTER_MS = 1_000;
const WATCHED_SHARE = 0.02;
const FOREIGN_CASH_SHARE = 0.3;
const AMOUNT = [150, 15_000] as const;
const DECLINED_CODES = ['51', '05', '14', '54', '61'] as const;
/** Acquirers by the first digit of the card number. */
const ACQUIRERS: Readonly<Record<string, string>> = {
  '3': '312345',
  '4': '412345',
  '5': '512345',
  '6': '612345',
};
/** What a chip says: a cryptogram, the application's profile and counter, the terminal's results. */
const CHIP_DATA = '9F26081122334455667788820239009F3602003C950580000080009C0100';

/** What a request and its response say alike. */
const ECHOED = [2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 16, 32, 33, 37, 41, 42, 49, 50, 51];

function exchange(occasion: Occasion, details: Details): Exchange {
  const { index, card, at } = occasion;
  const { merchant, foreign } = details;
  const cardNumber = cardNumberAt(card);
  const scheme = schemeOf(card);
  const home = accountCurrencyAt(card);
  const transmitted = transmissionTimeOf(at);
  const amount = digits(details.amount, 12);
  const terminal = digits(Math.abs(hash(merchant.name)) % 10_000, 4);
  const request = new Map<number, string>([
    [2, cardNumber],
    [3, details.processingCode],
    [4, amount],
    [7, transmitted],
    [11, traceNumberOf(index)],
    [12, transmitted.slice(4)],
    [13, transmitted.slice(0, 4)],
    [14, '2912'],
    [18, merchant.categoryCode],
    [19, merchant.countryNumber],
    [22, '051'],
    [23, '001'],
    [25, '00'],
    [32, ACQUIRERS[cardNumber.charAt(0)] ?? '412345'],
    [35, `${cardNumber}D29122010000000000`],
    [37, digits(index, 12)],
    [41, `TERM${terminal}`],
    [42, `MERCH${terminal}`.padEnd(15)],
    [43, merchant.name.padEnd(25) + merchant.city.padEnd(13) + merchant.country],
    [49, currencyOf(foreign?.currency ?? home).numeric],
    [55, CHIP_DATA],
    ...(foreign === undefined ? [] : billing(details.amount, foreign, home, transmitted, scheme)),
  ]);
  for (const [number, value] of Object.entries(details.request ?? {})) request.set(Number(number), value);
  const echo = new Map([...request].filter(([number]) => ECHOED.includes(number)));
  const verdict = { 38: approvalCodeOf(index), 39: '00' };
  return {
    scheme,
    mti: details.mti ?? ['0100', '0110'],
    request,
    response: withElements(echo, { ...verdict, ...details.response }),
    loggedAt: at + ANSWERED_AFTER_MS,
  };
}

/** DE6, DE10, DE16 and DE51; Visa says the settlement side too. */
function billing(
  amount: number,
  foreign: ForeignCurrency,
  home: 'GBP' | 'EUR',
  transmitted: string,
  scheme: string,
): readonly (readonly [number, string])[] {
  const code = foreign.rates[home];
  const rate = { digits: BigInt(code.slice(1)), scale: Number(code.charAt(0)) };
  const source = { minorUnits: BigInt(amount), currency: foreign.currency };
  const billed = digits(convert(source, rate, home, 'HALF_EVEN').minorUnits, 12);
  const currency = currencyOf(home).numeric;
  const sides = scheme === 'VISA' ? [{ amount: 5, rate: 9, currency: 50 }] : [];
  return [...sides, { amount: 6, rate: 10, currency: 51 }].flatMap(
    (side) =>
      [
        [side.amount, billed],
        [side.rate, code],
        [side.currency, currency],
        [16, transmitted.slice(0, 4)],
      ] as const,
  );
}

/** DE38 of the exchange at an index. */
export function approvalCodeOf(index: number): string {
  return `A${digits(index, 5)}`;
}

/** FNV-1a, for terminal numbers that belong to a merchant. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value;
}

function homeMerchant({ random, card }: Occasion): SyntheticMerchant {
  const merchants = random.chance(WATCHED_SHARE) ? WATCHED_MERCHANTS : HOME_MERCHANTS;
  return random.pick(merchants[accountCurrencyAt(card)]);
}

/** A purchase at home. */
export function purchase(occasion: Occasion): Exchange {
  const amount = occasion.random.between(...AMOUNT);
  return exchange(occasion, { processingCode: '000000', merchant: homeMerchant(occasion), amount });
}

/** A purchase in another currency than the account's. */
export function foreignPurchase(occasion: Occasion): Exchange {
  const { random, card } = occasion;
  const neighbour = NEIGHBOUR[accountCurrencyAt(card)];
  const foreign = random.pick([DOLLAR, DOLLAR, neighbour, neighbour, random.pick(FURTHER_CURRENCIES)]);
  const merchant = random.pick(foreign.merchants);
  return exchange(occasion, {
    processingCode: '000000',
    merchant,
    amount: random.between(...foreign.range),
    foreign,
  });
}

/** Cash from a machine, at home or abroad, where the machine's owner takes a fee. */
export function cash(occasion: Occasion): Exchange {
  const { random, card } = occasion;
  const home = accountCurrencyAt(card);
  const amount = random.between(1, 30) * 1_000;
  const isAbroad = random.chance(FOREIGN_CASH_SHARE);
  const where = random.pick(isAbroad ? NEIGHBOUR[home].merchants : HOME_MERCHANTS[home]);
  const merchant = { ...where, name: 'BANK ATM', categoryCode: '6011' };
  const details = { processingCode: '010000', merchant, amount };
  if (!isAbroad) return exchange(occasion, details);
  return exchange(occasion, { ...details, foreign: NEIGHBOUR[home], request: { 28: 'D00000250' } });
}

/** A refund of goods. */
export function refund(occasion: Occasion): Exchange {
  const amount = occasion.random.between(...AMOUNT);
  return exchange(occasion, { processingCode: '200000', merchant: homeMerchant(occasion), amount });
}

/** A single-message purchase with cash handed out at the till. */
export function cashback(occasion: Occasion): Exchange {
  const { random, card } = occasion;
  const cashPart = random.between(1, 5) * 1_000;
  const currency = currencyOf(accountCurrencyAt(card)).numeric;
  return exchange(occasion, {
    mti: ['0200', '0210'],
    processingCode: '090000',
    merchant: homeMerchant(occasion),
    amount: random.between(...AMOUNT) + cashPart,
    request: { 54: `0040${currency}D${digits(cashPart, 12)}` },
  });
}

/** A purchase of which the issuer approves a part. */
export function partialApproval(occasion: Occasion): Exchange {
  const { random, card } = occasion;
  const amount = random.between(...AMOUNT);
  const currency = currencyOf(accountCurrencyAt(card)).numeric;
  return exchange(occasion, {
    processingCode: '000000',
    merchant: homeMerchant(occasion),
    amount,
    response: {
      4: digits(random.between(1, amount - 1), 12),
      39: '10',
      54: `0057${currency}D${digits(amount, 12)}`,
    },
  });
}

/** A purchase that the network approved in the issuer's place. */
export function standInAdvice(occasion: Occasion): Exchange {
  const amount = occasion.random.between(...AMOUNT);
  return exchange(occasion, {
    mti: ['0120', '0130'],
    processingCode: '000000',
    merchant: homeMerchant(occasion),
    amount,
    request: { 38: approvalCodeOf(occasion.index), 39: '00' },
  });
}

/** A purchase that the issuer declines. */
export function declined(occasion: Occasion): Exchange {
  const amount = occasion.random.between(...AMOUNT) * 20;
  return exchange(occasion, {
    processingCode: '000000',
    merchant: homeMerchant(occasion),
    amount,
    response: { 38: undefined, 39: occasion.random.pick(DECLINED_CODES) },
  });
}

/** A merchant asks whether the card is good; no money moves. */
export function accountVerification(occasion: Occasion): Exchange {
  return exchange(occasion, {
    processingCode: '000000',
    merchant: homeMerchant(occasion),
    amount: 0,
    response: { 39: '85' },
  });
}
