import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type ChainEnd, chained, EMPTY_CHAIN } from '../evidence-chain.ts';
import type { ChainedEvidence, Evidence } from '../ports.ts';

/** The one chain that there is. */
const CHAIN = 'RECONCILE';
/** Numbers are padded, so that their order as text is their order. */
const NUMBER_LENGTH = 12;
const BREAK_INDEX = 'break';

/** An entry as a row. */
interface EvidenceRow extends Omit<ChainedEvidence, 'number'> {
  readonly chain: string;
  readonly number: string;
  readonly breakId: string;
}

/** SHA-256 of a text, in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * The append-only record of what was done about each case: every entry holds the hash of the one before. No function
 * may update or delete a row; that none is overwritten is the condition of every write.
 */
export class DynamoDbEvidence {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(documents: DynamoDBDocumentClient, table: string) {
    this.#documents = documents;
    this.#table = table;
  }

  /** Where the chain ends now. */
  async end(): Promise<ChainEnd> {
    const { Items = [] } = await this.#documents.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: '#chain = :chain',
        ExpressionAttributeNames: { '#chain': 'chain' },
        ExpressionAttributeValues: { ':chain': CHAIN },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    const [last] = Items as EvidenceRow[];
    return last === undefined ? EMPTY_CHAIN : { number: Number(last.number), hash: last.hash };
  }

  /** The writes that put entries behind an end, each on the condition that its number is free; in order. */
  writesOf(entries: readonly Evidence[], end: ChainEnd) {
    return chained(entries, end, sha256).map(({ number, ...rest }, index) => ({
      Put: {
        TableName: this.#table,
        Item: { chain: CHAIN, number: padded(number), breakId: entries[index]?.breakId, ...rest },
        // An entry is written once and never again.
        ConditionExpression: 'attribute_not_exists(#chain)',
        ExpressionAttributeNames: { '#chain': 'chain' },
      },
    }));
  }

  /** All entries in the order of their numbers. */
  async *read(): AsyncIterable<ChainedEvidence> {
    const pages = paginateQuery(
      { client: this.#documents },
      {
        TableName: this.#table,
        KeyConditionExpression: '#chain = :chain',
        ExpressionAttributeNames: { '#chain': 'chain' },
        ExpressionAttributeValues: { ':chain': CHAIN },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages) for (const row of Items as EvidenceRow[]) yield entryOf(row);
  }

  /** The entries about one case, in the order of their numbers. */
  async about(breakId: string): Promise<readonly ChainedEvidence[]> {
    const entries: ChainedEvidence[] = [];
    const pages = paginateQuery(
      { client: this.#documents },
      {
        TableName: this.#table,
        IndexName: BREAK_INDEX,
        KeyConditionExpression: 'breakId = :breakId',
        ExpressionAttributeValues: { ':breakId': breakId },
      },
    );
    for await (const { Items = [] } of pages) entries.push(...(Items as EvidenceRow[]).map(entryOf));
    return entries;
  }
}

function entryOf({ number, content, previousHash, hash }: EvidenceRow): ChainedEvidence {
  return { number: Number(number), content, previousHash, hash };
}

function padded(number: number): string {
  return String(number).padStart(NUMBER_LENGTH, '0');
}
