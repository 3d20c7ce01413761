import { createDecipheriv, randomBytes } from 'node:crypto';
import { BatchGetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { passesLuhn } from '@payments/schemas';
import { syntheticCards } from '../synthetic/cards.ts';
import { DynamoDbTokenVault } from './dynamodb-token-vault.ts';
import { KmsInMemory, TableInMemory } from './table.fixture.ts';
import { VaultKeys } from './vault-keys.ts';

const cardNumbers = syntheticCards()
  .slice(0, 120)
  .map(({ cardNumber }) => cardNumber);
const [first = '', second = ''] = cardNumbers;

let table: TableInMemory;
let kms: KmsInMemory;
let pauses: number[];

beforeEach(() => {
  table = new TableInMemory('id');
  kms = new KmsInMemory();
  pauses = [];
});

/** A vault as a new instance of the function has it: nothing remembered. */
function freshVault(bytes: (length: number) => Uint8Array = randomBytes): DynamoDbTokenVault {
  const keys = new VaultKeys(table.documents, kms.client, 'tokens', 'wrapping-key');
  return new DynamoDbTokenVault(table.documents, 'tokens', keys, {
    randomBytes: bytes,
    sleep: async (milliseconds) => {
      pauses.push(milliseconds);
    },
  });
}

const sentOf = (type: new (...input: never[]) => object) =>
  table.sent.filter((command) => command instanceof type).length;

describe('the token vault', () => {
  it('gives tokens of the right form, one for each card', async () => {
    const tokens = await freshVault().tokensFor(cardNumbers);
    expect(new Set(tokens.values()).size).toBe(cardNumbers.length);
    for (const [cardNumber, token] of tokens) {
      expect(token).toMatch(new RegExp(`^9\\d{${cardNumber.length - 5}}${cardNumber.slice(-4)}$`));
      expect(passesLuhn(token)).toBe(false);
    }
  });

  it('gives a card the same token for ever, in one batch of reads, and from memory the next time', async () => {
    const given = await freshVault().tokensFor(cardNumbers);
    table.sent.length = 0;
    const vault = freshVault();
    expect(await vault.tokensFor([...cardNumbers, ...cardNumbers])).toEqual(given);
    expect(sentOf(BatchGetCommand)).toBe(2);
    expect(sentOf(TransactWriteCommand)).toBe(0);
    table.sent.length = 0;
    expect(await vault.tokensFor(cardNumbers)).toEqual(given);
    expect(table.sent).toHaveLength(0);
  });

  it('keeps no card number in clear, and can decrypt what it keeps', async () => {
    await freshVault().tokensFor([first]);
    const rows = [...table.items.values()];
    expect(rows.map((row) => String(row['id']).split('#')[0]).sort()).toEqual([
      'card',
      'key',
      'key',
      'token',
    ]);
    const bytes = rows.map((row) =>
      Object.values(row).map((value) => Buffer.from(value as string).toString('latin1')),
    );
    expect(JSON.stringify(bytes)).not.toContain(first);
    const row = rows.find(({ id }) => String(id).startsWith('card#')) ?? {};
    const [nonce, encrypted] = [row['nonce'] as Buffer, row['encryptedNumber'] as Buffer];
    // The keys are made in the order index, data, and filled with their number.
    const decipher = createDecipheriv('aes-256-gcm', Buffer.alloc(32, 2), nonce)
      .setAAD(Buffer.from(String(row['id']).slice('card#'.length), 'hex'))
      .setAuthTag(encrypted.subarray(-16));
    expect(decipher.update(encrypted.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')).toBe(
      first,
    );
  });

  it('takes the token of another writer who was first', async () => {
    let theirs = '';
    table.beforeSend = (command) => {
      if (!(command instanceof TransactWriteCommand) || theirs !== '') return;
      const id = String(command.input.TransactItems?.[0]?.Put?.Item?.['id']);
      theirs = `9${'1'.repeat(first.length - 5)}${first.slice(-4)}`;
      table.items.set(id, { id, token: theirs });
    };
    expect((await freshVault().tokensFor([first])).get(first)).toBe(theirs);
    expect([...table.items.values()].filter(({ id }) => String(id).startsWith('token#'))).toHaveLength(0);
  });

  it('gives two writers at once the same token', async () => {
    const [left, right] = await Promise.all([
      freshVault().tokensFor([first]),
      freshVault().tokensFor([first]),
    ]);
    expect(left).toEqual(right);
    expect(kms.made).toBe(4);
    expect([...table.items.keys()].filter((id) => id.startsWith('key#'))).toHaveLength(2);
  });

  it('never gives a token that another card has', async () => {
    // The same bytes for the first attempt of both (a token and a nonce each), then real randomness.
    let calls = 0;
    const sameLastFour = [`${first.slice(0, -4)}0000`, `${second.slice(0, -4)}0000`];
    const vault = freshVault((length) => {
      calls += 1;
      return calls > 4 ? randomBytes(length) : Buffer.alloc(length, 7);
    });
    const tokens = await vault.tokensFor(sameLastFour);
    expect(new Set(tokens.values()).size).toBe(2);
    expect(sentOf(TransactWriteCommand)).toBe(3);
    expect(pauses).toEqual([]);
  });

  it('gives up with an error worth another try when every token is taken', async () => {
    const vault = freshVault((length) => Buffer.alloc(length, 7));
    const others = [`${first.slice(0, -5)}10000`, `${first.slice(0, -5)}20000`];
    await expect(vault.tokensFor(others)).rejects.toMatchObject({
      code: 'TOKEN_CONTENTION',
      retryable: true,
    });
  });

  it('reads again what a batch left unprocessed, and gives up in the end', async () => {
    await freshVault().tokensFor(cardNumbers);
    table.unprocessed = 1;
    const allButOne = freshVault().tokensFor([first]);
    await expect(allButOne).rejects.toMatchObject({ code: 'UNPROCESSED_ITEMS', retryable: true });
    expect(pauses).toHaveLength(7);
  });

  it('names a text by its key: the same again, another for another vault', async () => {
    const name = await freshVault().fingerprintOf('a line');
    expect(name).toMatch(/^[0-9a-f]{64}$/);
    expect(await freshVault().fingerprintOf('a line')).toBe(name);
    expect(await freshVault().fingerprintOf('a line ')).not.toBe(name);
    table.items.clear();
    expect(await freshVault().fingerprintOf('a line')).not.toBe(name);
  });
});

describe('the keys of the vault', () => {
  it('are asked for again after a failure', async () => {
    const keys = new VaultKeys(table.documents, kms.client, 'tokens', 'wrapping-key');
    table.beforeSend = () => {
      throw new Error('no network');
    };
    await expect(keys.clear()).rejects.toThrow('no network');
    table.beforeSend = () => {};
    expect((await keys.clear()).index).toHaveLength(32);
  });
});
