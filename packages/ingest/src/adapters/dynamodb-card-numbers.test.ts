import { randomBytes } from 'node:crypto';
import { GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { syntheticCards } from '../synthetic/cards.ts';
import { DynamoDbCardNumbers } from './dynamodb-card-numbers.ts';
import { DynamoDbTokenVault } from './dynamodb-token-vault.ts';
import { KmsInMemory, TableInMemory } from './table.fixture.ts';
import { VaultKeys } from './vault-keys.ts';

const cardNumbers = syntheticCards()
  .slice(0, 20)
  .map(({ cardNumber }) => cardNumber);
const [first = '', second = ''] = cardNumbers;
const sleep = async () => {};

let table: TableInMemory;
let kms: KmsInMemory;

beforeEach(() => {
  table = new TableInMemory('id');
  kms = new KmsInMemory();
});

const keys = () => new VaultKeys(table.documents, kms.client, 'tokens', 'wrapping-key');
const reader = () => new DynamoDbCardNumbers(table.documents, 'tokens', keys(), sleep);

async function tokensOf(numbers: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return new DynamoDbTokenVault(table.documents, 'tokens', keys(), { randomBytes, sleep }).tokensFor(numbers);
}

function rowOf(kind: string, holds: (row: Record<string, unknown>) => boolean) {
  const row = [...table.items.values()].find(
    (each) => String(each['id']).startsWith(`${kind}#`) && holds(each),
  );
  if (row === undefined) throw new Error(`the table has no such ${kind} row`);
  return row;
}

describe('card numbers', () => {
  it('are those that the vault gave the tokens for', async () => {
    const tokens = await tokensOf(cardNumbers);
    const numbers = await reader().numbersOf([...tokens.values()]);
    expect(new Map([...numbers].map(([token, number]) => [number, token]))).toEqual(tokens);
  });

  it('are found also when a batch leaves rows unprocessed', async () => {
    const tokens = await tokensOf([first, second]);
    table.unprocessed = 1;
    let sent = 0;
    table.beforeSend = () => {
      sent += 1;
      // The first call of each of the two reads leaves one row.
      table.unprocessed = sent === 1 || sent === 3 ? 1 : 0;
    };
    expect((await reader().numbersOf([...tokens.values()])).size).toBe(2);
  });

  it('are not there for a token of no card, and no key is unwrapped for it', async () => {
    await tokensOf([first]);
    kms.sent.length = 0;
    expect(await reader().numbersOf(['9123456789010000'])).toEqual(new Map());
    expect(kms.sent).toEqual([]);
  });

  it('need the data key alone, make none and write nothing', async () => {
    const tokens = await tokensOf([first]);
    table.sent.length = 0;
    kms.sent.length = 0;
    await reader().numbersOf([...tokens.values()]);
    expect(kms.contexts()).toEqual([{ 'payments:vault-key': 'data' }]);
    expect(kms.sent.filter((command) => command instanceof GenerateDataKeyCommand)).toEqual([]);
    expect(table.sent.filter((command) => command instanceof PutCommand)).toEqual([]);
  });

  it('are refused when the rows do not belong together, with nothing of a number said', async () => {
    const tokens = await tokensOf([first, second]);
    const theirs = rowOf('card', ({ token }) => token === tokens.get(second));
    const ours = rowOf('card', ({ token }) => token === tokens.get(first));
    const moved = { ...ours, encryptedNumber: theirs['encryptedNumber'], nonce: theirs['nonce'] };
    table.items.set(String(ours['id']), moved);
    const failure = reader().numbersOf([tokens.get(first) ?? '']);
    await expect(failure).rejects.toMatchObject({ code: 'VAULT_KEY' });
    await expect(failure).rejects.not.toThrow(second);
    table.items.set(String(ours['id']), { ...ours, token: tokens.get(second) });
    await expect(reader().numbersOf([tokens.get(first) ?? ''])).rejects.toMatchObject({ code: 'VAULT_KEY' });
    table.items.set(String(ours['id']), { id: ours['id'], token: tokens.get(first) });
    await expect(reader().numbersOf([tokens.get(first) ?? ''])).rejects.toMatchObject({ code: 'VAULT_KEY' });
  });
});
