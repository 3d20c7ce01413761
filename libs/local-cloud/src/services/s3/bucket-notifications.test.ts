import { beforeEach, describe, expect, it } from '@jest/globals';
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { Faults } from '../../core/faults.ts';
import type { Principal } from '../../core/service.ts';
import { type SimulatedContext, simulatedContext } from '../sqs/simulated-context.ts';
import { SqsService } from '../sqs/sqs-service.ts';
import { S3Service } from './s3-service.ts';

const QUEUE = 'arn:aws:sqs:eu-west-2:000000000000:inbound';
const CONFIGURATION = {
  bucket: 'inbound',
  queue: [{ queue_arn: QUEUE, events: ['s3:ObjectCreated:*'], filter_suffix: '.encrypted' }],
};

describe('bucket notifications', () => {
  let context: SimulatedContext;
  let sqs: SqsService;
  let s3: S3Service;
  let callers: Principal[];
  let denied: boolean;

  beforeEach(() => start());

  async function start(faults: Partial<Faults> = {}): Promise<void> {
    context = simulatedContext({ faults });
    sqs = new SqsService(context);
    await sqs.call('CreateQueue', { QueueName: 'inbound' }, { kind: 'owner' });
    callers = [];
    denied = false;
    s3 = makeS3();
    await resource('aws_s3_bucket').create({ bucket: 'inbound' });
    await resource('aws_s3_bucket_versioning').create({
      bucket: 'inbound',
      versioning_configuration: { status: 'Enabled' },
    });
  }

  function makeS3(): S3Service {
    return new S3Service(context, {
      queues: sqs.queues,
      authorize: (caller, action, arn) => {
        callers.push(caller);
        if (denied || action !== 'sqs:SendMessage' || arn !== QUEUE)
          throw new AwsError('AccessDeniedException', 'no');
      },
    });
  }

  function resource(type: string): S3Service['resourceTypes'][number] {
    const found = s3.resourceTypes.find((candidate) => candidate.type === type);
    if (found === undefined) throw new Error(`there is no ${type}`);
    return found;
  }

  function put(Key: string, text = 'x'): JsonObject {
    return s3.call('PutObject', { Bucket: 'inbound', Key, Body: Buffer.from(text).toString('base64') });
  }

  function messages(): Record<string, unknown>[] {
    return sqs.queues.receive(QUEUE, 10).map(({ body }) => JSON.parse(body));
  }

  it('tests the queue, then tells it of the objects that it asked for', async () => {
    await resource('aws_s3_bucket_notification').create(CONFIGURATION);
    expect(messages()).toMatchObject([{ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'inbound' }]);
    expect(callers).toEqual([
      { kind: 'service', service: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::inbound' },
    ]);
    const { VersionId, ETag } = put('2026/red flower é.encrypted', 'bytes');
    put('notes.txt');
    s3.call('DeleteObject', { Bucket: 'inbound', Key: 'x.encrypted' });
    expect(s3.outstanding()).toBe(1);
    await context.advance(10);
    expect(s3.outstanding()).toBe(0);
    expect(messages()).toMatchObject([
      {
        Records: [
          {
            eventVersion: '2.1',
            eventSource: 'aws:s3',
            eventName: 'ObjectCreated:Put',
            eventTime: '2026-11-22T00:00:00.000Z',
            s3: {
              bucket: { name: 'inbound', arn: 'arn:aws:s3:::inbound' },
              object: {
                key: '2026/red+flower+%C3%A9.encrypted',
                size: 5,
                versionId: VersionId,
                eTag: String(ETag).replaceAll('"', ''),
                sequencer: expect.stringMatching(/^[0-9A-F]{16}$/),
              },
            },
          },
        ],
      },
    ]);
  });

  it('cannot be configured when the queue does not let S3 send', async () => {
    denied = true;
    expect(() => resource('aws_s3_bucket_notification').create(CONFIGURATION)).toThrow(
      /Unable to validate the following destination/,
    );
  });

  it.each(['topic', 'lambda_function', 'eventbridge'])('names %s as what is not run', (argument) => {
    const { runs, accepts } = resource('aws_s3_bucket_notification');
    expect([...runs, ...Object.keys(accepts)]).not.toContain(argument);
  });

  it('refuses an event that never comes', () => {
    const queue = [{ queue_arn: QUEUE, events: ['s3:ObjectRestore:*'] }];
    expect(() => resource('aws_s3_bucket_notification').create({ bucket: 'inbound', queue })).toThrow(
      /s3:ObjectRestore/,
    );
  });

  it('drops what it may no longer deliver, and says so', async () => {
    await resource('aws_s3_bucket_notification').create(CONFIGURATION);
    messages();
    denied = true;
    put('a.encrypted');
    await context.advance(10);
    expect(messages()).toEqual([]);
    expect(context.warnings).toEqual([expect.stringMatching(/bucket inbound was dropped/)]);
    expect(s3.outstanding()).toBe(0);
  });

  it('delivers at least once: twice and late when it happens, and after a restart', async () => {
    await start({ deliveries: () => 2, delayMs: () => 500 });
    await resource('aws_s3_bucket_notification').create(CONFIGURATION);
    const events = (): unknown[] => messages().filter((message) => 'Records' in message);
    put('a.encrypted');
    expect(s3.outstanding()).toBe(2);
    await context.advance(1100);
    expect(events().length).toBeGreaterThanOrEqual(2);

    put('b.encrypted');
    const restarted = simulatedContext({ store: context.store, startsAt: context.runtime.now() });
    const again = new S3Service(restarted, { queues: sqs.queues, authorize: () => undefined });
    again.resume();
    expect(again.outstanding()).toBe(2);
    await restarted.advance(1100);
    expect(again.outstanding()).toBe(0);
  });
});
