import { readFileSync } from 'node:fs';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { referenceItems } from '@payments/enrich/reference-items';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import type { Account, ReferenceData } from '@payments/schemas';
import { explainProblem } from '@payments/schemas';
import { ReferenceData as isReferenceData } from '@payments/schemas/closed/reference-data';
import { invoke } from './invoke.ts';

/** BatchWriteItem takes at most this many requests, the tokenizer this many cards. */
const BATCH_WRITE_MAX = 25;
const CARDS_MAX = 500;

/** A card as it comes into the reference data: with its number, which only the vault keeps. */
export interface CardToOnboard {
  readonly cardNumber: string;
  readonly accountId: string;
  readonly issuingCountry?: string;
  readonly status: 'ACTIVE' | 'BLOCKED' | 'EXPIRED';
}

/** What is to be seeded. */
export interface Seed {
  readonly referenceData: ReferenceData;
  readonly cards: readonly CardToOnboard[];
  readonly accounts: readonly Account[];
}

/** Reads the sample reference data and the sample cards. @throws Error naming the file and the member */
export function sampleSeed(folder: URL): Seed {
  const referenceData: unknown = JSON.parse(readFileSync(new URL('reference-data.json', folder), 'utf8'));
  if (!isReferenceData(referenceData)) {
    throw new Error(`sample/reference-data.json: ${explainProblem(isReferenceData)}`);
  }
  const cards = JSON.parse(readFileSync(new URL('cards.json', folder), 'utf8')) as CardToOnboard[];
  return { referenceData, cards, accounts: [] };
}

/**
 * Puts reference data into the table of the enrich stage; card numbers go through the tokenizer, and only
 * tokens are kept. Seeding twice is the same as once.
 *
 * @returns how many rows there are
 */
export async function seedReferenceData(
  environment: Environment,
  clients: { readonly lambda: LambdaClient; readonly documents: DynamoDBDocumentClient },
  { referenceData, cards, accounts }: Seed,
): Promise<number> {
  const onboarded: ReferenceData['cards'] = [...referenceData.cards];
  const tokenizer = resourceName(environment, 'ingest', 'tokenize');
  for (let start = 0; start < cards.length; start += CARDS_MAX) {
    const some = cards.slice(start, start + CARDS_MAX);
    const request = { cardNumbers: some.map(({ cardNumber }) => cardNumber) };
    const { tokens } = await invoke<{ tokens: { token: string }[] }>(clients.lambda, tokenizer, request);
    some.forEach(({ accountId, issuingCountry, status }, index) => {
      const token = tokens[index]?.token;
      if (token === undefined) throw new Error(`the tokenizer gave no token for card ${start + index + 1}`);
      const country = issuingCountry === undefined ? {} : { issuingCountry };
      onboarded.push({ token, accountId, status, ...country });
    });
  }
  const whole = { ...referenceData, accounts: [...referenceData.accounts, ...accounts], cards: onboarded };
  const items = [...referenceItems(whole)];
  await writeAll(clients.documents, resourceName(environment, 'enrich', 'reference'), items);
  return items.length;
}

async function writeAll(
  documents: DynamoDBDocumentClient,
  table: string,
  rows: readonly { id: string; row: unknown }[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH_WRITE_MAX) {
    let pending = rows
      .slice(start, start + BATCH_WRITE_MAX)
      .map((Item) => ({ PutRequest: { Item: Item as Record<string, unknown> } }));
    while (pending.length > 0) {
      const { UnprocessedItems } = await documents.send(
        new BatchWriteCommand({ RequestItems: { [table]: pending } }),
      );
      pending = (UnprocessedItems?.[table] ?? []) as typeof pending;
    }
  }
}
