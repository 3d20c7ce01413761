import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import {
  BatchGetCommand,
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';

type Item = Record<string, unknown>;

/**
 * One table in memory, as far as the adapters of this stage use it. It stands in for DynamoDB only where a test
 * needs an answer that the real thing rarely gives: an item left unprocessed, a race lost.
 */
export class TableInMemory {
  readonly items = new Map<string, Item>();
  /** Every command that was sent, in order. */
  readonly sent: object[] = [];
  /** Called before each command: a test may let another writer in. */
  beforeSend: (command: object) => void = () => {};
  /** How many requests of each batch call are left unprocessed. */
  unprocessed = 0;
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  /** The table as a client. The cast is sound for the commands below, and any other throws. */
  get documents(): DynamoDBDocumentClient {
    return { send: (command: object) => this.#send(command) } as unknown as DynamoDBDocumentClient;
  }

  async #send(command: object): Promise<object> {
    this.sent.push(command);
    this.beforeSend(command);
    if (command instanceof GetCommand) return { Item: this.items.get(this.#keyOf(command.input.Key)) };
    if (command instanceof PutCommand) return this.#put(command);
    if (command instanceof TransactWriteCommand) return this.#transact(command);
    if (command instanceof BatchGetCommand) {
      const [[table, { Keys = [] }] = ['', {}]] = Object.entries(command.input.RequestItems ?? {});
      const taken = Keys.slice(0, Keys.length - this.unprocessed);
      const found = taken.flatMap((key) => this.items.get(this.#keyOf(key)) ?? []);
      return {
        Responses: { [table]: found },
        UnprocessedKeys: { [table]: { Keys: Keys.slice(taken.length) } },
      };
    }
    if (command instanceof BatchWriteCommand) {
      const [[table, requests] = ['', []]] = Object.entries(command.input.RequestItems ?? {});
      const taken = requests.slice(0, requests.length - this.unprocessed);
      for (const { PutRequest } of taken) this.#store(PutRequest?.Item);
      return { UnprocessedItems: { [table]: requests.slice(taken.length) } };
    }
    throw new Error(`the table in memory does not know ${command.constructor.name}`);
  }

  #put({ input }: PutCommand): object {
    if (this.items.has(this.#keyOf(input.Item)))
      throw new ConditionalCheckFailedException({ message: 'it is there', $metadata: {} });
    this.#store(input.Item);
    return {};
  }

  #transact({ input }: TransactWriteCommand): object {
    const puts = (input.TransactItems ?? []).map(({ Put }) => Put?.Item);
    const reasons = puts.map((item) => ({
      Code: this.items.has(this.#keyOf(item)) ? 'ConditionalCheckFailed' : 'None',
    }));
    if (reasons.some(({ Code }) => Code !== 'None'))
      throw new TransactionCanceledException({
        message: 'cancelled',
        CancellationReasons: reasons,
        $metadata: {},
      });
    for (const item of puts) this.#store(item);
    return {};
  }

  #store(item: Item | undefined): void {
    if (item !== undefined) this.items.set(this.#keyOf(item), item);
  }

  #keyOf(item: Item | undefined): string {
    return String(item?.[this.#key]);
  }
}

/** A KMS that wraps a key by turning its bits over, bound to its encryption context. */
export class KmsInMemory {
  made = 0;
  /** Every command that was sent, in order. */
  readonly sent: object[] = [];

  /** The encryption contexts of what was unwrapped. */
  contexts(): readonly unknown[] {
    return this.sent.flatMap((command) =>
      command instanceof DecryptCommand ? [command.input.EncryptionContext] : [],
    );
  }

  /** As for the table: any other command throws. */
  get client(): KMSClient {
    return { send: (command: object) => this.#send(command) } as unknown as KMSClient;
  }

  async #send(command: object): Promise<object> {
    this.sent.push(command);
    if (command instanceof GenerateDataKeyCommand) {
      this.made += 1;
      const key = Buffer.alloc(32, this.made);
      return { Plaintext: key, CiphertextBlob: wrap(key, command.input.EncryptionContext) };
    }
    if (command instanceof DecryptCommand) {
      const { CiphertextBlob = new Uint8Array(), EncryptionContext } = command.input;
      const Plaintext = Buffer.from(CiphertextBlob.subarray(0, 32).map((byte) => byte ^ 255));
      if (!wrap(Plaintext, EncryptionContext).equals(CiphertextBlob)) throw new Error('InvalidCiphertext');
      return { Plaintext };
    }
    throw new Error(`the KMS in memory does not know ${command.constructor.name}`);
  }
}

function wrap(key: Uint8Array, context: Record<string, string> | undefined): Buffer {
  return Buffer.concat([key.map((byte) => byte ^ 255), Buffer.from(JSON.stringify(context))]);
}
