import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { VaultKeyError } from '../errors.ts';

/** The keys of the vault in clear; they are in memory only. */
export interface ClearVaultKeys {
  /** Names a card: the key of HMAC-SHA-256. */
  readonly index: Uint8Array;
  /** Encrypts card numbers: the key of AES-256-GCM. */
  readonly data: Uint8Array;
}

type Purpose = keyof ClearVaultKeys;

/**
 * The two keys of the vault. Each is made once by KMS, and lies in the vault's own table, wrapped by the KMS key
 * of the environment and bound to its purpose by the encryption context, so that neither can be taken for the
 * other. Losing the index key would give every card a second token: the table has point-in-time recovery.
 */
export class VaultKeys {
  readonly #documents: DynamoDBDocumentClient;
  readonly #kms: KMSClient;
  readonly #table: string;
  readonly #wrappingKeyId: string;
  #clear: Promise<ClearVaultKeys> | undefined;

  constructor(documents: DynamoDBDocumentClient, kms: KMSClient, table: string, wrappingKeyId: string) {
    this.#documents = documents;
    this.#kms = kms;
    this.#table = table;
    this.#wrappingKeyId = wrappingKeyId;
  }

  /**
   * The keys, unwrapped once in the life of a function's instance.
   *
   * @throws VaultKeyError
   */
  async clear(): Promise<ClearVaultKeys> {
    this.#clear ??= this.#unwrapAll();
    try {
      return await this.#clear;
    } catch (error) {
      // The next call tries again, instead of failing for as long as the instance lives.
      this.#clear = undefined;
      throw error;
    }
  }

  /**
   * The key that encrypts card numbers, of a vault that has one: whoever only reads makes no key. It is not
   * remembered: it is in memory as long as a call.
   *
   * @throws VaultKeyError
   */
  async data(): Promise<Uint8Array> {
    const wrapped = await this.#read('data');
    if (wrapped === undefined) throw new VaultKeyError('the vault has no data key');
    return this.#unwrap('data', wrapped);
  }

  async #unwrapAll(): Promise<ClearVaultKeys> {
    const [index, data] = await Promise.all([this.#keyFor('index'), this.#keyFor('data')]);
    return { index, data };
  }

  async #keyFor(purpose: Purpose): Promise<Uint8Array> {
    return this.#unwrap(purpose, (await this.#read(purpose)) ?? (await this.#make(purpose)));
  }

  async #unwrap(purpose: Purpose, wrapped: Uint8Array): Promise<Uint8Array> {
    const { Plaintext } = await this.#kms.send(
      new DecryptCommand({
        KeyId: this.#wrappingKeyId,
        CiphertextBlob: wrapped,
        EncryptionContext: encryptionContext(purpose),
      }),
    );
    if (Plaintext === undefined) throw new VaultKeyError(`KMS unwrapped no ${purpose} key`);
    return Plaintext;
  }

  async #read(purpose: Purpose): Promise<Uint8Array | undefined> {
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName: this.#table, Key: { id: rowId(purpose) }, ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const wrapped: unknown = Item['wrappedKey'];
    if (!(wrapped instanceof Uint8Array)) throw new VaultKeyError(`the row of the ${purpose} key is broken`);
    return wrapped;
  }

  /** Makes the key, unless another function does so at the same moment: the first one stays. */
  async #make(purpose: Purpose): Promise<Uint8Array> {
    const { CiphertextBlob: wrappedKey } = await this.#kms.send(
      new GenerateDataKeyCommand({
        KeyId: this.#wrappingKeyId,
        KeySpec: 'AES_256',
        EncryptionContext: encryptionContext(purpose),
      }),
    );
    if (wrappedKey === undefined) throw new VaultKeyError(`KMS made no ${purpose} key`);
    try {
      await this.#documents.send(
        new PutCommand({
          TableName: this.#table,
          Item: { id: rowId(purpose), wrappedKey },
          // A second key of the same purpose would give known cards new tokens.
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      );
      return wrappedKey;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const first = await this.#read(purpose);
      if (first === undefined) throw new VaultKeyError(`the ${purpose} key is there and cannot be read`);
      return first;
    }
  }
}

function rowId(purpose: Purpose): string {
  return `key#${purpose}`;
}

function encryptionContext(purpose: Purpose): Record<string, string> {
  return { 'payments:vault-key': purpose };
}
