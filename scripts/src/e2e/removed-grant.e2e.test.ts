import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import type { Owner } from '@payments/infra/names';
import { AwsError, type LocalCloud, openCloud, SimulatedRuntime } from '@payments/local-cloud';
import { ingestInput } from '../ingest-input.ts';
import { linesOfFile } from '../input-lines.ts';
import { sampleSeed, seedReferenceData } from '../reference-data.ts';
import { STACK_NAMES, type StackDocument, stackPath } from '../stack-files.ts';
import { synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const SAMPLE = new URL('../../../sample/', import.meta.url);
const LINES = fileURLToPath(new URL('authorizations.jsonl', SAMPLE));
const STARTS_AT = Date.parse('2026-11-22T12:00:00Z');
/** How long what is denied may take to be asked for, in virtual time. */
const LIMIT_MS = 30 * 60 * 1000;
const MINUTE_MS = 60_000;

/** A statement that is taken out of one policy of a stack, and the call that is denied then. */
interface Removal {
  readonly stack: Owner;
  /** The policy's address: its Terraform type and its name in the stack. */
  readonly policy: readonly [type: string, name: string];
  readonly statement: string;
  /** Whose call is denied: a role's name, or a service's principal. */
  readonly caller: string;
  readonly action: string;
  /** The resource's ARN ends so. */
  readonly resource: string;
}

const ofRole = (name: string): Removal['policy'] => ['aws_iam_role_policy', `${name}-role-policy`];

const REMOVALS: readonly Removal[] = [
  {
    stack: 'enrich',
    policy: ofRole('subscriber'),
    statement: 'UseReference',
    caller: 'payments-local-enrich-subscriber',
    action: 'dynamodb:BatchGetItem',
    resource: ':table/payments-local-enrich-reference',
  },
  {
    stack: 'enrich',
    policy: ofRole('subscriber'),
    statement: 'UsePlatformKey',
    caller: 'payments-local-enrich-subscriber',
    action: 'kms:Decrypt',
    resource: ':key/',
  },
  {
    stack: 'ingest',
    policy: ofRole('ingest'),
    statement: 'UseVaultKey',
    caller: 'payments-local-ingest-ingest',
    action: 'kms:Decrypt',
    resource: ':key/',
  },
  {
    stack: 'standardize',
    policy: ofRole('subscriber'),
    statement: 'PublishEvents',
    caller: 'payments-local-standardize-subscriber',
    action: 'events:PutEvents',
    resource: ':event-bus/payments-local-platform-bus',
  },
  {
    stack: 'posting',
    policy: ofRole('subscriber'),
    statement: 'TakeFromQueue',
    caller: 'payments-local-posting-subscriber',
    action: 'sqs:ReceiveMessage',
    resource: ':payments-local-posting-queue',
  },
  {
    stack: 'rules',
    policy: ofRole('workflow-start'),
    statement: 'Start',
    caller: 'payments-local-rules-workflow-start',
    action: 'states:StartExecution',
    resource: ':stateMachine:payments-local-rules-workflow',
  },
  {
    stack: 'rules',
    policy: ofRole('workflow-run'),
    statement: 'RunTask',
    caller: 'payments-local-rules-workflow-run',
    action: 'lambda:InvokeFunction',
    resource: ':function:payments-local-rules-evaluate',
  },
  {
    stack: 'dedup',
    policy: ofRole('enrichment'),
    statement: 'Park',
    caller: 'payments-local-dedup-enrichment',
    action: 's3:PutObject',
    resource: '/parked/',
  },
  {
    stack: 'dedup',
    policy: ofRole('log-pipe'),
    statement: 'ReadStream',
    caller: 'payments-local-dedup-log-pipe',
    action: 'dynamodb:DescribeStream',
    resource: ':table/payments-local-ingest-authorizations/stream/',
  },
  {
    stack: 'enrich',
    policy: ofRole('subscriber'),
    statement: 'WriteLogs',
    caller: 'payments-local-enrich-subscriber',
    action: 'logs:CreateLogStream',
    resource: ':log-group:/aws/lambda/payments-local-enrich-subscriber:log-stream:local',
  },
  {
    stack: 'enrich',
    policy: ['aws_sqs_queue_policy', 'queue-policy'],
    statement: 'TakeSubscribedEvents',
    caller: 'events.amazonaws.com',
    action: 'sqs:SendMessage',
    resource: ':payments-local-enrich-queue',
  },
  {
    stack: 'platform',
    policy: ['aws_kms_key', 'key'],
    statement: 'Events',
    caller: 'events.amazonaws.com',
    action: 'kms:GenerateDataKey',
    resource: ':key/',
  },
];

const environment = loadEnvironment('local');
const folder = temporaryFolder();
let stacks = '';

beforeAll(() => {
  stacks = synthesize('local', folder.path);
}, 2 * MINUTE_MS);
afterAll(() => folder.remove());

/** Takes a statement out of a policy of a synthesized stack; gives how to put it back. */
function remove({ stack, policy: [type, name], statement }: Removal): () => void {
  const path = stackPath(stack, stacks);
  const text = readFileSync(path, 'utf8');
  const document = JSON.parse(text) as StackDocument;
  const block = document.resource?.[type]?.[name] as { policy: string };
  const policy = JSON.parse(block.policy) as { Statement: { Sid: string }[] };
  const left = policy.Statement.filter(({ Sid }) => Sid !== statement);
  expect(left).toHaveLength(policy.Statement.length - 1);
  block.policy = JSON.stringify({ ...policy, Statement: left });
  writeFileSync(path, JSON.stringify(document));
  return () => writeFileSync(path, text);
}

/** Runs the sample until something is denied; gives the messages of all that was. */
async function deniedMessages(): Promise<readonly string[]> {
  const runtime = new SimulatedRuntime(1, STARTS_AT);
  const messages: string[] = [];
  const cloud = await openCloud({
    dataDirectory: ':memory:',
    bundlesDirectory: join(folder.path, 'bundles'),
    host: 'in-process',
    runtime,
    onWarning: () => undefined,
  });
  hearDenials(cloud, messages);
  try {
    for (const stack of STACK_NAMES) await cloud.deploy(stackPath(stack, stacks));
    const configuration = cloud.sdkConfiguration();
    const lambda = new LambdaClient(configuration);
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(configuration));
    // Without what was taken away, the very first step may fail.
    await seedReferenceData(environment, { lambda, documents }, sampleSeed(SAMPLE)).catch(() => undefined);
    const once = { attempts: 1, sleep: () => Promise.resolve() };
    await ingestInput(environment, lambda, linesOfFile(LINES), () => undefined, once).catch(() => undefined);
    await runtime.run({ done: () => messages.length > 0, until: STARTS_AT + LIMIT_MS });
    return messages;
  } finally {
    await cloud.close();
  }
}

