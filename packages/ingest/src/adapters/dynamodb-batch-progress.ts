import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { BatchProgress, ChunkReport, FileProgress, FileVersion } from '../batch/ports.ts';
import type { Sleep } from './unprocessed-items.ts';

/** The position of a file's own row; its chunks are `CHUNK#00000000` and so on. */
const FILE_PART = 'FILE';
const CHUNK_DIGITS = 8;
/** For how long a sender can be told what became of a file. */
const REMEMBERED_SECONDS = 90 * 24 * 60 * 60;
/** Another transaction is at the same rows: how often it is waited for, and how long at first. */
const CONFLICT_ATTEMPTS = 5;
const CONFLICT_PAUSE_MS = 50;

const NAMES = { '#state': 'state', '#chunks': 'chunks', '#read': 'read', '#lines': 'lines' };

/**
 * The table `batches`: a row for each file with its totals, and one for each chunk that is done. Both are written in
 * one transaction, so that the totals count each chunk once.
 */
export class DynamoDbBatchProgress implements BatchProgress {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #now: () => number;
  readonly #sleep: Sleep;

  /** @param now gives epoch milliseconds */
  constructor(documents: DynamoDBDocumentClient, table: string, now: () => number, sleep: Sleep) {
    this.#documents = documents;
    this.#table = table;
    this.#now = now;
    this.#sleep = sleep;
  }

  async begin(file: FileVersion): Promise<FileProgress> {
    const key = { fileId: fileIdOf(file), part: FILE_PART };
    // A file that is gone on with is found by the first call; a new one costs three.
    const known = await this.#find(key);
    if (known !== undefined) return known;
    const totals = { chunks: 0, lines: 0, read: 0, approved: 0, declined: 0, unreadable: 0 };
    const Item = {
      ...key,
      state: 'RUNNING',
      ...totals,
      startedAt: this.#time(),
      expiresAt: this.#expiresAt(),
    };
    try {
      await this.#documents.send(
        new PutCommand({ TableName: this.#table, Item, ConditionExpression: 'attribute_not_exists(fileId)' }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
    return (await this.#find(key)) ?? { state: 'RUNNING', chunks: 0 };
  }

  async finishChunk(file: FileVersion, report: ChunkReport): Promise<boolean> {
    const command = this.#chunkCommand(file, report);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#documents.send(command);
        return true;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
        if (codes.includes('ConditionalCheckFailed')) return false;
        if (attempt === CONFLICT_ATTEMPTS) throw error;
        await this.#sleep(CONFLICT_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  }

  complete(file: FileVersion): Promise<void> {
    return this.#end(file, { state: 'DONE', finishedAt: this.#time() });
  }

  fail(file: FileVersion, reason: string, explanation: string): Promise<void> {
    return this.#end(file, { state: 'FAILED', finishedAt: this.#time(), reason, explanation });
  }

  async #find(key: Record<string, string>): Promise<FileProgress | undefined> {
    const { Item } = await this.#documents.send(
      new GetCommand({
        TableName: this.#table,
        Key: key,
        ConsistentRead: true,
        ProjectionExpression: '#state, #chunks',
        ExpressionAttributeNames: { '#state': 'state', '#chunks': 'chunks' },
      }),
    );
    return Item as FileProgress | undefined;
  }

  #chunkCommand(file: FileVersion, report: ChunkReport): TransactWriteCommand {
    const { chunk, firstLine, lastLine, read, approved, declined, unreadable } = report;
    const fileId = fileIdOf(file);
    const part = `CHUNK#${String(chunk).padStart(CHUNK_DIGITS, '0')}`;
    const content = { firstLine, lastLine, read, approved, declined, unreadable: [...unreadable] };
    return new TransactWriteCommand({
      TransactItems: [
        {
          Put: {
            TableName: this.#table,
            Item: { fileId, part, ...content, finishedAt: this.#time(), expiresAt: this.#expiresAt() },
          },
        },
        {
          Update: {
            TableName: this.#table,
            Key: { fileId, part: FILE_PART },
            UpdateExpression:
              'SET #chunks = :next, #lines = :lines ADD #read :read, approved :approved, declined :declined, unreadable :unreadable',
            ConditionExpression: '#state = :running AND #chunks = :chunk',
            ExpressionAttributeNames: NAMES,
            ExpressionAttributeValues: {
              ':running': 'RUNNING',
              ':chunk': chunk,
              ':next': chunk + 1,
              ':lines': lastLine,
              ':read': read,
              ':approved': approved,
              ':declined': declined,
              ':unreadable': unreadable.length,
            },
          },
        },
      ],
    });
  }

  async #end(file: FileVersion, members: Readonly<Record<string, string>>): Promise<void> {
    const names = Object.keys(members);
    try {
      await this.#documents.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { fileId: fileIdOf(file), part: FILE_PART },
          UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
          ConditionExpression: '#state = :running',
          ExpressionAttributeNames: {
            '#state': 'state',
            ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
          },
          ExpressionAttributeValues: {
            ':running': 'RUNNING',
            ...Object.fromEntries(Object.entries(members).map(([name, value]) => [`:${name}`, value])),
          },
        }),
      );
    } catch (error) {
      // Another invocation has ended it.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }

  #expiresAt(): number {
    return Math.floor(this.#now() / 1000) + REMEMBERED_SECONDS;
  }
}

/** The name of a file version in the table. */
export function fileIdOf({ bucket, key, versionId }: FileVersion): string {
  return `${bucket}/${key}/${versionId}`;
}
