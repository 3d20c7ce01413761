import { describe, expect, it } from '@jest/globals';
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { CallService } from '../../core/service.ts';
import { DLQ, entry, LATER, put, QUEUE, RULE_ARN, setup, withRule } from './events-fixture.ts';
import { STARTED_AT } from './fake-neighbours.ts';

describe('PutEvents', () => {
  it('delivers to a queue before it answers, with the envelope in AWS’s order', () => {
    const { events, queues, authorized, bills } = withRule();
    const answer = put(
      events,
      entry(1, { Time: 1_700_000_000.9, Resources: ['arn:x'], Detail: '{"n": 1.0}' }),
    );
    const id = (answer['Entries'] as JsonObject[])[0]?.['EventId'];
    expect(queues.bodies(QUEUE)).toEqual([
      `{"version":"0","id":"${id}","detail-type":"TransactionAuthorized","source":"payments.dedup",` +
        '"account":"111111111111","time":"2023-11-14T22:13:20Z","region":"eu-west-1","resources":["arn:x"],"detail":{"n": 1.0}}',
    ]);
    expect(answer['FailedEntryCount']).toBe(0);
    const caller = { kind: 'service', service: 'events.amazonaws.com', sourceArn: RULE_ARN };
    expect(authorized).toEqual([[caller, 'sqs:SendMessage', QUEUE]]);
    expect(bills.get('events:put-events-64kb-chunks')).toBe(1);
    expect(events.outstanding()).toBe(0);
  });

  it('refuses entries one by one and takes the others', () => {
    const { events, queues } = withRule();
    const answer = put(
      events,
      entry(1, { Source: null }),
      entry(2, { DetailType: undefined }),
      entry(3, { Detail: '"text"' }),
      entry(4, { Detail: '{' }),
      entry(5),
      entry(6, { EventBusName: 'nowhere' }),
      entry(7, { Source: 'aws.ec2' }),
    );
    const required = (name: string): JsonObject => ({
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
    });
    expect(answer).toEqual({
      FailedEntryCount: 5,
      Entries: [
        required('Source'),
        required('DetailType'),
        { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
        { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
        { EventId: expect.any(String) },
        { EventId: expect.any(String) },
        { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
      ],
    });
    expect(queues.bodies(QUEUE)).toHaveLength(1);
  });

  it('refuses the call for too many entries, none, or too many bytes', () => {
    const { events, queues } = withRule();
    expect(() => put(events, ...Array.from({ length: 11 }, () => entry()))).toThrow(
      /less than or equal to 10/,
    );
    expect(() => put(events)).toThrow(/greater than or equal to 1/);
    const half = JSON.stringify({ text: 'x'.repeat(520_000) });
    const large = { Detail: half };
    expect(() =>
      put(events, entry(1, large), entry(2, large), entry(3, { Detail: `{"t":"${'x'.repeat(9000)}"}` })),
    ).toThrow('Total size of the entries in the request is over the limit.');
    expect(queues.bodies(QUEUE)).toEqual([]);
  });

  it('bills an event by its 64 KB chunks', () => {
    const { events, bills } = withRule();
    const overhead = 'payments.dedup'.length + 'TransactionAuthorized'.length + '{"t":""}'.length;
    const sized = (bytes: number): JsonObject =>
      entry(1, { Detail: `{"t":"${'x'.repeat(bytes - overhead)}"}` });
    put(events, sized(65_536));
    expect(bills.get('events:put-events-64kb-chunks')).toBe(1);
    put(events, sized(65_537));
    expect(bills.get('events:put-events-64kb-chunks')).toBe(3);
  });

  it('refuses an entry when the fault says so', () => {
    const { events, queues } = withRule({}, { faults: { refusesEntry: () => true } });
    const answer = put(events, entry());
    expect(answer['FailedEntryCount']).toBe(1);
    expect((answer['Entries'] as JsonObject[])[0]?.['ErrorCode']).toBe('InternalFailure');
    expect(queues.bodies(QUEUE)).toEqual([]);
  });

  it('passes by rules that are disabled, do not match, or lie on another bus', () => {
    const { events, queues } = withRule();
    put(events, entry(1, { EventBusName: 'default' }), entry(2, { DetailType: 'Other' }));
    events.call('DisableRule', { Name: 'r', EventBusName: 'payments' });
    put(events, entry(3));
    expect(queues.bodies(QUEUE)).toEqual([]);
    events.call('EnableRule', { Name: 'r', EventBusName: 'payments' });
    put(events, entry(4));
    expect(queues.bodies(QUEUE)).toHaveLength(1);
  });
});

describe('delivery', () => {
  it('goes to the dead-letter queue at once when permission is missing', () => {
    const { events, queues, denied } = withRule();
    denied.add(QUEUE);
    put(events, entry());
    const [dead] = queues.sent.get(DLQ) ?? [];
    expect(JSON.parse(dead?.body ?? '')).toMatchObject({ detail: { n: 1 } });
    expect(dead?.attributes).toEqual({
      RULE_ARN: { DataType: 'String', StringValue: RULE_ARN },
      TARGET_ARN: { DataType: 'String', StringValue: QUEUE },
      ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' },
      ERROR_MESSAGE: { DataType: 'String', StringValue: 'AccessDeniedException: no sqs:SendMessage' },
      RETRY_ATTEMPTS: { DataType: 'Number', StringValue: '0' },
    });
    expect(events.outstanding()).toBe(0);
  });

  it('goes to the dead-letter queue at once when the queue is missing', () => {
    const { events, queues } = withRule({ Arn: `${QUEUE}-gone` });
    put(events, entry());
    expect(queues.sent.get(DLQ)?.[0]?.attributes?.['ERROR_CODE']).toEqual({
      DataType: 'String',
      StringValue: 'NO_RESOURCE',
    });
  });

  it('says so when an event is dropped', () => {
    const { events, warnings } = withRule({ Arn: `${QUEUE}-gone`, DeadLetterConfig: undefined });
    put(events, entry());
    expect(warnings.join()).toContain('dropped, the target has no dead-letter queue');
  });

  it('tries again with growing waits until it succeeds', async () => {
    const { events, queues, runtime } = withRule();
    queues.failures.set(
      QUEUE,
      Array.from({ length: 3 }, () => new AwsError('ThrottlingException', 'slow down')),
    );
    put(events, entry());
    expect(events.outstanding()).toBe(1);
    await runtime.run({ until: LATER });
    expect(queues.bodies(QUEUE)).toHaveLength(1);
    expect(events.outstanding()).toBe(0);
    expect(runtime.now()).toBeGreaterThan(STARTED_AT + 3000);
  });

  it('gives up after the attempts that the target allows', async () => {
    const { events, queues, runtime } = withRule({ RetryPolicy: { MaximumRetryAttempts: 2 } });
    const failures = Array.from(
      { length: 9 },
      () => new AwsError('InternalError', 'broken', { status: 500 }),
    );
    queues.failures.set(QUEUE, failures);
    put(events, entry());
    await runtime.run({ until: LATER });
    expect(failures).toHaveLength(6);
    expect(queues.sent.get(DLQ)?.[0]?.attributes).toMatchObject({
      ERROR_CODE: { StringValue: 'INTERNAL_ERROR' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
      RETRY_ATTEMPTS: { StringValue: '2' },
    });
    expect(events.outstanding()).toBe(0);
  });

  it('gives up when the event is too old', async () => {
    const { events, queues, runtime } = withRule({ RetryPolicy: { MaximumEventAgeInSeconds: 60 } });
    queues.failures.set(
      QUEUE,
      Array.from({ length: 500 }, () => new AwsError('ThrottlingException', 'no')),
    );
    put(events, entry());
    await runtime.run({ until: LATER });
    expect(queues.sent.get(DLQ)?.[0]?.attributes).toMatchObject({
      ERROR_CODE: { StringValue: 'THROTTLING' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumEventAgeInSeconds' },
    });
    expect(runtime.now()).toBeLessThanOrEqual(STARTED_AT + 60_000);
  });

  it('goes on after a restart', async () => {
    const first = withRule();
    first.queues.failures.set(QUEUE, [new AwsError('ThrottlingException', 'slow down')]);
    put(first.events, entry());
    const second = setup({ store: first.context.store, queues: first.queues, startsAt: first.runtime.now() });
    expect(second.events.outstanding()).toBe(1);
    await second.runtime.run({ until: LATER });
    expect(first.queues.bodies(QUEUE)).toHaveLength(1);
    put(second.events, entry(2));
    expect(first.queues.bodies(QUEUE)).toHaveLength(2);
  });

  it('delivers twice and later when faults say so, and loses nothing', async () => {
    let delays = 0;
    const faults = { deliveries: () => 2, delayMs: () => (delays++ % 2 === 0 ? 5000 : 0) };
    const { events, queues, runtime } = withRule({}, { faults });
    put(events, entry());
    expect(queues.bodies(QUEUE)).toHaveLength(1);
    await runtime.run({ until: LATER });
    expect(queues.bodies(QUEUE)).toHaveLength(2);
    expect(new Set(queues.bodies(QUEUE)).size).toBe(1);
  });

  it('hands an event to a function, with the target’s own input', () => {
    const Arn = 'arn:aws:lambda:eu-west-1:111111111111:function:f';
    const { events, functions } = withRule({ Arn, InputPath: '$.detail' });
    put(events, entry(7));
    const caller = { kind: 'service', service: 'events.amazonaws.com', sourceArn: RULE_ARN };
    expect(functions.invocations).toEqual([{ functionArn: Arn, payload: '{"n":7}', caller }]);
  });

  it('starts a state machine as the target’s role, and tries again when it is throttled', async () => {
    const calls: unknown[] = [];
    const call: CallService = async (...args) => {
      calls.push(args);
      if (calls.length === 1) throw new AwsError('ThrottlingException', 'slow down');
      return {};
    };
    const Arn = 'arn:aws:states:eu-west-1:111111111111:stateMachine:rules';
    const RoleArn = 'arn:aws:iam::111111111111:role/start';
    const { events, runtime } = withRule({ Arn, RoleArn, InputPath: '$.detail' }, { call });
    put(events, entry(7));
    await runtime.run({ until: LATER });
    const request = { stateMachineArn: Arn, input: '{"n":7}' };
    const one = ['states', 'StartExecution', request, { kind: 'role', arn: RoleArn }];
    expect(calls).toEqual([one, one]);
    expect(events.outstanding()).toBe(0);
  });

  it('passes an event on to one more bus, with its id', () => {
    const { events, queues } = withRule({
      Arn: 'arn:aws:events:eu-west-1:111111111111:event-bus/default',
      RoleArn: 'arn:aws:iam::111111111111:role/forward',
    });
    events.call('PutRule', { Name: 'all', EventPattern: '{"source":[{"exists":true}]}' });
    events.call('PutTargets', { Rule: 'all', Targets: [{ Id: 'q', Arn: QUEUE }] });
    const answer = put(events, entry());
    expect(JSON.parse(queues.bodies(QUEUE)[0] ?? '')).toMatchObject({
      id: (answer['Entries'] as JsonObject[])[0]?.['EventId'],
      detail: { n: 1 },
    });
  });
});
