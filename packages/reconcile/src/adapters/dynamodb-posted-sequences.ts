import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { sequenceIdOf } from '@payments/domain';
import type { OpenSequence, PostedSequence, PostedSequences } from '../pass-ports.ts';
import type { Clock } from '../ports.ts';
import { lastGoodOf } from '../reconcile-transaction.ts';
import { type SideRow, sidesOfRow } from '../side-row.ts';
import { batchGetRows, transactionKeys } from './batch-get-rows.ts';
import { scanSegments } from './scan-segments.ts';

/** The attributes of which a pass knows what was posted. */
const ATTRIBUTES =
  'transactionId, scheme, loggedAt, lifecycleId, authorized, approved, posted, postedEntries, corrections, heard, due';

/** A row that is due has not been settled: its sides may still come. */
type DueRow = SideRow & { readonly due?: string };

/** What was posted, from the rows that reconciliation keeps of transactions. */
export class DynamoDbPostedSequences implements PostedSequences {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(documents: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#documents = documents;
    this.#table = table;
    this.#clock = clock;
  }

  async *read(): AsyncGenerator<readonly (PostedSequence | OpenSequence)[]> {
    const input = { TableName: this.#table, ConsistentRead: true, ProjectionExpression: ATTRIBUTES };
    for await (const { items } of scanSegments<DueRow>(this.#documents, input))
      yield items.flatMap(sequencesOf);
  }

  async find(transactionIds: readonly string[]): Promise<readonly (PostedSequence | OpenSequence)[]> {
    const rows = await batchGetRows<DueRow>(
      this.#documents,
      this.#table,
      transactionKeys(transactionIds),
      this.#clock,
    );
    return rows.flatMap(sequencesOf);
  }
}

function sequencesOf(row: DueRow): (PostedSequence | OpenSequence)[] {
  const sides = sidesOfRow(row);
  const { transactionId, scheme, loggedAt, posted, authorized, approved } = sides;
  const lifecycleId = sides.lifecycleId ?? transactionId;
  const sequenceId = posted?.sequenceId ?? sequenceIdOf(transactionId);
  const lastGood = lastGoodOf(sides);
  const about = {
    transactionId,
    scheme,
    loggedAt,
    lifecycleId,
    ...(authorized === undefined ? {} : { authorized: { amount: authorized.amount } }),
    ...(lastGood === undefined ? {} : { lastGood }),
    ...(approved === undefined ? {} : { approvedAt: approved.saidAt }),
  };
  const corrections = Object.entries(sides.corrections ?? {}).map(([id, correction]): PostedSequence => {
    const { bookingDate, valueDate, entries, saidAt } = correction;
    const said = { bookingDate, valueDate, saidAt, ...(entries === undefined ? {} : { entries }) };
    return { ...about, ...said, sequenceId: id, corrects: sequenceId };
  });
  if (posted === undefined) {
    const open: OpenSequence[] = row.due === undefined ? [] : [{ sequenceId, isOpen: true }];
    return [...open, ...corrections];
  }
  const { bookingDate, valueDate, entries, saidAt } = posted;
  const said = { bookingDate, valueDate, saidAt, ...(entries === undefined ? {} : { entries }) };
  return [{ ...about, ...said, sequenceId }, ...corrections];
}
