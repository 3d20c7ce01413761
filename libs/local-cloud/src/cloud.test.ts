import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalCloud, openCloud } from './cloud.ts';
import { SimulatedRuntime } from './core/simulated-runtime.ts';
import { writeRelayStack } from './terraform/relay-stack.ts';
import { StackRefusedError } from './terraform/stack.ts';

const START = Date.UTC(2026, 10, 22);
const HOUR_MS = 3_600_000;
const QUEUE = 'arn:aws:sqs:eu-west-2:000000000000:';

describe('the local cloud, simulated', () => {
  let directory: string;
  let runtime: SimulatedRuntime;
  let warnings: string[];
  let cloud: LocalCloud;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'cloud-test-'));
    warnings = [];
    cloud = await open(1);
  });

  afterEach(async () => {
    await cloud.close();
    rmSync(directory, { recursive: true });
  });

  async function open(seed: number): Promise<LocalCloud> {
    runtime = new SimulatedRuntime(seed, START);
    return openCloud({
      dataDirectory: ':memory:',
      runtime,
      host: 'in-process',
      onWarning: (message) => warnings.push(message),
      onDefect: (error) => {
        throw error;
      },
    });
  }

  /** Client calls and functions take turns of the event loop, so the virtual clock is run while they wait. */
  async function settle(): Promise<void> {
    await runtime.run({ done: () => cloud.atRest(), until: runtime.now() + HOUR_MS });
  }

  async function put(...texts: string[]): Promise<void> {
    const client = new EventBridgeClient(cloud.sdkConfiguration());
    const Entries = texts.map((text) => ({
      EventBusName: 'relay',
      Source: 'relay.test',
      DetailType: 'Tested',
      Detail: JSON.stringify({ text }),
    }));
    expect(await client.send(new PutEventsCommand({ Entries }))).toMatchObject({ FailedEntryCount: 0 });
  }

  async function relayed(): Promise<unknown[]> {
    const client = new DynamoDBClient(cloud.sdkConfiguration());
    const { Items = [] } = await client.send(new ScanCommand({ TableName: 'relayed' }));
    return Items.map((item) => item['text']?.S).sort();
  }

  it('runs a stack: from the bus through rule, queue and function into the table', async () => {
    const deployment = await cloud.deploy(writeRelayStack(directory));
    expect(deployment.outputs).toEqual({ bus: 'arn:aws:events:eu-west-2:000000000000:event-bus/relay' });
    expect(cloud.atRest()).toBe(true);
    await put('a', 'b', 'c');
    expect(cloud.atRest()).toBe(false);
    await settle();
    expect(cloud.atRest()).toBe(true);
    expect(await relayed()).toEqual(['a', 'b', 'c']);
    expect(warnings).toEqual([]);
    const bill = cloud.billed();
    expect(bill['lambda:requests']).toBeGreaterThanOrEqual(1);
    expect(bill['events:put-events-64kb-chunks']).toBe(3);
    const { grants, denials } = cloud.grants();
    const unused = grants.filter(({ used }) => used === 0).map(({ holder, action }) => [holder, action]);
    const [alerts, undelivered] = [
      'sns:eu-west-2:000000000000:alerts',
      `sqs:eu-west-2:000000000000:undelivered`,
    ];
    expect(unused).toEqual([
      [`arn:aws:${alerts}`, 'SNS:Publish'],
      [`arn:aws:${alerts}`, 'SNS:GetTopicAttributes'],
      [`arn:aws:${alerts}`, 'SNS:ListSubscriptionsByTopic'],
      [`arn:aws:${undelivered}`, 'sqs:SendMessage'],
    ]);
    expect(denials).toEqual([]);
  });

  it('takes metrics from what functions log and from what services know', async () => {
    await cloud.deploy(writeRelayStack(directory));
    await put('a', 'b');
    await settle();
    const { metrics } = cloud.services.monitoring;
    const sum = (namespace: string, name: string, dimensions: Record<string, string>) =>
      metrics.statistic({ namespace, name, dimensions }, 'Sum', START, START + HOUR_MS);
    expect(sum('Relay', 'Relayed', {})).toBe(2);
    expect(sum('AWS/Lambda', 'Errors', { FunctionName: 'relay' })).toBe(0);
    expect(sum('AWS/Lambda', 'Invocations', { FunctionName: 'relay' })).toBeGreaterThanOrEqual(1);
  });

  it('gives what a role may not do to the dead-letter queue, and the alarm says so', async () => {
    await cloud.deploy(writeRelayStack(directory, { tableIsClosed: true }));
    await put('a');
    await settle();
    expect(await relayed()).toEqual([]);
    expect(cloud.services.sqs.queues.depth(`${QUEUE}dead`).visible).toBe(1);
    await runtime.run({ until: runtime.now() + 120_000 });
    expect(cloud.services.sns.published().map((message) => message.subject)).toEqual([
      'ALARM: "dead-letters" in eu-west-2',
    ]);
  });

  it("gives what a rule may not deliver to the rule's dead-letter queue, and is at rest then", async () => {
    await cloud.deploy(writeRelayStack(directory, { queueIsClosed: true }));
    await put('a');
    await settle();
    expect(cloud.outstanding()).toEqual({});
    const [message] = cloud.services.sqs.queues.receive(`${QUEUE}undelivered`, 1);
    expect(message?.messageAttributes).toMatchObject({ ERROR_CODE: { stringValue: 'NO_PERMISSIONS' } });
  });

  it('refuses a role that its service may not assume', async () => {
    const stack = writeRelayStack(directory, { roleIsForeign: true });
    await expect(cloud.deploy(stack)).rejects.toThrow('lambda.amazonaws.com cannot assume the role');
  });

  it('changes permissions with the stack, at once', async () => {
    await cloud.deploy(writeRelayStack(directory, { queueIsClosed: true }));
    await put('a');
    await settle();
    await cloud.deploy(writeRelayStack(directory));
    await put('b');
    await settle();
    expect(await relayed()).toEqual(['b']);
    await cloud.destroy('relay');
    expect(cloud.stacks()).toEqual([]);
  });

  it('names what it does not run', async () => {
    const stack = join(directory, 'cdk.tf.json');
    const resource = { aws_sqs_queue: { q: { name: 'q', colour: 'red' } }, aws_eip: { ip: {} } };
    writeFileSync(stack, JSON.stringify({ resource }));
    await expect(cloud.deploy(stack)).rejects.toThrow(StackRefusedError);
    await expect(cloud.deploy(stack)).rejects.toThrow(/aws_sqs_queue\.q, colour[\s\S]*aws_eip\.ip/);
  });

  it('takes the same course for the same seed', async () => {
    const course = async (seed: number): Promise<string> => {
      await cloud.close();
      cloud = await open(seed);
      await cloud.deploy(writeRelayStack(directory));
      await put('a', 'b', 'c');
      await settle();
      const client = new DynamoDBClient(cloud.sdkConfiguration());
      const { Items = [] } = await client.send(new ScanCommand({ TableName: 'relayed' }));
      return JSON.stringify([Items, cloud.billed(), runtime.now(), runtime.uuid()]);
    };
    const first = await course(7);
    expect(await course(7)).toBe(first);
    expect(await course(8)).not.toBe(first);
  });
});

