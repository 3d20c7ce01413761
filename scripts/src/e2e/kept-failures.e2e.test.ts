import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import { arnOf, bucketName, type Owner, resourceName } from '@payments/infra/names';
import { platformNames } from '@payments/infra/platform-names';
import { ownerOf, STAGE_DECLARATIONS } from '@payments/infra/stages';
import {
  AwsError,
  type Faults,
  type LocalCloud,
  NO_FAULTS,
  openCloud,
  SimulatedRuntime,
} from '@payments/local-cloud';
import { type EventName, STAGES, type StageName, sourceOf } from '@payments/schemas';
import { ingestInput } from '../ingest-input.ts';
import { numbered } from '../input-lines.ts';
import { sampleSeed, seedReferenceData } from '../reference-data.ts';
import { STACK_NAMES, stackPath } from '../stack-files.ts';
import { synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const SAMPLE = new URL('../../../sample/', import.meta.url);
/** The second line of the sample is the first once more. */
const [FIRST = '', DUPLICATE = '', ...others] = readFileSync(new URL('authorizations.jsonl', SAMPLE), 'utf8')
  .trim()
  .split('\n');
/** Soon before the pass of the end of the day, at half past midnight. */
const STARTS_AT = Date.parse('2026-11-22T00:15:00Z');
const AFTER_END_OF_DAY = Date.parse('2026-11-22T00:35:00Z');
const MINUTE_MS = 60_000;
/** Longer than anything here is tried again: EventBridge gives up after a day. */
const PATIENCE_MS = 30 * 60 * MINUTE_MS;

/** Which event each stage is given that breaks its contract, and by whose name: the first that it consumes. */
const BAD_EVENTS = new Map(
  STAGES.flatMap((stage) => {
    const [event] = STAGE_DECLARATIONS[stage].consumes;
    return event === undefined ? [] : [[stage, { event, from: ownerOf(event) ?? stage }] as const];
  }),
);

const environment = loadEnvironment('local');
const named = (owner: Owner, purpose: string): string => resourceName(environment, owner, purpose);
const queueArn = (owner: Owner, purpose: string): string => arnOf(environment, 'sqs', named(owner, purpose));
const folder = temporaryFolder();
const runtime = new SimulatedRuntime(1, STARTS_AT);
/** The functions whose answers are lost, every time; and the calls that are refused. */
const failing = new Set<string>();
const refused = new Set<string>();
const faults: Faults = {
  ...NO_FAULTS,
  losesAnswer: (functionName) => failing.has(functionName),
  refuse: (service, operation) =>
    refused.has(`${service}:${operation}`)
      ? new AwsError('AccessDeniedException', 'it is refused for a test')
      : undefined,
};
let cloud: LocalCloud;
let documents: DynamoDBDocumentClient;

beforeAll(async () => {
  const stacks = synthesize('local', folder.path);
  cloud = await openCloud({
    dataDirectory: join(folder.path, 'data'),
    host: 'in-process',
    runtime,
    faults,
    onWarning: () => undefined,
  });
  for (const stack of STACK_NAMES) await cloud.deploy(stackPath(stack, stacks));
  documents = DynamoDBDocumentClient.from(new DynamoDBClient(cloud.sdkConfiguration()));
  const lambda = new LambdaClient(cloud.sdkConfiguration());
  await seedReferenceData(environment, { lambda, documents }, sampleSeed(SAMPLE));
  await ingestInput(environment, lambda, numbered([FIRST, ...others]), () => undefined);
  await runtime.run({ done: () => false, until: AFTER_END_OF_DAY });
  await until(() => cloud.atRest());
}, 5 * MINUTE_MS);
afterAll(async () => {
  await cloud.close();
  await folder.remove();
});

/** Lets virtual time pass until something holds; fails when it does not in the time that anything may take. */
async function until(holds: () => boolean): Promise<void> {
  expect(await runtime.run({ done: holds, until: runtime.now() + PATIENCE_MS })).toBe(true);
}

const lies = (owner: Owner, purpose: string): boolean =>
  cloud.services.sqs.queues.depth(queueArn(owner, purpose)).visible > 0;

/** Puts an event on the bus that breaks its contract. */
async function putBadEvent(from: StageName, event: EventName): Promise<void> {
  const { FailedEntryCount } = await new EventBridgeClient(cloud.sdkConfiguration()).send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: platformNames(environment).busName,
          Source: sourceOf(from),
          DetailType: event,
          Detail: JSON.stringify({ records: ['no record'] }),
        },
      ],
    }),
  );
  expect(FailedEntryCount).toBe(0);
}

