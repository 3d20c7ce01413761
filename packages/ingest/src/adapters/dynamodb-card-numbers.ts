import { createDecipheriv } from 'node:crypto';
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { VaultKeyError } from '../errors.ts';
import type { CardNumbers } from '../ports.ts';
import { type Sleep, untilProcessed } from './unprocessed-items.ts';
import { cardRow, tokenRow } from './vault-rows.ts';

const TAG_BYTES = 16;

/** The key that card numbers are encrypted with, in clear. */
export interface DataKey {
  /** @throws VaultKeyError */
  data(): Promise<Uint8Array>;
}

type Row = Readonly<Record<string, unknown>>;

/** Reads card numbers back from the rows that `DynamoDbTokenVault` writes; it writes nothing. */
export class DynamoDbCardNumbers implements CardNumbers {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #key: DataKey;
  readonly #sleep: Sleep;

  constructor(documents: DynamoDBDocumentClient, table: string, key: DataKey, sleep: Sleep) {
    this.#documents = documents;
    this.#table = table;
    this.#key = key;
    this.#sleep = sleep;
  }

  async numbersOf(tokens: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const tokenRows = await this.#rows(tokens.map(tokenRow));
    const indexes = new Map<string, string>();
    for (const token of tokens) {
      const index = tokenRows.get(tokenRow(token))?.['cardIndex'];
      if (typeof index === 'string') indexes.set(token, index);
    }
    const numbers = new Map<string, string>();
    if (indexes.size === 0) return numbers;
    const cardRows = await this.#rows([...indexes.values()].map(cardRow));
    const key = await this.#key.data();
    for (const [token, index] of indexes) {
      const row = cardRows.get(cardRow(index));
      // A token row whose card row names another token is broken, and must not give another card's number.
      if (row?.['token'] !== token) throw new VaultKeyError('a token and its card do not name each other');
      numbers.set(token, decrypt(row, index, key));
    }
    return numbers;
  }

  /** At most 100 rows, which is what one call takes; the caller asks for fewer. */
  async #rows(ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    const found = new Map<string, Row>();
    await untilProcessed(
      this.#table,
      [...new Set(ids)],
      async (wanted) => {
        const { Responses, UnprocessedKeys } = await this.#documents.send(
          new BatchGetCommand({
            // A token that was given out a moment ago must be found.
            RequestItems: { [this.#table]: { Keys: wanted.map((id) => ({ id })), ConsistentRead: true } },
          }),
        );
        for (const row of Responses?.[this.#table] ?? []) found.set(String(row['id']), row);
        const unprocessed = new Set((UnprocessedKeys?.[this.#table]?.Keys ?? []).map((row) => row['id']));
        return wanted.filter((id) => unprocessed.has(id));
      },
      this.#sleep,
    );
    return found;
  }
}

/** @throws VaultKeyError for a row that another key, or another card's index, encrypted */
function decrypt({ nonce, encryptedNumber }: Row, index: string, key: Uint8Array): string {
  if (!(nonce instanceof Uint8Array) || !(encryptedNumber instanceof Uint8Array))
    throw new VaultKeyError('the row of a card is broken');
  const end = encryptedNumber.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce)
      .setAAD(Buffer.from(index, 'hex'))
      .setAuthTag(encryptedNumber.subarray(end));
    return decipher.update(encryptedNumber.subarray(0, end), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    throw new VaultKeyError('the number of a card does not decrypt');
  }
}
