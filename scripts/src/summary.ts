import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { bucketName, resourceName } from '@payments/infra/names';
import type { SdkConfiguration } from '@payments/local-cloud';
import { type CurrencySums, readLedger } from './ledger-content.ts';

/** How long transactions took from ingestion to posting, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What the pipeline's state says: of all that was ever ingested into it, not of one run. */
export interface PipelineState {
  readonly authorizations: { read: number; unreadable: number; declined: number; logged: number };
  readonly duplicatesParked: number;
  readonly quarantined: number;
  readonly rules: { approved: number; rejected: number };
  readonly entries: number;
  readonly posted: number;
  readonly postingFailed: number;
  /** Approved transactions that were held, that ended without entries, that wait for another one. */
  readonly unposted: { held: number; ended: number; waiting: number };
  readonly ledger: readonly CurrencySums[];
  /** The same for the same ledger, in whatever order it was booked. */
  readonly ledgerDigest: string;
  readonly reconciliation: { matched: number; mismatches: number; patched: number };
}

/** The state and how fast this run was. */
export interface Summary extends PipelineState {
  readonly timing: { elapsedMs: number; transactionsPerSecond: number; endToEndMs: Latency };
}

/** A row that the reconcile stage keeps for a transaction. */
interface ReconciliationRow {
  readonly transactionId: string;
  readonly approved?: unknown;
  readonly rejected?: unknown;
  readonly failed?: unknown;
  readonly held?: unknown;
  readonly notPosted?: unknown;
  readonly booked?: unknown;
  readonly result?: string;
}

/** Reads the state of the pipeline from its tables and buckets. */
export async function readState(
  environment: Environment,
  configuration: SdkConfiguration,
): Promise<PipelineState> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(configuration));
  const s3 = new S3Client(configuration);
  const authorizations = { read: 0, unreadable: 0, declined: 0, logged: 0 };
  for await (const { outcome } of rows<{ outcome: string }>(
    documents,
    resourceName(environment, 'ingest', 'authorizations'),
    ['outcome'],
  )) {
    authorizations.read += 1;
    if (outcome === 'UNREADABLE') authorizations.unreadable += 1;
    else if (outcome === 'DECLINED') authorizations.declined += 1;
    else authorizations.logged += 1;
  }
  const rules = { approved: 0, rejected: 0 };
  const reconciliation = { matched: 0, mismatches: 0, patched: 0 };
  const unposted = { held: 0, ended: 0, waiting: 0 };
  let postingFailed = 0;
  const sides = resourceName(environment, 'reconcile', 'reconciliation');
  for await (const row of rows<ReconciliationRow>(documents, sides, [
    'approved',
    'rejected',
    'failed',
    'held',
    'notPosted',
    'booked',
    'result',
  ])) {
    if (row.approved !== undefined) rules.approved += 1;
    if (row.rejected !== undefined) rules.rejected += 1;
    if (row.failed !== undefined) postingFailed += 1;
    if (row.approved !== undefined && row.booked === undefined && row.failed === undefined) {
      if (row.held !== undefined) unposted.held += 1;
      else if (row.notPosted !== undefined) unposted.ended += 1;
      else if (row.result === undefined) unposted.waiting += 1;
    }
    if (row.result === 'RECONCILED') reconciliation.matched += 1;
    else if (row.result !== undefined && row.result !== 'CLOSED') reconciliation.mismatches += 1;
  }
  const ledger = await readLedger(environment, documents);
  return {
    authorizations,
    duplicatesParked: await countObjects(s3, bucketName(environment, 'dedup', 'parked')),
    quarantined: await countObjects(s3, bucketName(environment, 'platform', 'quarantine')),
    rules,
    entries: ledger.entries,
    posted: ledger.sequences,
    postingFailed,
    unposted,
    ledger: ledger.sums,
    ledgerDigest: ledger.digest,
    reconciliation,
  };
}

/** The 50th and 99th percentile and the longest of some durations. */
export function latencyOf(durations: readonly number[]): Latency {
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}

async function* rows<Row>(
  documents: DynamoDBDocumentClient,
  table: string,
  attributes: readonly string[],
): AsyncGenerator<Row> {
  const names = Object.fromEntries(attributes.map((name, index) => [`#a${index}`, name]));
  const input = {
    TableName: table,
    ProjectionExpression: Object.keys(names).join(', '),
    ExpressionAttributeNames: names,
  };
  for await (const page of paginateScan({ client: documents }, input)) yield* (page.Items ?? []) as Row[];
}

async function countObjects(s3: S3Client, bucket: string): Promise<number> {
  let count = 0;
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket }))
    count += page.KeyCount ?? 0;
  return count;
}
