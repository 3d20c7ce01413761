import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import { GetCommand, paginateScan, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { stage as accountInterface } from '@payments/account-interface/stage';
import { stage as dedup } from '@payments/dedup/stage';
import { stage as enrich } from '@payments/enrich/stage';
import type { Owner } from '@payments/infra/names';
import { bucketName, resourceName } from '@payments/infra/names';
import { stage as posting } from '@payments/posting/stage';
import { stage as reconcile } from '@payments/reconcile/stage';
import { stage as rules } from '@payments/rules/stage';
import type { StageDeclaration } from '@payments/schemas';
import { stage as standardize } from '@payments/standardize/stage';
import type { Connection } from './connection.ts';

/** A row or a record, of which nothing is taken for granted: stages change what they keep. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** A record that a stage set aside for good, with its reason. */
export interface QuarantinedRecord {
  readonly stage: string;
  readonly event: string;
  readonly reason: string;
  readonly explanation: string;
}

/** An id that is no transaction's, or more than one's; the message says what to do. */
export class TransactionNotFoundError extends Error {
  override readonly name = 'TransactionNotFoundError';
  readonly code = 'TransactionNotFound';
  readonly retryable = false;
}

const WHOLE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A prefix shorter than this would be no intention. */
const PREFIX_MIN = 4;
/** How many of several matches are named. */
const MATCHES_SHOWN = 5;
const SUBSCRIBERS: readonly StageDeclaration[] = [
  dedup,
  standardize,
  enrich,
  rules,
  accountInterface,
  posting,
  reconcile,
];

/** The row of the authorization log; a transaction that came over the API has none. */
export function authorizationRow(connection: Connection, transactionId: string) {
  return row(connection, 'ingest', 'authorizations', transactionId);
}

/** What reconcile knows of a transaction. */
export function reconciliationRow(connection: Connection, transactionId: string) {
  return row(connection, 'reconcile', 'reconciliation', transactionId);
}

/**
 * The ledger's rows of the sequences that are booked for a transaction: a header `SEQUENCE`, then the entries.
 *
 * @param sides the transaction's row of reconcile
 * @param sequenceIds further sequences that are known
 */
export async function ledgerRows(
  connection: Connection,
  sides: JsonRecord | undefined,
  sequenceIds: readonly string[] = [],
): Promise<readonly JsonRecord[]> {
  const ids = new Set(sequenceIds);
  for (const side of ['booked', 'posted']) {
    const id = (sides?.[side] as JsonRecord | undefined)?.['sequenceId'];
    if (typeof id === 'string') ids.add(id);
  }
  const rows: JsonRecord[] = [];
  for (const id of ids) {
    const { Items = [] } = await connection.documents.send(
      new QueryCommand({
        TableName: resourceName(connection.environment, 'posting', 'ledger'),
        KeyConditionExpression: 'sequenceId = :id',
        ExpressionAttributeValues: { ':id': id },
      }),
    );
    rows.push(...Items);
  }
  return rows;
}

/**
 * The records of a transaction that lie in quarantine: each is kept under the stage that refused it and the key of
 * the record that the stage had been given.
 *
 * @param given the records that were published, with their event
 */
export async function quarantinedRecords(
  connection: Connection,
  given: readonly { readonly name: string; readonly record: JsonRecord }[],
): Promise<readonly QuarantinedRecord[]> {
  const bucket = bucketName(connection.environment, 'platform', 'quarantine');
  const names = given.flatMap(({ name, record }) =>
    SUBSCRIBERS.filter(({ consumes }) => consumes.some((each) => each === name)).map(
      (stage) => `quarantine/${stage.name}/${String(record['idempotencyKey'])}.json`,
    ),
  );
  const found: QuarantinedRecord[] = [];
  for (const name of new Set(names)) {
    const text = await objectText(connection, bucket, name);
    if (text !== undefined) found.push(JSON.parse(text) as QuarantinedRecord);
  }
  return found;
}

/**
 * The whole id of a transaction.
 *
 * @param text the id or its beginning
 * @throws TransactionNotFoundError when there is none, or more than one
 */
export async function findTransaction(connection: Connection, text: string): Promise<string> {
  const wanted = text.toLowerCase();
  if (!/^[0-9a-f-]+$/.test(wanted) || wanted.length < PREFIX_MIN) {
    throw new TransactionNotFoundError(
      `"${text}" is no id of a transaction: it takes at least ${PREFIX_MIN} of its hexadecimal digits.`,
    );
  }
  if (WHOLE_ID.test(wanted)) {
    const known =
      (await authorizationRow(connection, wanted)) ?? (await reconciliationRow(connection, wanted));
    if (known !== undefined) return wanted;
  } else {
    const matches = new Set<string>();
    for await (const { transactionId } of transactions(connection)) {
      if (transactionId.startsWith(wanted)) matches.add(transactionId);
    }
    const [only, ...others] = matches;
    if (only !== undefined && others.length === 0) return only;
    if (only !== undefined) {
      const shown = [...matches].slice(0, MATCHES_SHOWN).join(', ');
      throw new TransactionNotFoundError(
        `${matches.size} transactions begin with ${wanted}: ${shown}${matches.size > MATCHES_SHOWN ? ', …' : ''}. Give more digits.`,
      );
    }
  }
  throw new TransactionNotFoundError(`There is no transaction ${wanted} in ${connection.environment.name}.`);
}

/** The transaction that the authorization systems logged last. @throws TransactionNotFoundError when there is none */
export async function lastTransaction(connection: Connection): Promise<string> {
  let last: Listed | undefined;
  for await (const each of transactions(connection)) {
    if (last === undefined || each.loggedAt > last.loggedAt) last = each;
  }
  if (last === undefined)
    throw new TransactionNotFoundError(`There is no transaction in ${connection.environment.name} yet.`);
  return last.transactionId;
}

interface Listed {
  readonly transactionId: string;
  readonly loggedAt: string;
}

/** Every transaction, some of them twice: the log has what came through it, reconcile what came over the API too. */
async function* transactions(connection: Connection): AsyncGenerator<Listed> {
  for (const [owner, purpose] of [
    ['ingest', 'authorizations'],
    ['reconcile', 'reconciliation'],
  ] as const) {
    const input = {
      TableName: resourceName(connection.environment, owner, purpose),
      ProjectionExpression: 'transactionId, loggedAt',
    };
    for await (const { Items = [] } of paginateScan({ client: connection.documents }, input)) {
      for (const { transactionId, loggedAt } of Items) {
        yield { transactionId: String(transactionId), loggedAt: String(loggedAt ?? '') };
      }
    }
  }
}

async function row(
  connection: Connection,
  owner: Owner,
  purpose: string,
  transactionId: string,
): Promise<JsonRecord | undefined> {
  const TableName = resourceName(connection.environment, owner, purpose);
  return (await connection.documents.send(new GetCommand({ TableName, Key: { transactionId } }))).Item;
}

async function objectText(connection: Connection, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await connection.s3.send(new GetObjectCommand({ Bucket, Key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
