import type { Exchange } from '@payments/ingest/synthetic-load';
import type { Account, Product } from '@payments/schemas';
import { Big } from 'big.js';

/**
 * What a ledger must hold, worked out a second time: from the messages themselves and the table of legs that card
 * posting follows, with another arithmetic (big.js), for all messages at once, and without a line of the stages.
 */

/** What the bank knows: whose a card is, and on which terms. */
export interface Bank {
  readonly cards: ReadonlyMap<string, BankCard>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly products: ReadonlyMap<string, Product>;
}

/** A card of the bank. */
export interface BankCard {
  readonly accountId: string;
  readonly status: string;
  readonly issuingCountry?: string;
}

interface Leg {
  readonly account: string;
  readonly direction: 'DEBIT' | 'CREDIT';
  readonly amount: Big;
  readonly currency: string;
  readonly tag: string;
  readonly code: string;
  /** It takes back what was booked. */
  readonly takesBack?: boolean;
}

/** A message of which the bank approved something, with whom it is for. */
interface Message {
  readonly exchange: Exchange;
  readonly account: Account;
  readonly product: Product;
  /** What was approved, in minor units of the account's currency. */
  readonly billed: Big;
}

/** What is booked for a message. */
interface Sequence {
  readonly message: Message;
  readonly legs: readonly Leg[];
}

const ROUNDINGS = { HALF_EVEN: Big.roundHalfEven, HALF_UP: Big.roundHalfUp, DOWN: Big.roundDown } as const;
const APPROVED = ['00', '08', '10', '11', '85'];
const CURRENCIES: Readonly<Record<string, string>> = { '826': 'GBP', '978': 'EUR' };
/** What a message says of itself in DE7, DE11: by these a later one names it. */
const nameOf = (stan: string, transmitted: string): string => `${stan}|${transmitted}`;

/**
 * The sequences that the ledger must hold for these messages, in whatever order they come and however often.
 *
 * @returns one line for each sequence: its legs, sorted, separated by `; `. The lines are sorted.
 */
export function expectedSequences(exchanges: readonly Exchange[], bank: Bank): string[] {
  const messages = firstOfEach(exchanges.filter(isApproved)).flatMap((exchange) => accepted(exchange, bank));
  const sequences: Sequence[] = [];
  /** What stands of each posted message, by life cycle and name. */
  const standing = new Map<string, { readonly message: Message; readonly legs: readonly Leg[] }>();
  for (const message of messages) {
    const { exchange } = message;
    if (refersTo(exchange) !== undefined) continue;
    const isHeld = message.product.postingMode === 'HOLD_THEN_POST' && exchange.mti[0].startsWith('01');
    const legs = isHeld ? [] : legsOf(message, message.billed);
    if (legs.length === 0) continue;
    sequences.push({ message, legs });
    standing.set(keyOf(exchange), { message, legs });
  }
  for (const message of messages) {
    const { exchange } = message;
    const original = refersTo(exchange);
    if (original === undefined) continue;
    const isReversal = exchange.mti[0].startsWith('04');
    const posted = standing.get(original);
    if (posted === undefined) {
      // What was not posted cannot be taken back. Where authorizations are held, a completion is what posts;
      // where they are posted, it waits for its authorization, for longer than this looks.
      if (!isReversal && message.product.postingMode === 'HOLD_THEN_POST')
        sequences.push({ message, legs: legsOf(message, message.billed) });
      continue;
    }
    const left = leftOf(message, posted.message);
    const target = left.eq(0) ? [] : legsOf(posted.message, left);
    const legs = change(posted.legs, target);
    if (legs.length > 0) sequences.push({ message, legs });
  }
  return sequences.map(lineOf).sort();
}

/** A sequence as a line: date and legs. */
function lineOf({ message, legs }: Sequence): string {
  const date = new Date(message.exchange.loggedAt).toISOString().slice(0, 10);
  return sequenceLine(
    legs.map(({ account, direction, amount, currency, tag, takesBack }) =>
      [date, account, direction, amount.toFixed(0), currency, tag, takesBack ? 'REVERSAL' : 'FORWARD'].join(
        ' ',
      ),
    ),
  );
}

