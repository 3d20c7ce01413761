import { beforeEach, describe, expect, it } from '@jest/globals';
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { Principal } from '../../core/service.ts';
import { type SimulatedContext, simulatedContext } from '../sqs/simulated-context.ts';
import { SqsService } from '../sqs/sqs-service.ts';
import { retryDelayMs } from './notification-deliveries.ts';
import { SnsService } from './sns-service.ts';

const TOPIC = 'arn:aws:sns:eu-west-2:000000000000:alerts';
const MINUTE_MS = 60_000;
const queueArn = (name: string): string => `arn:aws:sqs:eu-west-2:000000000000:${name}`;

describe('SNS', () => {
  let context: SimulatedContext;
  let sns: SnsService;
  let sqs: SqsService;
  let invoked: { input: JsonObject; caller: Principal }[];
  let lambdaError: AwsError | undefined;

  beforeEach(async () => {
    context = simulatedContext();
    invoked = [];
    lambdaError = undefined;
    sqs = new SqsService(context);
    sns = new SnsService(context);
    context.add(sqs);
    context.add(sns);
    context.add({
      name: 'lambda',
      resourceTypes: [],
      resume: () => undefined,
      outstanding: () => 0,
      call(_operation, input, caller) {
        invoked.push({ input, caller });
        if (lambdaError !== undefined) throw lambdaError;
        return { StatusCode: 202 };
      },
    });
    for (const name of ['main', 'dead']) {
      await sqs.call('CreateQueue', { QueueName: name }, { kind: 'owner' });
    }
    await resource('aws_sns_topic').create({ name: 'alerts' });
  });

  function resource(type: string): SnsService['resourceTypes'][number] {
    const found = sns.resourceTypes.find((candidate) => candidate.type === type);
    if (found === undefined) throw new Error(`there is no ${type}`);
    return found;
  }

  async function subscribe(args: JsonObject): Promise<JsonObject> {
    return resource('aws_sns_topic_subscription').create({ topic_arn: TOPIC, ...args });
  }

  function received(name: string): string[] {
    return sqs.queues.receive(queueArn(name), 10).map((message) => message.body);
  }

  const publish = (input: JsonObject): JsonObject => sns.call('Publish', { TopicArn: TOPIC, ...input });

  it('delivers to a queue in an envelope, and keeps what was published', async () => {
    await subscribe({ protocol: 'sqs', endpoint: queueArn('main') });
    const { MessageId } = publish({
      Message: 'hello',
      Subject: 's',
      MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } },
    });
    expect(sns.outstanding()).toBe(1);
    await context.advance(MINUTE_MS);
    expect(sns.outstanding()).toBe(0);
    const [body = ''] = received('main');
    expect(JSON.parse(body)).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn: TOPIC,
      Subject: 's',
      Message: 'hello',
      Timestamp: '2026-11-22T00:00:00.000Z',
      MessageAttributes: { n: { Type: 'Number', Value: '1' } },
    });
    expect(sns.published(TOPIC).map((message) => message.message)).toEqual(['hello']);
  });

  it('delivers raw where it is asked to', async () => {
    await subscribe({ protocol: 'sqs', endpoint: queueArn('main'), raw_message_delivery: true });
    publish({ Message: '{"a":1}' });
    await context.advance(MINUTE_MS);
    expect(received('main')).toEqual(['{"a":1}']);
  });

  it('filters by attributes or by the body', async () => {
    await subscribe({
      protocol: 'sqs',
      endpoint: queueArn('main'),
      raw_message_delivery: true,
      filter_policy: '{"kind":["a"],"n":[{"numeric":[">",0]}]}',
    });
    await subscribe({
      protocol: 'sqs',
      endpoint: queueArn('dead'),
      raw_message_delivery: true,
      filter_policy: '{"kind":["b"]}',
      filter_policy_scope: 'MessageBody',
    });
    const attributes = (kind: string, n: string): JsonObject => ({
      kind: { DataType: 'String', StringValue: kind },
      n: { DataType: 'Number', StringValue: n },
    });
    publish({ Message: '1', MessageAttributes: attributes('a', '2') });
    publish({ Message: '2', MessageAttributes: attributes('a', '0') });
    publish({ Message: '3', MessageAttributes: attributes('b', '2') });
    publish({ Message: '{"kind":"b"}' });
    await context.advance(MINUTE_MS);
    expect(received('main')).toEqual(['1']);
    expect(received('dead')).toEqual(['{"kind":"b"}']);
  });

  it('invokes a function with the record of the notification, on behalf of the topic', async () => {
    await subscribe({ protocol: 'lambda', endpoint: 'arn:aws:lambda:eu-west-2:0:function:f' });
    publish({ Message: 'm' });
    await context.advance(MINUTE_MS);
    expect(invoked).toHaveLength(1);
    const { input, caller } = invoked[0] ?? {};
    expect(caller).toEqual({ kind: 'service', service: 'sns.amazonaws.com', sourceArn: TOPIC });
    expect(input).toMatchObject({
      InvocationType: 'Event',
      FunctionName: 'arn:aws:lambda:eu-west-2:0:function:f',
    });
    const event = JSON.parse(String(input?.['Payload']));
    expect(event.Records[0]).toMatchObject({ EventSource: 'aws:sns', Sns: { Message: 'm', Subject: null } });
  });

  it('tries again after an error of the service, and gives a fault of the subscriber to its dead-letter queue', async () => {
    const redrive = JSON.stringify({ deadLetterTargetArn: queueArn('dead') });
    await subscribe({ protocol: 'lambda', endpoint: 'f', redrive_policy: redrive });
    lambdaError = new AwsError('ServiceException', 'x', { status: 500 });
    publish({ Message: 'm' });
    await context.advance(100);
    expect(invoked).toHaveLength(4);
    await context.advance(2000);
    expect(invoked).toHaveLength(6);
    lambdaError = new AwsError('ResourceNotFoundException', 'gone', { status: 404 });
    await context.advance(MINUTE_MS);
    expect(invoked).toHaveLength(7);
    expect(sns.outstanding()).toBe(0);
    const [body = ''] = received('dead');
    expect(JSON.parse(body)).toMatchObject({ Type: 'Notification', Message: 'm' });
  });

  it('says so when it drops a message', async () => {
    await subscribe({ protocol: 'sqs', endpoint: queueArn('nowhere') });
    publish({ Message: 'm' });
    await context.advance(MINUTE_MS);
    expect(context.warnings).toEqual([expect.stringContaining('was dropped')]);
  });

  it('goes on after a restart', async () => {
    await subscribe({ protocol: 'sqs', endpoint: queueArn('main'), raw_message_delivery: true });
    publish({ Message: 'm' });
    const again = simulatedContext({ store: context.store });
    const [sqsAgain, snsAgain] = [new SqsService(again), new SnsService(again)];
    again.add(sqsAgain);
    snsAgain.resume();
    expect(snsAgain.outstanding()).toBe(1);
    await again.advance(MINUTE_MS);
    expect(sqsAgain.queues.receive(queueArn('main'), 10).map((message) => message.body)).toEqual(['m']);
  });

  it('publishes batches, entry by entry', () => {
    const entries = [
      { Id: '1', Message: 'a' },
      { Id: '2', Message: 'x'.repeat(300_000) },
    ];
    expect(sns.call('PublishBatch', { TopicArn: TOPIC, PublishBatchRequestEntries: entries })).toMatchObject({
      Successful: [{ Id: '1' }],
      Failed: [{ Id: '2', Code: 'InvalidParameter', SenderFault: true }],
    });
    expect(() => publish({ TopicArn: `${TOPIC}x`, Message: 'm' })).toThrow('Topic does not exist');
  });

  it('refuses protocols that it cannot serve', async () => {
    await expect(subscribe({ protocol: 'https', endpoint: 'https://x' })).rejects.toThrow('https');
  });

  it('backs off as documented', () => {
    expect([1, 3, 4, 5, 15, 16, 100_015].map(retryDelayMs)).toEqual([
      0, 0, 1000, 1000, 20_000, 20_000, 20_000,
    ]);
    expect(retryDelayMs(100_016)).toBeUndefined();
  });
});
