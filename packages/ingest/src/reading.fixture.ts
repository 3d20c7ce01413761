import { readFileSync } from 'node:fs';
import { type InputLine, passesLuhn } from '@payments/schemas';
import { Iso3166Countries } from './adapters/iso3166-countries.ts';
import { Sha256ContentHash } from './adapters/sha256-content-hash.ts';
import { encodeMessage } from './iso8583/encode-message.ts';
import type { WireProfileName } from './iso8583/wire-profiles.ts';
import type { TokenVault } from './ports.ts';
import { type ReadingPorts, readAuthorizations } from './read-authorizations.ts';

const sample = new URL('../../../sample/', import.meta.url);

/** The lines of a file of the sample. */
export function sampleLines(file: string): string[] {
  return readFileSync(new URL(file, sample), 'utf8').trimEnd().split('\n');
}

/** The card numbers of the sample. */
export const sampleCardNumbers = (
  JSON.parse(readFileSync(new URL('cards.json', sample), 'utf8')) as { cardNumber: string }[]
).map(({ cardNumber }) => cardNumber);

export const [visaCard = '', mastercardCard = ''] = sampleCardNumbers;

/** A vault that makes tokens of the right form from the last digits; tests only need them to be told apart. */
export class LastDigitsVault implements TokenVault {
  readonly asked: string[][] = [];

  async tokensFor(cardNumbers: readonly string[]): Promise<ReadonlyMap<string, string>> {
    this.asked.push([...cardNumbers]);
    return new Map(
      cardNumbers.map((number) => {
        const token = `9${'0'.repeat(number.length - 5)}${number.slice(-4)}`;
        // One digit more makes a number that passes Luhn one that fails.
        return [number, passesLuhn(token) ? token.replace('90', '91') : token];
      }),
    );
  }

  async fingerprintOf(text: string): Promise<string> {
    return `fingerprint of ${text.length} characters`;
  }
}

export function readingPorts(vault: TokenVault = new LastDigitsVault()): ReadingPorts {
  return { vault, contentHash: new Sha256ContentHash(), countries: new Iso3166Countries() };
}

type Elements = Readonly<Record<number, string | undefined>>;

const REQUEST: Elements = {
  2: visaCard,
  3: '000000',
  4: '000000002599',
  7: '1115101500',
  11: '100001',
  12: '101500',
  13: '1115',
  18: '5411',
  19: '826',
  22: '051',
  32: '412345',
  37: '631910100001',
  41: 'TERM0001',
  42: 'MERCH00000001  ',
  43: 'CORNER FOODS             LONDON       GB',
  49: '826',
};
const RESPONSE: Elements = {
  2: visaCard,
  4: '000000002599',
  7: '1115101500',
  11: '100001',
  38: 'A10001',
  39: '00',
  49: '826',
};

/** What a test says of a pair that differs from an approved domestic purchase; undefined takes an element out. */
export interface PairDifference {
  readonly mti?: readonly [string, string];
  readonly request?: Elements;
  readonly response?: Elements;
  readonly line?: Partial<InputLine>;
  readonly profile?: WireProfileName;
}

/** An input line: an approved domestic purchase, with what differs. */
export function lineWith({
  mti = ['0100', '0110'],
  request,
  response,
  line,
  profile = 'A',
}: PairDifference): string {
  return JSON.stringify({
    scheme: 'VISA',
    wireProfile: profile,
    request: encodeMessage({ mti: mti[0], elements: elementsOf({ ...REQUEST, ...request }) }, profile),
    response: encodeMessage({ mti: mti[1], elements: elementsOf({ ...RESPONSE, ...response }) }, profile),
    loggedAt: '2026-11-15T10:15:01Z',
    ...line,
  });
}

function elementsOf(elements: Elements): Map<number, string> {
  const present = new Map<number, string>();
  for (const [number, value] of Object.entries(elements))
    if (value !== undefined) present.set(Number(number), value);
  return present;
}

/** Reads one line with the ports above. */
export async function readOne(text: string, ports = readingPorts()) {
  const [row] = await readAuthorizations([text], ports);
  if (row === undefined) throw new Error('a line gave no row');
  return row;
}

/** Reads one pair that must be approved. */
export async function approved(difference: PairDifference) {
  const row = await readOne(lineWith(difference));
  if (row.outcome !== 'APPROVED') throw new Error(`${row.outcome}: ${JSON.stringify(row)}`);
  return row.record;
}