/** Hears each call that is denied, whoever asks for it. */
function hearDenials(cloud: LocalCloud, messages: string[]): void {
  const { authorizer } = cloud.services.iam;
  const authorize = authorizer.authorize.bind(authorizer);
  authorizer.authorize = (...call) => {
    try {
      authorize(...call);
    } catch (error) {
      if (error instanceof AwsError) messages.push(error.message);
      throw error;
    }
  };
}

describe('a pipeline of which one grant was taken away', () => {
  it('is denied nothing while all are there', async () => {
    expect(await deniedMessages()).toEqual([]);
  });

  it.each(REMOVALS)(
    'denies $action to $caller without $statement, and says action, resource and who',
    async (removal) => {
      const putBack = remove(removal);
      try {
        const [message = ''] = await deniedMessages();
        const { caller, action, resource } = removal;
        const isRole = !caller.endsWith('.amazonaws.com');
        const user = isRole ? `arn:aws:sts::000000000000:assumed-role/${caller}/local` : caller;
        expect(message).toMatch(
          new RegExp(
            `^User: ${user}( \\(on behalf of \\S+\\))? is not authorized to perform: ${action} on resource: arn:aws:\\S*${resource}\\S* ` +
              `because no ${isRole ? 'identity' : 'resource'}-based policy allows the ${action} action$`,
          ),
        );
      } finally {
        putBack();
      }
    },
    2 * MINUTE_MS,
  );
});
