import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { loadReferenceData } from '@payments/enrich/load-reference-data';
import { checkReferenceData } from '@payments/enrich/reference-problems';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import type { Account, ReferenceData } from '@payments/schemas';
import { explainProblem } from '@payments/schemas';
import { PostingAccountSets as isPostingAccountSets } from '@payments/schemas/closed/posting-accounts';
import { ReferenceData as isReferenceData } from '@payments/schemas/closed/reference-data';
import { invoke } from './invoke.ts';
import { ROOT } from './stack-files.ts';

/** The tokenizer takes at most this many cards. */
const CARDS_MAX = 500;

/** Hexadecimal digits that tell one addition to the sample from another. */
const ADDITION_DIGITS = 8;

const POSTING_ACCOUNTS = join(ROOT, 'packages/account-interface/src/posting-accounts.json');

type Cards = ReferenceData['cards'];

/** A card as it comes into the reference data: with its number, which only the vault keeps. */
export interface CardToOnboard {
  readonly cardNumber: string;
  readonly accountId: string;
  readonly issuingCountry?: string;
  readonly status: Cards[number]['status'];
}

/** What is to be seeded. */
export interface Seed {
  readonly referenceData: ReferenceData;
  readonly cards: readonly CardToOnboard[];
  /** Accounts besides those of the reference data; made-up ones. */
  readonly accounts: readonly Account[];
}

/** A file that is not what it should be; the message names the file and the member. */
export class ReferenceFileError extends Error {
  override readonly name = 'ReferenceFileError';
  readonly code = 'ReferenceFile';
  readonly retryable = false;
}

/** Reads the sample reference data and the sample cards. @throws ReferenceFileError */
export function sampleSeed(folder: URL): Seed {
  const pathOf = (file: string) => fileURLToPath(new URL(file, folder));
  const referenceData = readReferenceFile(pathOf('reference-data.json'));
  return { referenceData, cards: readCardsFile(pathOf('cards.json')), accounts: [] };
}

/** Reads reference data and holds it against its contract. @throws ReferenceFileError */
export function readReferenceFile(path: string): ReferenceData {
  const value = readJson(path);
  if (isReferenceData(value)) return value;
  throw new ReferenceFileError(`${shown(path)}: ${explainProblem(isReferenceData)}`);
}

/** Reads cards with their numbers. @throws ReferenceFileError naming the card by its place, never by its number */
export function readCardsFile(path: string): readonly CardToOnboard[] {
  const value = readJson(path);
  if (!Array.isArray(value)) throw new ReferenceFileError(`${shown(path)}: it is no list of cards`);
  value.forEach((card: unknown, index) => {
    for (const member of ['cardNumber', 'accountId', 'status'])
      if (typeof (card as Readonly<Record<string, unknown>> | null)?.[member] !== 'string')
        throw new ReferenceFileError(`${shown(path)}: card ${index} lacks ${member}`);
  });
  return value as readonly CardToOnboard[];
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ReferenceFileError(`${shown(path)}: there is no such file, or it cannot be read`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // What a parser says quotes the text, which may hold card numbers.
    throw new ReferenceFileError(`${shown(path)}: it is not JSON`);
  }
}

function shown(path: string): string {
  return relative('', path);
}

/**
 * The sets of the bank's own accounts that products may post against; undefined where their file breaks its contract,
 * which is for the stage that posts to refuse.
 */
export function knownAccountSets(): readonly string[] | undefined {
  const value = readJson(POSTING_ACCOUNTS);
  return isPostingAccountSets(value) ? Object.keys(value.sets) : undefined;
}

/**
 * Takes card numbers to the vault of an environment and gives the cards with tokens for them. A card that the vault
 * knows keeps its token.
 *
 * @throws InvocationFailedError
 */
export async function onboardCards(
  environment: Environment,
  lambda: LambdaClient,
  cards: readonly CardToOnboard[],
): Promise<Cards> {
  const onboarded: Cards = [];
  const tokenizer = resourceName(environment, 'ingest', 'tokenize');
  for (let start = 0; start < cards.length; start += CARDS_MAX) {
    const some = cards.slice(start, start + CARDS_MAX);
    const request = { cardNumbers: some.map(({ cardNumber }) => cardNumber) };
    const { tokens } = await invoke<{ tokens: { token: string }[] }>(lambda, tokenizer, request);
    some.forEach((card, index) => {
      const token = tokens[index]?.token;
      if (token === undefined) throw new Error(`the tokenizer gave no token for card ${start + index + 1}`);
      onboarded.push(withToken(card, token));
    });
  }
  return onboarded;
}

/** The card as reference data has it: a token in place of its number. */
export function withToken(
  { accountId, issuingCountry, status }: CardToOnboard,
  token: string,
): Cards[number] {
  return { token, accountId, status, ...(issuingCountry !== undefined && { issuingCountry }) };
}

/**
 * Puts reference data into the table of the enrich stage and makes it the current version; card numbers go through the
 * tokenizer, and only tokens are kept. Seeding twice is the same as once.
 *
 * @returns how many rows the version has
 * @throws ReferenceDataRefusedError, and what `loadReferenceData` throws
 */
export async function seedReferenceData(
  environment: Environment,
  clients: { readonly lambda: LambdaClient; readonly documents: DynamoDBDocumentClient },
  seed: Seed,
): Promise<number> {
  const { referenceData, accounts } = seed;
  const data: ReferenceData = {
    ...referenceData,
    version: versionOf(seed),
    accounts: [...referenceData.accounts, ...accounts],
    cards: [...referenceData.cards, ...(await onboardCards(environment, clients.lambda, seed.cards))],
  };
  checkReferenceData(data, { accountSets: knownAccountSets() });
  const table = resourceName(environment, 'enrich', 'reference');
  const { changes } = await loadReferenceData(clients.documents, table, data);
  return changes.reduce((rows, { after }) => rows + after.rows, 0);
}

/** The version of the file; with made-up accounts it is another, by what they are. */
function versionOf({ referenceData, accounts, cards }: Seed): string {
  if (accounts.length === 0) return referenceData.version;
  const additions = [accounts, cards.map((card) => withToken(card, ''))];
  const digest = createHash('sha256').update(JSON.stringify(additions)).digest('hex');
  return `${referenceData.version}.${digest.slice(0, ADDITION_DIGITS)}`;
}
