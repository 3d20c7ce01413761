import { createCipheriv, createHmac } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { TokenContentionError } from '../errors.ts';
import type { TokenVault } from '../ports.ts';
import { forEachConcurrently, inRunsOf } from './bounded-concurrency.ts';
import { type RandomBytes, randomToken } from './card-token.ts';
import { type Sleep, untilProcessed } from './unprocessed-items.ts';
import type { ClearVaultKeys, VaultKeys } from './vault-keys.ts';
import { cardIndexOf, cardRow, tokenRow } from './vault-rows.ts';

/** What one BatchGetItem call takes (Amazon DynamoDB API Reference, BatchGetItem). */
const BATCH_GET_KEYS_MAX = 100;
/** Tokens that an instance remembers: some 200 bytes each. */
const TOKENS_REMEMBERED_MAX = 50_000;
/** How many new cards are written at a time. */
const NEW_CARDS_CONCURRENCY = 8;
/** How often a card is offered another token, or the same write again, before it is given up. */
const NEW_CARD_ATTEMPTS = 6;
const BACK_OFF_MS = 20;
/** AES-GCM: the nonce that NIST SP 800-38D recommends, random; one key is good for 2^32 cards. */
const NONCE_BYTES = 12;

/** What TransactWriteItems says of an action whose condition does not hold. */
const CONDITION_FAILED = 'ConditionalCheckFailed';

/** A card number as AES-256-GCM leaves it: the text with its tag, and the nonce. */
interface Encrypted {
  readonly nonce: Uint8Array;
  readonly encryptedNumber: Uint8Array;
}

/**
 * The token vault as a DynamoDB table with the key `id` (string). A card has two rows: `card#<HMAC>`, found by
 * whoever holds the card number and the index key, with its token and its encrypted number; and `token#<token>`,
 * which makes the token its only one.
 */
export class DynamoDbTokenVault implements TokenVault {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #keys: VaultKeys;
  readonly #randomBytes: RandomBytes;
  readonly #sleep: Sleep;
  /** Tokens by card index, the oldest first; no card number is remembered. */
  readonly #remembered = new Map<string, string>();

  constructor(
    documents: DynamoDBDocumentClient,
    table: string,
    keys: VaultKeys,
    outside: { readonly randomBytes: RandomBytes; readonly sleep: Sleep },
  ) {
    this.#documents = documents;
    this.#table = table;
    this.#keys = keys;
    this.#randomBytes = outside.randomBytes;
    this.#sleep = outside.sleep;
  }

  async fingerprintOf(text: string): Promise<string> {
    const { index } = await this.#keys.clear();
    // The prefix keeps the names of texts apart from those of cards.
    return createHmac('sha256', index).update(`text|${text}`, 'utf8').digest('hex');
  }

  async tokensFor(cardNumbers: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const keys = await this.#keys.clear();
    const indexes = new Map(
      cardNumbers.map((number) => [number, createHmac('sha256', keys.index).update(number).digest('hex')]),
    );
    const found = new Map<string, string>();
    const unknown: string[] = [];
    for (const index of indexes.values()) {
      const token = this.#remembered.get(index);
      if (token === undefined) unknown.push(index);
      else found.set(index, token);
    }
    for (const [index, token] of await this.#lookUp(unknown)) found.set(index, token);
    const missing = [...indexes].filter(([, index]) => !found.has(index));
    await forEachConcurrently(missing, NEW_CARDS_CONCURRENCY, async ([number, index]) => {
      found.set(index, await this.#addCard(number, index, keys));
    });
    for (const [index, token] of found) this.#remember(index, token);
    const tokens = new Map<string, string>();
    for (const [number, index] of indexes) {
      const token = found.get(index);
      if (token !== undefined) tokens.set(number, token);
    }
    return tokens;
  }

  /** The tokens of the cards that the table has, by index. */
  async #lookUp(indexes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const readRun = async (run: readonly string[]): Promise<readonly string[]> => {
      const { Responses, UnprocessedKeys } = await this.#documents.send(
        new BatchGetCommand({
          RequestItems: {
            [this.#table]: {
              Keys: run.map((index) => ({ id: cardRow(index) })),
              // Neither the encrypted number nor its nonce leaves the table without need; TOKEN is reserved.
              ProjectionExpression: 'id, #token',
              ExpressionAttributeNames: { '#token': 'token' },
            },
          },
        }),
      );
      for (const { id, token } of Responses?.[this.#table] ?? [])
        if (typeof id === 'string' && typeof token === 'string') found.set(cardIndexOf(id), token);
      const unprocessed = new Set((UnprocessedKeys?.[this.#table]?.Keys ?? []).map((key) => key['id']));
      return run.filter((index) => unprocessed.has(cardRow(index)));
    };
    for (const run of inRunsOf(BATCH_GET_KEYS_MAX, indexes))
      await untilProcessed(this.#table, run, readRun, this.#sleep);
    return found;
  }

  /** Gives a card a token, or finds the one that another writer gave it in the meantime. */
  async #addCard(cardNumber: string, index: string, keys: ClearVaultKeys): Promise<string> {
    let lastError: unknown;
    for (let attempt = 1; attempt <= NEW_CARD_ATTEMPTS; attempt += 1) {
      const token = randomToken(cardNumber, this.#randomBytes);
      try {
        await this.#put(token, index, this.#encrypt(cardNumber, index, keys.data));
        return token;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        lastError = error;
        const [cardReason, tokenReason] = error.CancellationReasons ?? [];
        if (cardReason?.Code === CONDITION_FAILED) {
          const theirs = await this.#tokenOf(index);
          if (theirs !== undefined) return theirs;
        }
        // A token that another card has calls for another token at once; a conflict, for a pause.
        if (tokenReason?.Code !== CONDITION_FAILED) await this.#sleep(BACK_OFF_MS * 2 ** (attempt - 1));
      }
    }
    throw new TokenContentionError(lastError);
  }

  async #put(token: string, index: string, encrypted: Encrypted): Promise<void> {
    const once = 'attribute_not_exists(id)';
    await this.#documents.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: this.#table,
              Item: { id: cardRow(index), token, ...encrypted },
              // A card keeps its first token for ever.
              ConditionExpression: once,
            },
          },
          {
            Put: {
              TableName: this.#table,
              Item: { id: tokenRow(token), cardIndex: index },
              // A token stands for one card only.
              ConditionExpression: once,
            },
          },
        ],
      }),
    );
  }

  async #tokenOf(index: string): Promise<string | undefined> {
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName: this.#table, Key: { id: cardRow(index) }, ConsistentRead: true }),
    );
    const token: unknown = Item?.['token'];
    return typeof token === 'string' ? token : undefined;
  }

  /** The index is authenticated with the number, so that a number moved to another row does not decrypt. */
  #encrypt(cardNumber: string, index: string, key: Uint8Array): Encrypted {
    const nonce = this.#randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(index, 'hex'));
    const text = Buffer.concat([cipher.update(cardNumber, 'utf8'), cipher.final()]);
    return { nonce, encryptedNumber: Buffer.concat([text, cipher.getAuthTag()]) };
  }

  #remember(index: string, token: string): void {
    if (this.#remembered.has(index)) return;
    if (this.#remembered.size >= TOKENS_REMEMBERED_MAX) {
      const [oldest] = this.#remembered.keys();
      if (oldest !== undefined) this.#remembered.delete(oldest);
    }
    this.#remembered.set(index, token);
  }
}