/** The legs of a sequence as one line, whatever their order. */
export function sequenceLine(legs: readonly string[]): string {
  return [...legs].sort().join('; ');
}

function isApproved({ mti, request, response }: Exchange): boolean {
  const isAdvice = mti[0].charAt(2) === '2' && !mti[0].startsWith('04');
  return APPROVED.includes((isAdvice ? request : response).get(39) ?? '');
}

/** One of several messages of one transaction: same class, card, time, trace number, acquirer and reference. */
function firstOfEach(exchanges: readonly Exchange[]): Exchange[] {
  const first = new Map<string, Exchange>();
  for (const exchange of exchanges) {
    const { scheme, mti, request } = exchange;
    const key = [scheme, mti[0].charAt(1), ...[2, 7, 11, 32, 37].map((number) => request.get(number))].join(
      '|',
    );
    if (!first.has(key)) first.set(key, exchange);
  }
  return [...first.values()];
}

/** The message with its account, unless the bank refuses it. */
function accepted(exchange: Exchange, { cards, accounts, products }: Bank): Message[] {
  const card = cards.get(exchange.request.get(2) ?? '');
  const account = accounts.get(card?.accountId ?? '');
  const product = products.get(account?.productCode ?? '');
  if (card === undefined || account === undefined || product === undefined) return [];
  if (account.status === 'CLOSED') return [];
  if (refersTo(exchange) === undefined) {
    if (card.issuingCountry === undefined && !exchange.request.has(20)) return [];
    if (account.status === 'BLOCKED') return [];
    const isDebit = !exchange.request.get(3)?.startsWith('20');
    if (isDebit && (account.status === 'HOLD' || card.status !== 'ACTIVE')) return [];
  }
  return [{ exchange, account, product, billed: billedOf(exchange, account) }];
}

/** What the network bills: DE6 where there is one, else the amount that was approved. */
function billedOf({ request, response }: Exchange, { currency }: Account): Big {
  const isBilled = CURRENCIES[request.get(51) ?? ''] === currency && request.has(6);
  return new Big((isBilled ? request.get(6) : (response.get(4) ?? request.get(4))) ?? '0');
}

/** Life cycle and name of a message, which are unique together. */
function keyOf({ scheme, request }: Exchange): string {
  const name = nameOf(request.get(11) ?? '', request.get(7) ?? '');
  return [scheme, request.get(32), request.get(37), request.get(2), name].join('|');
}

/** The message that this one takes back or completes (DE90). */
function refersTo(exchange: Exchange): string | undefined {
  const original = exchange.request.get(90);
  if (original === undefined) return undefined;
  const { scheme, request } = exchange;
  const name = nameOf(original.slice(4, 10), original.slice(10, 20));
  return [scheme, request.get(32), request.get(37), request.get(2), name].join('|');
}

/** What stays of the original, in the account's currency. */
function leftOf({ exchange, billed }: Message, original: Message): Big {
  if (!exchange.mti[0].startsWith('04')) return billed;
  const replacement = exchange.request.get(95);
  if (replacement === undefined) return new Big(0);
  const { request } = exchange;
  const settlement = replacement.slice(12, 24);
  const isSettled =
    CURRENCIES[request.get(50) ?? ''] === original.account.currency && /[1-9]/.test(settlement);
  const rate = request.get(10);
  if (rate === undefined) return new Big(replacement.slice(0, 12));
  if (isSettled) return new Big(settlement);
  return new Big(replacement.slice(0, 12))
    .times(rate.slice(1))
    .div(new Big(10).pow(Number(rate.charAt(0))))
    .times(new Big(10).pow(2 - decimalsOf(request.get(49) ?? '')))
    .round(0, ROUNDINGS[original.product.rounding]);
}

/** ISO 4217 decimals of the currencies that the load spends. */
function decimalsOf(currency: string): number {
  if (currency === '392') return 0;
  return currency === '414' ? 3 : 2;
}

