import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { objects } from './members.ts';
import { simulatedContext } from './simulated-context.ts';
import { SqsService } from './sqs-service.ts';

const OWNER = { kind: 'owner' } as const;

function setUp(options: Parameters<typeof simulatedContext>[0] = {}) {
  const context = simulatedContext(options);
  const sqs = new SqsService(context);
  const call = (operation: string, input: JsonObject) => sqs.call(operation, input, OWNER);
  const create = async (name: string, attributes: JsonObject = {}): Promise<string> =>
    String((await call('CreateQueue', { QueueName: name, Attributes: attributes }))['QueueUrl']);
  const receive = async (url: string, input: JsonObject = {}): Promise<readonly JsonObject[]> =>
    objects(
      (
        await call('ReceiveMessage', {
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          AttributeNames: ['All'],
          ...input,
        })
      )['Messages'],
    );
  return { context, sqs, call, create, receive };
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}

describe('SqsService', () => {
  it('hides a received message for the visibility timeout and counts the receives', async () => {
    const { context, call, create, receive } = setUp();
    const url = await create('orders', { VisibilityTimeout: '30' });
    await call('SendMessage', { QueueUrl: url, MessageBody: 'one' });
    expect(await receive(url)).toHaveLength(1);
    expect(await receive(url)).toHaveLength(0);
    await context.advance(29_999);
    expect(await receive(url)).toHaveLength(0);
    await context.advance(1);
    expect(await receive(url)).toMatchObject([
      {
        Body: 'one',
        Attributes: { ApproximateReceiveCount: '2', SentTimestamp: String(Date.UTC(2026, 10, 22)) },
      },
    ]);
  });

  it('deletes by the newest receipt handle only, and refuses one that is none', async () => {
    const { context, sqs, call, create, receive } = setUp();
    const url = await create('orders');
    await call('SendMessage', { QueueUrl: url, MessageBody: 'one' });
    const [first] = await receive(url);
    await context.advance(30_000);
    const [second] = await receive(url);
    await call('DeleteMessage', { QueueUrl: url, ReceiptHandle: first?.['ReceiptHandle'] ?? '' });
    expect(sqs.outstanding()).toBe(1);
    await call('DeleteMessage', { QueueUrl: url, ReceiptHandle: second?.['ReceiptHandle'] ?? '' });
    expect(sqs.outstanding()).toBe(0);
    expect(await codeOf(call('DeleteMessage', { QueueUrl: url, ReceiptHandle: 'nonsense' }))).toBe(
      'ReceiptHandleIsInvalid',
    );
    expect(await codeOf(call('GetQueueUrl', { QueueName: 'absent' }))).toBe('QueueDoesNotExist');
  });

  it('changes the visibility of a message, whose receipt handle stays good', async () => {
    const { context, sqs, call, create, receive } = setUp();
    const url = await create('orders');
    await call('SendMessage', { QueueUrl: url, MessageBody: 'one' });
    const [message] = await receive(url);
    const handle = message?.['ReceiptHandle'] ?? '';
    await call('ChangeMessageVisibility', { QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: 100 });
    await context.advance(60_000);
    expect(await receive(url)).toHaveLength(0);
    await call('DeleteMessage', { QueueUrl: url, ReceiptHandle: handle });
    expect(sqs.outstanding()).toBe(0);
  });

  it('moves a message to the dead-letter queue when it would be received once more than allowed', async () => {
    const { context, sqs, call, create, receive } = setUp();
    const dead = await create('orders-dlq');
    const url = await create('orders', {
      VisibilityTimeout: '10',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:eu-west-2:000000000000:orders-dlq',
        maxReceiveCount: 2,
      }),
    });
    const sent = await call('SendMessage', { QueueUrl: url, MessageBody: 'poison' });
    for (let receives = 1; receives <= 2; receives += 1) {
      expect(await receive(url)).toHaveLength(1);
      await context.advance(10_000);
    }
    expect(await receive(url)).toHaveLength(0);
    expect(sqs.outstanding()).toBe(0);
    expect(await receive(dead)).toMatchObject([
      {
        MessageId: sent['MessageId'],
        Body: 'poison',
        Attributes: {
          SentTimestamp: String(Date.UTC(2026, 10, 22)),
          DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-west-2:000000000000:orders',
        },
      },
    ]);
  });

  it('redrives a dead-letter queue back to the source', async () => {
    const { context, sqs, call, create, receive } = setUp();
    await create('orders-dlq');
    const deadArn = 'arn:aws:sqs:eu-west-2:000000000000:orders-dlq';
    const url = await create('orders', {
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 1 }),
    });
    for (const body of ['a', 'b', 'c']) await call('SendMessage', { QueueUrl: url, MessageBody: body });
    await receive(url);
    await receive(url);
    expect(sqs.outstanding()).toBe(0);
    await call('StartMessageMoveTask', { SourceArn: deadArn, MaxNumberOfMessagesPerSecond: 2 });
    await context.advance(5_000);
    expect((await call('ListMessageMoveTasks', { SourceArn: deadArn }))['Results']).toMatchObject([
      { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 3 },
    ]);
    expect((await receive(url)).map((message) => message['Body'])).toEqual(['a', 'b', 'c']);
  });

  it('waits for a message in a long poll, and for a hidden one', async () => {
    const { context, call, create, receive } = setUp();
    const url = await create('orders');
    const empty = receive(url, { WaitTimeSeconds: 5 });
    await context.advance(5_000);
    expect(await empty).toHaveLength(0);
    const waiting = receive(url, { WaitTimeSeconds: 20 });
    await call('SendMessage', { QueueUrl: url, MessageBody: 'late', DelaySeconds: 3 });
    await context.advance(3_000);
    expect(await waiting).toMatchObject([{ Body: 'late' }]);
    expect(context.runtime.pendingTasks).toBe(0);
  });

  it('answers the MD5 of body and attributes, and the attributes that were asked for', async () => {
    const { call, create, receive } = setUp();
    const url = await create('orders');
    const MessageAttributes = {
      Author: { DataType: 'String', StringValue: 'John Grisham' },
      Title: { DataType: 'String', StringValue: 'The Whistler' },
      WeeksOn: { DataType: 'Number', StringValue: '6' },
    };
    expect(
      await call('SendMessage', { QueueUrl: url, MessageBody: 'Hello', MessageAttributes }),
    ).toMatchObject({
      MD5OfMessageBody: '8b1a9953c4611296a827abf8c47804d7',
      // The digest that AWS answered to these attributes.
      MD5OfMessageAttributes: 'd25a6aea97eb8f585bfa92d314504a92',
    });
    const [message] = await receive(url, { MessageAttributeNames: ['Tit.*'] });
    expect(message?.['MessageAttributes']).toEqual({ Title: MessageAttributes.Title });
  });

  it('answers a batch entry by entry, and refuses one that is too long as a whole', async () => {
    const { call, create, receive } = setUp();
    const url = await create('orders');
    expect(
      await call('SendMessageBatch', {
        QueueUrl: url,
        Entries: [
          { Id: 'good', MessageBody: 'x' },
          { Id: 'bad', MessageBody: 'bell \u0007' },
        ],
      }),
    ).toMatchObject({
      Successful: [{ Id: 'good' }],
      Failed: [{ Id: 'bad', SenderFault: true, Code: 'InvalidMessageContents' }],
    });
    expect(await receive(url)).toHaveLength(1);
    const half = 'x'.repeat(600_000);
    const Entries = [
      { Id: '1', MessageBody: half },
      { Id: '2', MessageBody: half },
    ];
    expect(await codeOf(call('SendMessageBatch', { QueueUrl: url, Entries }))).toBe('BatchRequestTooLong');
    expect(await codeOf(call('SendMessageBatch', { QueueUrl: url, Entries: [] }))).toBe('EmptyBatchRequest');
    expect(await codeOf(call('SendMessage', { QueueUrl: url, MessageBody: half + half }))).toBe(
      'InvalidParameterValue',
    );
  });

  it('drops messages that are older than the retention', async () => {
    const { context, sqs, call, create, receive } = setUp();
    const url = await create('orders', { MessageRetentionPeriod: '60' });
    await call('SendMessage', { QueueUrl: url, MessageBody: 'old' });
    await context.advance(60_000);
    expect(await receive(url)).toHaveLength(0);
    expect(sqs.outstanding()).toBe(0);
  });

  it('counts visible, hidden and delayed messages', async () => {
    const { call, create, receive } = setUp();
    const url = await create('orders');
    await call('SendMessage', { QueueUrl: url, MessageBody: 'a' });
    await receive(url);
    await call('SendMessage', { QueueUrl: url, MessageBody: 'b' });
    await call('SendMessage', { QueueUrl: url, MessageBody: 'c', DelaySeconds: 9 });
    expect(
      (await call('GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] }))['Attributes'],
    ).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      VisibilityTimeout: '30',
    });
  });

  it('hands a message out twice when a fault says so, each copy until it is deleted', async () => {
    const { sqs, call, create } = setUp({ faults: { deliveries: () => 2 } });
    const url = await create('orders');
    await call('SendMessage', { QueueUrl: url, MessageBody: 'a' });
    const arn = 'arn:aws:sqs:eu-west-2:000000000000:orders';
    const ids: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (const message of sqs.queues.receive(arn, 10)) {
        ids.push(message.messageId);
        sqs.queues.delete(arn, [message.receiptHandle]);
      }
    }
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('keeps queues and messages over a restart', async () => {
    const before = setUp();
    const url = await before.create('orders', { VisibilityTimeout: '30' });
    await before.call('SendMessage', { QueueUrl: url, MessageBody: 'hidden' });
    await before.receive(url);
    await before.call('SendMessage', { QueueUrl: url, MessageBody: 'waiting' });
    const after = setUp({ store: before.context.store });
    expect(await after.receive(url)).toMatchObject([{ Body: 'waiting' }]);
    await after.context.advance(30_000);
    expect((await after.receive(url)).map((message) => message['Body'])).toContain('hidden');
  });

  it('refuses a FIFO queue by name', async () => {
    const { create } = setUp();
    expect(await codeOf(create('orders', { FifoQueue: 'true' }))).toBe('InvalidAttributeValue');
    expect(await codeOf(create('orders.fifo'))).toBe('InvalidAttributeValue');
  });

  it('is created, changed and destroyed as a Terraform resource', async () => {
    const { sqs, call } = setUp();
    const type = (name: string) => {
      const found = sqs.resourceTypes.find((candidate) => candidate.type === name);
      if (found === undefined) throw new Error(`no ${name}`);
      return found;
    };
    const queue = type('aws_sqs_queue');
    const args = { name: 'orders', visibility_timeout_seconds: 90 };
    const attributes = await queue.create(args);
    expect(attributes).toMatchObject({
      id: 'http://sqs.eu-west-2.localhost/000000000000/orders',
      arn: 'arn:aws:sqs:eu-west-2:000000000000:orders',
    });
    const policyArgs = { queue_url: attributes['url'] ?? '', policy: '{"Statement":[]}' };
    await type('aws_sqs_queue_policy').create(policyArgs);
    await queue.update({ name: 'orders' }, { arguments: args, attributes });
    expect(sqs.policyOf(String(attributes['arn']))).toBe('{"Statement":[]}');
    expect(sqs.queues.visibilityTimeoutSeconds(String(attributes['arn']))).toBe(30);
    await queue.destroy({ arguments: args, attributes });
    expect(await codeOf(call('GetQueueUrl', { QueueName: 'orders' }))).toBe('QueueDoesNotExist');
  });
});
