/**
 * What nobody counts and no page of AWS says, taken for the estimates: change it here when measurements of an account
 * are there.
 */

/**
 * How long a call takes from a function in the same region, in milliseconds. Orders of magnitude that AWS speaks of
 * ("single-digit milliseconds" for DynamoDB), taken rather too long than too short.
 */
export const ASSUMED_LATENCIES_MS: Readonly<Record<string, number>> = {
  dynamodb: 6,
  'dynamodb:BatchGetItem': 10,
  'dynamodb:BatchWriteItem': 12,
  'dynamodb:TransactWriteItems': 15,
  events: 20,
  kms: 8,
  s3: 30,
  sns: 15,
  sqs: 10,
  states: 20,
};

/** What a stage computes for one record on a function of 1,024 MB, in milliseconds: 800 records a second. */
export const COMPUTING_MS_PER_RECORD = 1.25;

/** The functions that are given each record once, and by which rule's deliveries they are counted. */
export const RECORDS_OF_FUNCTION: Readonly<Record<string, string>> = {
  'standardize-subscriber': 'standardize-subscription',
  'enrich-subscriber': 'enrich-subscription',
  'rules-evaluate': 'rules-subscription',
  'account-interface-subscriber': 'account-interface-subscription',
  'posting-subscriber': 'posting-subscription',
  'reconcile-subscriber': 'reconcile-subscription',
};
/** The functions that are given each transaction once. */
export const TRANSACTION_FUNCTIONS: readonly string[] = ['ingest-ingest', 'dedup-enrichment'];

/** The function whose invocations are the pipe's requests. */
export const PIPE_ENRICHMENT = 'dedup-enrichment';
/** A row of the authorization log as a pipe hands it on, in bytes; a request is billed by 64 KB. */
export const PIPE_RECORD_BYTES = 2_048;
export const BILLED_CHUNK_BYTES = 65_536;

/** What an Express workflow is billed for at least: 64 MB for 200 ms. */
export const EXPRESS_GB_SECONDS = (64 / 1024) * 0.2;

/** The START, END and REPORT lines that Lambda writes for each invocation, in bytes. */
export const PLATFORM_LOG_BYTES = 400;

/** Long polling of a queue without messages: five pollers, one request in 20 seconds each. */
export const EMPTY_RECEIVES_PER_QUEUE_MONTH = (5 * 30 * 86_400) / 20;
/** A pipe reads each shard of a stream four times a second; a table of this load has about four shards. */
export const STREAM_READS_PER_PIPE_MONTH = 4 * 4 * 30 * 86_400;
/** How often a schedule runs in a month, once a minute, and how long its function takes, in GB-seconds. */
export const SCHEDULED_RUNS_PER_MONTH = 30 * 24 * 60;
export const SCHEDULED_RUN_GB_SECONDS = 0.1;
