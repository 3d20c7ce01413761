import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openEvent } from '../../../libs/stage-kit/src/open-event.ts';
import { RunningCloud } from './running-cloud.fixture.ts';

const TIMEOUT_MS = 30_000;
const TRANSACTION = '5a7b7509-1111-4111-8111-111111111111';
/** A published test number, which passes Luhn: it must be seen nowhere. */
const TEST_NUMBER = '4111111111111111';
const BUCKET = 'payments-local-platform-quarantine-000000000000';
const KEY = `quarantine/posting/${TRANSACTION}.json`;

const EVENT = {
  'detail-type': 'PostingEntryCreated',
  source: 'payments.account-interface',
  time: '2026-11-22T12:00:00Z',
  detail: {
    metadata: { eventId: '0b7b7509-2222-4222-8222-222222222222' },
    records: [{ transactionId: TRANSACTION, card: TEST_NUMBER }],
  },
};

describe('payments dlq', () => {
  let running: RunningCloud;
  let sqs: SQSClient;
  let s3: S3Client;

  beforeAll(async () => {
    running = await RunningCloud.start({ posting: ['PostingEntryCreated'] });
    sqs = new SQSClient(running.cloud.sdkConfiguration());
    s3 = new S3Client(running.cloud.sdkConfiguration());
  }, TIMEOUT_MS);

  afterAll(() => running.close());

  beforeEach(async () => {
    for (const queue of ['queue', 'dead-letters', 'undelivered']) await take(queue);
  });

  const urlOf = async (queue: string): Promise<string | undefined> =>
    (await sqs.send(new GetQueueUrlCommand({ QueueName: `payments-local-posting-${queue}` }))).QueueUrl;

  async function send(queue: string, body: unknown, attributes: Record<string, string> = {}): Promise<void> {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    const QueueUrl = await urlOf(queue);
    await sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body), MessageAttributes }),
    );
  }

  /** Takes all that lies in a queue and can be seen. */
  async function take(queue: string): Promise<unknown[]> {
    const QueueUrl = await urlOf(queue);
    const bodies: unknown[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return bodies;
      for (const { Body = '', ReceiptHandle } of Messages) {
        bodies.push(JSON.parse(Body));
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  const setAside = (key: string, quarantined: object) =>
    s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: JSON.stringify(quarantined) }));

  const keysSetAside = async (): Promise<(string | undefined)[]> => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    return Contents.map(({ Key }) => Key);
  };

  it('says when nothing lies anywhere', async () => {
    expect(await running.payments('dlq', 'list')).toEqual({
      status: 0,
      out: 'Nothing lies in 2 dead-letter queues and the quarantine.',
      err: '',
    });
  });

  it('lists, shows with ids and reasons, and leaves where it is what a function or the bus gave up', async () => {
    await send('dead-letters', EVENT);
    await send('undelivered', EVENT, {
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: `not allowed for ${TEST_NUMBER}`,
      RETRY_ATTEMPTS: '3',
    });
    const list = await running.payments('dlq', 'list', '--json');
    expect(list.status).toBe(1);
    expect(JSON.parse(list.out)).toMatchObject({
      messages: 2,
      queues: [
        { queue: 'posting-dead-letters', stage: 'posting', kind: 'failed', messages: 1 },
        { queue: 'posting-undelivered', stage: 'posting', kind: 'undelivered', messages: 1 },
      ],
    });
    for (const _ of ['once', 'and once more: it is still there']) {
      const { out } = await running.payments('dlq', 'show', 'posting-undelivered', '--json');
      const { letters } = JSON.parse(out) as { letters: { reason: string }[] };
      expect(letters).toMatchObject([
        {
          event: 'PostingEntryCreated',
          eventId: EVENT.detail.metadata.eventId,
          transactionIds: [TRANSACTION],
        },
      ]);
      expect(letters[0]?.reason).toMatch(/^NO_PERMISSIONS: not allowed for .*: after 3 retries$/);
      expect(out).not.toContain(TEST_NUMBER);
    }
    const failed = await running.payments('dlq', 'show', 'payments-local-posting-dead-letters');
    expect(failed.out).toContain(`transactions ${TRANSACTION}`);
    expect(failed.out).toContain("failed in posting until its queue gave up: its function's log says why");
    expect(failed.out).not.toContain(TEST_NUMBER);
  });

  it('sends back all by a task of SQS, and some one after another', async () => {
    for (let index = 0; index < 3; index += 1) await send('dead-letters', { ...EVENT, index });
    const one = await running.payments('dlq', 'redrive', 'posting-dead-letters', '--max', '1');
    expect(one).toMatchObject({ status: 0, out: 'Moved 1 from posting-dead-letters to posting-queue.' });
    expect(await take('queue')).toHaveLength(1);
    const others = await running.payments('dlq', 'redrive', 'posting-dead-letters', '--json');
    expect(JSON.parse(others.out)).toMatchObject({ moved: 2, to: 'posting-queue', refused: [] });
    const bodies = await take('queue');
    expect(bodies).toHaveLength(2);
    expect(bodies).toContainEqual({ ...EVENT, index: 2 });
    expect(await running.payments('dlq', 'redrive', 'posting-dead-letters')).toMatchObject({
      out: 'Moved 0 from posting-dead-letters to posting-queue.',
    });
  });

  it('sends what the bus could not deliver to the queue of the stage, or to another', async () => {
    await send('undelivered', EVENT);
    await running.payments('dlq', 'redrive', 'posting-undelivered');
    expect(await take('queue')).toEqual([EVENT]);
    await send('undelivered', EVENT);
    await running.payments('dlq', 'redrive', 'posting-undelivered', '--to', 'posting-dead-letters');
    expect(await take('dead-letters')).toEqual([EVENT]);
  });

  it('drops with a reason, saying what and why, and asks for --yes where nobody can be asked', async () => {
    await send('dead-letters', EVENT);
    const args = ['dlq', 'drop', 'posting-dead-letters'];
    expect((await running.payments(...args)).err).toContain('Say why with --reason');
    const why = ['--reason', 'a test of ours, INC-42'];
    const unasked = await running.payments(...args, ...why);
    expect(unasked).toMatchObject({ status: 2 });
    expect(unasked.err).toContain('say --yes');
    const dropped = await running.payments(...args, ...why, '--yes');
    expect(dropped).toMatchObject({ status: 0, err: 'Dropped 1 of posting-dead-letters.' });
    expect(JSON.parse(dropped.out)).toMatchObject({
      dropped: { event: 'PostingEntryCreated', transactionIds: [TRANSACTION] },
      from: 'posting-dead-letters',
      why: 'a test of ours, INC-42',
    });
    expect(dropped.out).not.toContain(TEST_NUMBER);
    expect((await running.payments('dlq', 'list')).status).toBe(0);
  });

  it('lists what a stage set aside by reason, sends a record again as an event, and drops the rest', async () => {
    const record = { transactionId: TRANSACTION, scheme: 'VISA', note: 'as it came' };
    const quarantined = { stage: 'posting', event: 'PostingEntryCreated', reason: 'OUTPUT_INVALID' };
    await setAside(KEY, { ...quarantined, explanation: `bad: ${TEST_NUMBER}`, content: record });
    const broken = 'quarantine/posting/broken.json';
    await setAside(broken, { ...quarantined, event: 'unknown', reason: 'EVENT_NOT_JSON', content: 'x' });
    const { out } = await running.payments('dlq', 'list');
    expect(out).toMatch(/^quarantine\/posting +1 {2}set aside: OUTPUT_INVALID$/m);
    expect(out).toMatch(/^quarantine\/posting +1 {2}set aside: EVENT_NOT_JSON$/m);
    const shown = await running.payments('dlq', 'show', 'quarantine/posting');
    expect(shown.out).toContain(`PostingEntryCreated, transaction ${TRANSACTION}`);
    expect(shown.out).not.toContain(TEST_NUMBER);
    expect(shown.out).not.toContain('as it came');

    const masked = 'quarantine/posting/masked.json';
    await setAside(masked, { ...quarantined, content: { ...record, note: '*'.repeat(16) } });
    const sent = await running.payments('dlq', 'redrive', 'quarantine/posting');
    expect(sent.err).toContain(`${masked}: something in it looked like a card number`);
    expect(sent).toMatchObject({ status: 1, out: 'Moved 1 from quarantine/posting to posting-queue.' });
    expect(sent.err).toContain(`${broken} is no record`);
    const [event] = await take('queue');
    // The stage takes the envelope; the record is still judged on its own, and by its contract.
    const { incoming, refused } = openEvent(JSON.stringify(event), ['PostingEntryCreated']);
    expect(incoming).toEqual([]);
    expect(refused).toMatchObject([{ reason: 'RECORD_INVALID', content: record }]);

    const dropped = await running.payments(
      'dlq',
      'drop',
      'quarantine/posting',
      '--reason',
      'no event at all',
      '--yes',
    );
    const lines = dropped.out.split('\n').map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { dropped: { key: broken, reason: 'EVENT_NOT_JSON' } },
      { dropped: { key: masked } },
    ]);
    expect(await keysSetAside()).toEqual([]);
  });

  it('shows what EventBridge itself put into a dead-letter queue', async () => {
    await running.deploy('neighbour', {
      '//': { metadata: { stackName: 'neighbour' } },
      provider: { aws: [{ region: 'eu-west-2' }] },
      resource: {
        aws_cloudwatch_event_rule: {
          rule: {
            name: 'to-nowhere',
            event_bus_name: 'payments-local-platform-bus',
            event_pattern: '{"detail-type":["Nowhere"]}',
          },
        },
        aws_cloudwatch_event_target: {
          target: {
            rule: 'to-nowhere',
            event_bus_name: 'payments-local-platform-bus',
            target_id: 'nowhere',
            arn: 'arn:aws:sqs:eu-west-2:000000000000:nowhere',
            dead_letter_config: {
              arn: 'arn:aws:sqs:eu-west-2:000000000000:payments-local-posting-undelivered',
            },
            depends_on: ['aws_cloudwatch_event_rule.rule'],
          },
        },
        aws_sqs_queue_policy: {
          undelivered: {
            queue_url: await urlOf('undelivered'),
            policy: JSON.stringify({
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { Service: 'events.amazonaws.com' },
                  Action: 'sqs:SendMessage',
                  Resource: 'arn:aws:sqs:eu-west-2:000000000000:payments-local-posting-undelivered',
                },
              ],
            }),
          },
        },
      },
    });
    const Entries = [
      {
        EventBusName: 'payments-local-platform-bus',
        Source: 'payments.test',
        DetailType: 'Nowhere',
        Detail: '{}',
      },
    ];
    await new EventBridgeClient(running.cloud.sdkConfiguration()).send(new PutEventsCommand({ Entries }));
    const { out } = await running.payments('dlq', 'show', 'posting-undelivered');
    expect(out).toMatch(/^ {2}NO_PERMISSIONS: .*to-nowhere.*: after 0 retries$/m);
  });

  it.each([
    [['show', 'posting-dead-leters'], 1, 'Did you mean posting-dead-letters?'],
    [['show', 'quarantine/posing'], 2, 'there is no such stage'],
    [['show'], 2, 'Name one queue'],
    [['show', 'posting-dead-letters', '--max', '0'], 2, '--max takes a number'],
    [['redrive', 'posting-dead-letters', '--to', 'enrich-queue'], 1, 'There is no queue enrich-queue'],
    [['redrive', 'quarantine/rules'], 1, 'payments replay --to rules'],
  ])('says what is wrong with %j', async (args, expected, says) => {
    const { status, err } = await running.payments('dlq', ...args);
    expect(err).toContain(says);
    expect(status).toBe(expected);
  });
});
