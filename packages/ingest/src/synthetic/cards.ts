import { type Account, isPanFree, passesLuhn } from '@payments/schemas';

/** How many cards and accounts there are; each account has one card. */
export const SYNTHETIC_CARDS = 2_000;
/** A card of the synthetic load, with the account that it belongs to. */
export interface SyntheticCard {
  readonly cardNumber: string;
  readonly accountId: string;
  readonly issuingCountry?: string;
  readonly status: 'ACTIVE' | 'BLOCKED';
}

/** Issuer prefixes of the test numbers that the networks publish, by the last digit of a card's place. */
const VISA = { scheme: 'VISA', prefix: '411111', length: 16 };
const MASTERCARD = { scheme: 'MASTERCARD', prefix: '555555', length: 16 };
const DISCOVER = { scheme: 'DISCOVER', prefix: '601111', length: 16 };
const AMEX = { scheme: 'AMEX', prefix: '378282', length: 15 };
const ISSUERS = [VISA, MASTERCARD, VISA, MASTERCARD, VISA, DISCOVER, VISA, MASTERCARD, VISA, AMEX];

/** Every so many-th account, counted from an offset, differs from the rest. */
const IMPAIRED_ACCOUNT = { every: 50, from: 7 };
const BLOCKED_CARD = { every: 200, from: 13 };
const NO_COUNTRY = { every: 100, from: 21 };
const EURO_ACCOUNT = { every: 10, from: 4 };
const PREMIUM = { every: 5, from: 3 };
/** Accounts on which an authorization is held first and posted when it is cleared. */
const HOLDING = { every: 20, from: 2 };
const IMPAIRED_STATUSES = ['HOLD', 'BLOCKED', 'CLOSED'] as const;

const BRANCHES = [
  { branch: 'LDN01', sortCode: '99-10-01' },
  { branch: 'MAN02', sortCode: '99-10-02' },
  { branch: 'EDI03', sortCode: '99-10-03' },
];
const EURO_BRANCH = { branch: 'DUB09', sortCode: '99-20-09' };
/** Scatters the places of cards over the numbers of an issuer; prime, so that no two meet. */
const SCATTER = 7_919_033;
const MIDDLE_DIGITS = 8;

function isOne(place: number, rule: { readonly every: number; readonly from: number }): boolean {
  return place % rule.every === rule.from;
}

/** The network of a card, by its place. */
export function schemeOf(place: number): string {
  return issuerOf(place).scheme;
}

function issuerOf(place: number): typeof VISA {
  return ISSUERS[place % ISSUERS.length] ?? VISA;
}

/**
 * The card number at a place, from 0. Places from `SYNTHETIC_CARDS` on give cards that no reference data has.
 */
export function cardNumberAt(place: number): string {
  const { prefix, length } = issuerOf(place);
  const middle = String(((place + 1) * SCATTER) % 10 ** MIDDLE_DIGITS).padStart(MIDDLE_DIGITS, '0');
  const body = (prefix + middle).padEnd(length - 1, '0');
  for (let digit = 0; digit < 10; digit += 1) if (passesLuhn(`${body}${digit}`)) return `${body}${digit}`;
  throw new Error('every body has a check digit');
}

function accountIdAt(place: number): string {
  return `SYN-${String(place + 1).padStart(5, '0')}`;
}

/** The currency of the account of a card. */
export function accountCurrencyAt(place: number): 'GBP' | 'EUR' {
  return isOne(place, EURO_ACCOUNT) ? 'EUR' : 'GBP';
}

/** What sets a card apart from one that can be posted to. */
export function impairmentAt(place: number): 'ACCOUNT' | 'CARD' | 'NO_COUNTRY' | 'NONE' {
  if (isOne(place, IMPAIRED_ACCOUNT)) return 'ACCOUNT';
  if (isOne(place, BLOCKED_CARD)) return 'CARD';
  return isOne(place, NO_COUNTRY) ? 'NO_COUNTRY' : 'NONE';
}

/** The first cards of the synthetic load, all of them unless said otherwise; the same at every call. */
export function syntheticCards(cards = SYNTHETIC_CARDS): SyntheticCard[] {
  return Array.from({ length: cards }, (_, place) => {
    const impairment = impairmentAt(place);
    const card = {
      cardNumber: cardNumberAt(place),
      accountId: accountIdAt(place),
      status: impairment === 'CARD' ? 'BLOCKED' : 'ACTIVE',
    } as const;
    return impairment === 'NO_COUNTRY' ? card : { ...card, issuingCountry: countryAt(place) };
  });
}

/** The accounts of those cards. */
export function syntheticAccounts(cards = SYNTHETIC_CARDS): Account[] {
  return Array.from({ length: cards }, (_, place) => {
    const currency = accountCurrencyAt(place);
    const country = countryAt(place);
    const { branch, sortCode } =
      currency === 'EUR' ? EURO_BRANCH : (BRANCHES[place % BRANCHES.length] ?? EURO_BRANCH);
    const status = IMPAIRED_STATUSES[Math.floor(place / IMPAIRED_ACCOUNT.every) % IMPAIRED_STATUSES.length];
    return {
      accountId: accountIdAt(place),
      currency,
      status: impairmentAt(place) === 'ACCOUNT' && status !== undefined ? status : 'ACTIVE',
      branch,
      sortCode,
      holder: `Test Holder ${place + 1}`,
      productCode: productAt(place),
      country,
      ...numberAndIban(place, country, sortCode.replaceAll('-', '')),
    };
  });
}

/** Fees are in the currency of the account, so an account in euros has a product of its own. */
function productAt(place: number): string {
  if (accountCurrencyAt(place) === 'EUR') return 'CURRENT_EURO';
  if (isOne(place, HOLDING)) return 'CURRENT_HOLD';
  return isOne(place, PREMIUM) ? 'CURRENT_PREMIUM' : 'CURRENT_STANDARD';
}

function countryAt(place: number): string {
  return accountCurrencyAt(place) === 'EUR' ? 'IE' : 'GB';
}

/** The first account number at or after the place's own that does not look like a card number in the IBAN. */
function numberAndIban(place: number, country: string, sortCode: string): { number: string; iban: string } {
  for (let candidate = 10_000_000 + place * 10; ; candidate += 1) {
    const number = String(candidate);
    const iban = ibanOf(country, `TEST${sortCode}${number}`);
    if (isPanFree(iban)) return { number, iban };
  }
}

/** ISO 13616: the check digits make the whole, as a number with letters from 10, one modulo 97. */
function ibanOf(country: string, account: string): string {
  const digits = `${account}${country}00`.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  const check = String(98n - (BigInt(digits) % 97n)).padStart(2, '0');
  return `${country}${check}${account}`;
}