/** The legs of a message for an amount: the customer against suspense, then fee, then tax. */
function legsOf({ exchange, account, product }: Message, billed: Big): Leg[] {
  if (billed.eq(0)) return [];
  const { currency } = account;
  const scheme = exchange.scheme;
  const type = exchange.request.get(3)?.slice(0, 2);
  const isCash = type === '01';
  const customer = account.accountId;
  const suspense = isCash ? `GL-SUSP-ATM-${scheme}-${currency}` : `GL-SUSP-${scheme}-${currency}`;
  const leg = (direction: Leg['direction'], where: string, amount: Big, tag: string, code: string): Leg => ({
    account: where,
    direction,
    amount,
    currency,
    tag,
    code,
  });
  if (type === '20')
    return [
      leg('DEBIT', suspense, billed, 'PRINCIPAL', 'CARDREF'),
      leg('CREDIT', customer, billed, 'PRINCIPAL', 'CARDREF'),
    ];
  const code = isCash ? 'CARDCASH' : 'CARDPUR';
  const cashback = cashbackOf(exchange);
  const legs = [
    ...(billed.gt(cashback) ? [leg('DEBIT', customer, billed.minus(cashback), 'PRINCIPAL', code)] : []),
    ...(cashback.gt(0) ? [leg('DEBIT', customer, cashback, 'CASHBACK', code)] : []),
    leg('CREDIT', suspense, billed, 'PRINCIPAL', code),
  ];
  const share = (amount: Big, basisPoints: number, rounding: keyof typeof ROUNDINGS): Big =>
    amount.times(basisPoints).div(10_000).round(0, ROUNDINGS[rounding]);
  const isForeign = exchange.request.has(51) && exchange.request.get(51) !== exchange.request.get(49);
  const tag = isCash ? 'CASH_FEE' : 'FX_FEE';
  let fee = new Big(0);
  if (isCash) {
    const minimum = new Big(product.cashFeeMinimum.minorUnits);
    fee = share(billed, product.cashFeeBasisPoints, product.rounding);
    if (fee.lt(minimum)) fee = minimum;
  } else if (isForeign) fee = share(billed, product.fxMarkupBasisPoints, product.rounding);
  if (fee.eq(0)) return legs;
  legs.push(
    leg('DEBIT', customer, fee, tag, 'FEE'),
    leg('CREDIT', `GL-FEE-CARD-${currency}`, fee, tag, 'FEE'),
  );
  if (!product.taxableFees.includes(tag)) return legs;
  const tax = share(fee, product.taxBasisPoints, product.taxRounding);
  if (tax.gt(0))
    legs.push(
      leg('DEBIT', customer, tax, 'TAX', 'FEEVAT'),
      leg('CREDIT', `GL-TAX-${currency}`, tax, 'TAX', 'FEEVAT'),
    );
  return legs;
}

/** DE54, amount type 40: so much of it was given in cash. */
function cashbackOf({ request }: Exchange): Big {
  const amount = /^\d{2}40\d{3}D(\d{12})/.exec(request.get(54) ?? '')?.[1];
  return new Big(amount ?? '0');
}

/** What has to be booked so that other legs stand: what is too much the other way round, what lacks as it is. */
function change(standing: readonly Leg[], target: readonly Leg[]): Leg[] {
  const key = ({ account, direction, tag }: Leg): string => `${account} ${direction} ${tag}`;
  const wanted = new Map(target.map((leg) => [key(leg), leg]));
  const stood = new Map(standing.map((leg) => [key(leg), leg]));
  return [...new Set([...stood.keys(), ...wanted.keys()])].flatMap((each) => {
    const before = stood.get(each);
    const after = wanted.get(each);
    const leg = before ?? after;
    const difference = (after?.amount ?? new Big(0)).minus(before?.amount ?? 0);
    if (leg === undefined || difference.eq(0)) return [];
    const opposite = leg.direction === 'DEBIT' ? 'CREDIT' : 'DEBIT';
    const takesBack = difference.lt(0);
    const direction = takesBack ? opposite : leg.direction;
    return [{ ...leg, amount: difference.abs(), direction, takesBack }];
  });
}
