import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { SidesNotKeptError } from '../errors.ts';
import type { SideReader } from '../pass-ports.ts';
import type { Clock, KeptResult, SideStore } from '../ports.ts';
import { type SideRow, sidesOfRow, sideUpdateOf } from '../side-row.ts';
import type { TransactionSides } from '../transaction-sides.ts';
import { batchGetRows, transactionKeys } from './batch-get-rows.ts';

/** TransactWriteItems takes at most this many actions (DynamoDB API reference). */
const TRANSACT_WRITE_MAX = 100;
/** How often a write that another one crossed is tried again. */
const ATTEMPTS = 8;
/** The first pause before that; it doubles. */
const BACK_OFF_MS = 20;
/** Due transactions are spread over this many keys of the index by the first digit of their id. */
const DUE_KEYS = [...'0123456789abcdef'].map((digit) => `DUE#${digit}`);
const DUE_INDEX = 'due';

/** How long sides may take to come, in milliseconds. */
export interface Patience {
  readonly overdueMs: number;
  /** How much longer where a transaction waits for another one. */
  readonly windowMs: number;
}

/**
 * One row for each transaction, an attribute for each side. Updates of many transactions share a call; setting
 * an attribute twice to the same is the same, so they may be repeated.
 */
export class DynamoDbSideStore implements SideStore, SideReader {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #patience: Patience;
  readonly #clock: Clock;

  constructor(documents: DynamoDBDocumentClient, table: string, patience: Patience, clock: Clock) {
    this.#documents = documents;
    this.#table = table;
    this.#patience = patience;
    this.#clock = clock;
  }

  async add(reports: readonly TransactionSides[]): Promise<readonly TransactionSides[]> {
    await this.#updateAll(reports.map((report) => this.#addition(report, this.#dueAt(report))));
    return this.find(reports.map(({ transactionId }) => transactionId));
  }

  async settle(results: readonly KeptResult[]): Promise<void> {
    await this.#updateAll(
      results.map(({ transactionId, result }) => ({
        TableName: this.#table,
        Key: { transactionId },
        UpdateExpression: 'SET #result = :result REMOVE due, dueAt',
        ExpressionAttributeNames: { '#result': 'result' },
        ExpressionAttributeValues: { ':result': result },
      })),
    );
  }

  async overdue(max: number): Promise<readonly TransactionSides[]> {
    const ids: string[] = [];
    for (const due of DUE_KEYS) {
      const { Items = [] } = await this.#documents.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: DUE_INDEX,
          KeyConditionExpression: 'due = :due AND dueAt <= :now',
          ExpressionAttributeValues: { ':due': due, ':now': this.#clock.now() },
          Limit: Math.max(1, max - ids.length),
        }),
      );
      ids.push(...Items.map((item) => String(item['transactionId'])));
      if (ids.length >= max) break;
    }
    return this.find(ids);
  }

  async find(transactionIds: readonly string[]): Promise<readonly TransactionSides[]> {
    const keys = transactionKeys(transactionIds);
    const rows = await batchGetRows<SideRow>(this.#documents, this.#table, keys, this.#clock);
    return rows.map((row) => sidesOfRow(row));
  }

  /** What follows another transaction may wait for that before it is overdue. */
  #dueAt({ authorized, approved }: TransactionSides): number {
    const { overdueMs, windowMs } = this.#patience;
    const follows = authorized?.follows === true || approved?.follows === true;
    return this.#clock.now() + overdueMs + (follows ? windowMs : 0);
  }

  /** One update that sets the sides heard of; a transaction is due from when it was first heard of. */
  #addition(report: TransactionSides, dueAt: number) {
    const { transactionId } = report;
    const { sets, adds } = sideUpdateOf(report);
    const values: Record<string, unknown> = { ':due': `DUE#${transactionId.slice(0, 1)}`, ':dueAt': dueAt };
    for (const [name, value] of Object.entries(sets)) values[`:${name}`] = value;
    for (const [name, members] of Object.entries(adds)) values[`:${name}`] = new Set(members);
    const assignments = Object.keys(sets).map((name) => `${name} = :${name}`);
    const additions = Object.keys(adds).map((name) => `${name} :${name}`);
    const set = `SET due = :due, dueAt = if_not_exists(dueAt, :dueAt), ${assignments.join(', ')}`;
    return {
      TableName: this.#table,
      Key: { transactionId },
      UpdateExpression: additions.length === 0 ? set : `${set} ADD ${additions.join(', ')}`,
      ExpressionAttributeValues: values,
    };
  }

  async #updateAll(updates: readonly Record<string, unknown>[]): Promise<void> {
    for (let start = 0; start < updates.length; start += TRANSACT_WRITE_MAX) {
      const TransactItems = updates.slice(start, start + TRANSACT_WRITE_MAX).map((Update) => ({ Update }));
      for (let attempt = 1; ; attempt += 1) {
        try {
          await this.#documents.send(new TransactWriteCommand({ TransactItems: TransactItems as never }));
          break;
        } catch (error) {
          // There is no condition, so a cancelled transaction was crossed by another or throttled.
          if (!(error instanceof TransactionCanceledException) || attempt === ATTEMPTS)
            throw new SidesNotKeptError(error);
          await this.#clock.sleep(BACK_OFF_MS * 2 ** (attempt - 1));
        }
      }
    }
  }
}
