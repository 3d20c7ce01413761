import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Claim, PostedAnswer, PostedRequest, PostedRequests } from '../api/ports.ts';

/** A caller that repeats a request does so within this time; later the transaction's own identity still tells. */
const REMEMBERED_SECONDS = 7 * 24 * 60 * 60;

/** Epoch milliseconds. */
export type Now = () => number;

/** A row of the table: a claim, with its answer once there is one. */
interface Row {
  readonly contentHash: string;
  readonly expiresAt: number;
  readonly answer?: PostedAnswer;
}

/** Requests by their keys, in a DynamoDB table with the key `id` (string) and its expiry in `expiresAt`. */
export class DynamoDbPostedRequests implements PostedRequests {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #now: Now;

  constructor(documents: DynamoDBDocumentClient, table: string, now: Now) {
    this.#documents = documents;
    this.#table = table;
    this.#now = now;
  }

  async claim({ keyHash, contentHash }: PostedRequest): Promise<Claim> {
    const nowSeconds = Math.floor(this.#now() / 1000);
    try {
      await this.#documents.send(
        new PutCommand({
          TableName: this.#table,
          Item: { id: keyHash, contentHash, expiresAt: nowSeconds + REMEMBERED_SECONDS },
          // DynamoDB deletes what has expired some days later; until then it counts as gone.
          ConditionExpression: 'attribute_not_exists(id) OR expiresAt < :now',
          ExpressionAttributeValues: { ':now': nowSeconds },
        }),
      );
      return { kind: 'mine' };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName: this.#table, Key: { id: keyHash }, ConsistentRead: true }),
    );
    // Gone between the two calls: it had just expired, and its key may be used again.
    if (Item === undefined) return this.claim({ keyHash, contentHash });
    const row = Item as unknown as Row;
    if (row.contentHash !== contentHash) return { kind: 'other-content' };
    return row.answer === undefined ? { kind: 'mine' } : { kind: 'answered', answer: row.answer };
  }

  async keepAnswer({ keyHash, contentHash }: PostedRequest, answer: PostedAnswer): Promise<void> {
    try {
      await this.#documents.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { id: keyHash },
          UpdateExpression: 'SET answer = :answer',
          ConditionExpression: 'contentHash = :content',
          ExpressionAttributeValues: { ':answer': answer, ':content': contentHash },
        }),
      );
    } catch (error) {
      // Only a claim that expired meanwhile can be gone; the answer stands without being remembered.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