async function keysIn(owner: Owner, purpose: string): Promise<readonly string[]> {
  const { Contents = [] } = await new S3Client(cloud.sdkConfiguration()).send(
    new ListObjectsV2Command({ Bucket: bucketName(environment, owner, purpose) }),
  );
  return Contents.map(({ Key = '' }) => Key);
}

const put = (owner: Owner, purpose: string, Item: Record<string, unknown>) =>
  documents.send(new PutCommand({ TableName: named(owner, purpose), Item }));

/** A row of the table that has an attribute with this value. */
async function rowWith(owner: Owner, purpose: string, attribute: string, value: string) {
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: named(owner, purpose) }));
  const row = Items.find((item) => item[attribute] === value);
  if (row === undefined) throw new Error(`${purpose} has no row of which ${attribute} is ${value}`);
  return row;
}

describe('with the permissions that the stacks give, whatever fails is kept', () => {
  it('as an object of its stage when it breaks its contract, from the bus and from the log', async () => {
    for (const { from, event } of BAD_EVENTS.values()) await putBadEvent(from, event);
    const logged = await rowWith('ingest', 'authorizations', 'outcome', 'APPROVED');
    await put('ingest', 'authorizations', { ...logged, transactionId: 'broken', record: {} });
    await until(() => cloud.atRest());
    const keys = await keysIn('platform', 'quarantine');
    const count = (stage: string): number => keys.filter((key) => key.split('/')[1] === stage).length;
    for (const stage of BAD_EVENTS.keys()) {
      expect({ stage, isKept: count(stage) >= 1 }).toEqual({ stage, isKept: true });
    }
    expect(count('dedup')).toBe(2);
  });

  it('as a duplicate, when the API is given what came before', async () => {
    const parked = await keysIn('dedup', 'parked');
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'till-1/000001' };
    const request = { method: 'POST', path: '/authorizations', query: {}, headers, body: DUPLICATE };
    const answer = await cloud.callFunctionUrl(named('ingest', 'api'), request);
    expect(answer.status).toBe(202);
    await until(() => cloud.atRest());
    expect(await keysIn('dedup', 'parked')).toHaveLength(parked.length + 1);
  });

  it('in the queue of a stream or pipe when the function that reads it fails and fails', async () => {
    const readers = [
      ['posting', 'fold', 'fold-ledger-failed'],
      ['reconcile', 'ledger', 'read-ledger-failed'],
      ['reconcile', 'tell', 'tell-breaks-failed'],
      ['dedup', 'enrichment', 'log-failed'],
    ] as const;
    for (const [owner, reader] of readers) failing.add(named(owner, reader));
    const sequence = await rowWith('posting', 'ledger', 'position', 'SEQUENCE');
    await put('posting', 'ledger', { ...sequence, sequenceId: 'made' });
    const logged = await rowWith('ingest', 'authorizations', 'outcome', 'APPROVED');
    await put('ingest', 'authorizations', { ...logged, transactionId: 'made' });
    await put('reconcile', 'breaks', { breakId: 'made', says: 'DETECTED' });
    await until(() => readers.every(([owner, , queue]) => lies(owner, queue)));
    failing.clear();
  });

  it('in the queue of a schedule that cannot invoke its function', async () => {
    refused.add('lambda:InvokeAsync');
    refused.add('lambda:Invoke');
    const schedules = [
      ['account-interface', 'sweep-due-missed'],
      ['posting', 'age-sequences-missed'],
      ['reconcile', 'sweep-overdue-missed'],
      ['reconcile', 'patch-breaks-missed'],
      ['reconcile', 'pass-hourly-missed'],
      ['reconcile', 'pass-end-of-day-missed'],
    ] as const;
    await until(() => schedules.every(([owner, queue]) => lies(owner, queue)));
  });

  it('in the queue of the workflow whose task fails', async () => {
    await putBadEvent('enrich', 'TransactionEnriched');
    await until(() => lies('rules', 'workflow-failed'));
    refused.clear();
  });

  it('in the queue of its rule when the bus cannot deliver it', async () => {
    // The rules stage has a workflow, and all others a queue.
    refused.add('states:StartExecution');
    const sqs = new SQSClient(cloud.sdkConfiguration());
    for (const stage of BAD_EVENTS.keys()) {
      if (stage === 'rules') continue;
      const QueueUrl = `https://sqs.${environment.region}.amazonaws.com/${environment.accountId}/${named(stage, 'queue')}`;
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    }
    for (const { from, event } of BAD_EVENTS.values()) await putBadEvent(from, event);
    await until(() => [...BAD_EVENTS.keys()].every((stage) => lies(stage, 'undelivered')));
  });
});