describe('the local cloud, serving', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'cloud-test-'));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  const open = (): Promise<LocalCloud> =>
    openCloud({ dataDirectory: join(directory, 'data'), host: 'workers', workers: 1 });

  it('keeps its state over a restart, and goes on with what was not done', async () => {
    const stack = writeRelayStack(directory);
    const first = await open();
    await first.deploy(stack);
    const owner = { kind: 'owner' } as const;
    const body = JSON.stringify({ id: '1', detail: { text: 'kept' } });
    await first.call('sqs', 'SendMessage', { QueueUrl: 'https://sqs/0/main', MessageBody: body }, owner);
    // Closed before the mapping has had its turn: the message is in the store and nowhere else.
    await first.close();
    const second = await open();
    try {
      expect(second.plan(stack).filter((step) => step.action !== 'none')).toEqual([]);
      await second.whenAtRest();
      const client = new DynamoDBClient(second.sdkConfiguration());
      const { Items } = await client.send(new ScanCommand({ TableName: 'relayed' }));
      expect(Items).toEqual([{ id: { S: '1' }, text: { S: 'kept' } }]);
    } finally {
      await second.close();
    }
  });

  it('serves the owner and roles over HTTP, each with their own permissions', async () => {
    const cloud = await open();
    try {
      await cloud.deploy(writeRelayStack(directory));
      const endpoint = await cloud.listen();
      const role = cloud.accessKeyFor('arn:aws:iam::000000000000:role/relay');
      const asRole = { endpoint, region: 'eu-west-2', credentials: role, maxAttempts: 1 };
      const dynamodb = new DynamoDBClient(asRole);
      await dynamodb.send(new PutItemCommand({ TableName: 'relayed', Item: { id: { S: 'x' } } }));
      await expect(dynamodb.send(new ScanCommand({ TableName: 'relayed' }))).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining('not authorized to perform: dynamodb:Scan'),
      });
      const sqs = new SQSClient({ ...asRole, credentials: { accessKeyId: 'local', secretAccessKey: 'x' } });
      const QueueUrl = `${endpoint}/000000000000/undelivered`;
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
      expect(cloud.services.sqs.queues.depth(`${QUEUE}undelivered`).visible).toBe(1);
      dynamodb.destroy();
      sqs.destroy();
    } finally {
      await cloud.close();
    }
  });
});
