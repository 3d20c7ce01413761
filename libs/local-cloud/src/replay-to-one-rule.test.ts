// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's interpolations.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeReplayCommand,
  EventBridgeClient,
  PutEventsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalCloud, openCloud } from './cloud.ts';
import { NO_FAULTS } from './core/faults.ts';
import { SimulatedRuntime } from './core/simulated-runtime.ts';

const START = Date.UTC(2026, 10, 22);
const MINUTE_MS = 60_000;
const ARN = 'arn:aws:events:eu-west-2:000000000000:';
const QUEUE = 'arn:aws:sqs:eu-west-2:000000000000:';
const STAGES = ['posting', 'reconcile'] as const;

/** A bus with its archive, and two stages that subscribe to the same event, each by a rule and a queue. */
function stack(): string {
  const perStage = <T>(make: (stage: string) => T): Record<string, T> =>
    Object.fromEntries(STAGES.map((stage) => [stage, make(stage)]));
  const policy = (stage: string): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: `\${aws_sqs_queue.${stage}.arn}`,
          Condition: { ArnEquals: { 'aws:SourceArn': `\${aws_cloudwatch_event_rule.${stage}.arn}` } },
        },
      ],
    });
  return JSON.stringify({
    '//': { metadata: { stackName: 'replayed' } },
    provider: { aws: [{ region: 'eu-west-2' }] },
    resource: {
      aws_cloudwatch_event_bus: { bus: { name: 'bus' } },
      aws_cloudwatch_event_archive: {
        archive: {
          name: 'archive',
          event_source_arn: '${aws_cloudwatch_event_bus.bus.arn}',
          event_pattern: '{"source":[{"prefix":"payments."}]}',
          retention_days: 60,
        },
      },
      aws_cloudwatch_event_rule: perStage((stage) => ({
        name: `${stage}-subscription`,
        event_bus_name: '${aws_cloudwatch_event_bus.bus.name}',
        event_pattern: '{"source":["payments.account-interface"],"detail-type":["PostingEntryCreated"]}',
      })),
      aws_cloudwatch_event_target: perStage((stage) => ({
        rule: `\${aws_cloudwatch_event_rule.${stage}.name}`,
        event_bus_name: '${aws_cloudwatch_event_bus.bus.name}',
        target_id: 'subscriber',
        arn: `\${aws_sqs_queue.${stage}.arn}`,
      })),
      aws_sqs_queue: perStage((stage) => ({ name: stage, visibility_timeout_seconds: 30 })),
      aws_sqs_queue_policy: perStage((stage) => ({
        queue_url: `\${aws_sqs_queue.${stage}.url}`,
        policy: policy(stage),
      })),
    },
  });
}

describe('a replay to one rule of a deployed stack', () => {
  let directory: string;
  let runtime: SimulatedRuntime;
  let cloud: LocalCloud;
  let client: EventBridgeClient;
  /** What an event must hold so that it is not delivered to posting. */
  let removed: string | undefined;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'replay-test-'));
    runtime = new SimulatedRuntime(1, START);
    removed = undefined;
    cloud = await openCloud({
      dataDirectory: ':memory:',
      runtime,
      host: 'in-process',
      faults: {
        ...NO_FAULTS,
        deliveries: (event) =>
          removed !== undefined && event?.rule === 'posting-subscription' && event.text.includes(removed)
            ? 0
            : 1,
      },
    });
    const path = join(directory, 'cdk.tf.json');
    writeFileSync(path, stack());
    await cloud.deploy(path);
    client = new EventBridgeClient(cloud.sdkConfiguration());
  });

  afterEach(async () => {
    await cloud.close();
    rmSync(directory, { recursive: true });
  });

  async function settle(): Promise<void> {
    await runtime.run({ done: () => cloud.atRest(), until: runtime.now() + MINUTE_MS });
  }

  /** Lets the virtual clock, which goes from task to task, come to a time. */
  async function waitUntil(time: number): Promise<void> {
    let come = false;
    runtime.schedule({
      name: 'wait',
      delayMs: time - runtime.now(),
      run: async () => {
        come = true;
      },
    });
    await runtime.run({ done: () => come, until: time });
  }

  async function put(text: string): Promise<void> {
    const Entries = [
      {
        EventBusName: 'bus',
        Source: 'payments.account-interface',
        DetailType: 'PostingEntryCreated',
        Detail: JSON.stringify({ text }),
      },
    ];
    expect(await client.send(new PutEventsCommand({ Entries }))).toMatchObject({ FailedEntryCount: 0 });
  }

  /** The events in a stage's queue. */
  function take(stage: (typeof STAGES)[number]) {
    return cloud.services.sqs.queues
      .receive(`${QUEUE}${stage}`, 10)
      .map(
        ({ body }) => JSON.parse(body) as { id: string; 'replay-name'?: string; detail: { text: string } },
      );
  }

  /** Replays what was put in some seconds to posting alone. */
  const replay = (ReplayName: string, from: number, to: number) =>
    client.send(
      new StartReplayCommand({
        ReplayName,
        EventSourceArn: `${ARN}archive/archive`,
        EventStartTime: new Date(from),
        EventEndTime: new Date(to),
        Destination: { Arn: `${ARN}event-bus/bus`, FilterArns: [`${ARN}rule/bus/posting-subscription`] },
      }),
    );

  it('delivers again what one queue was not given, to that queue alone, out of a narrow window', async () => {
    await put('before');
    await waitUntil(START + 10_000);
    removed = 'lost';
    await put('lost');
    await waitUntil(START + 20_000);
    await put('after');
    await settle();
    expect(take('posting').map(({ detail }) => detail.text)).toEqual(['before', 'after']);
    const seen = take('reconcile');
    expect(seen.map(({ detail }) => detail.text)).toEqual(['before', 'lost', 'after']);

    removed = undefined;
    await replay('break-1', START + 9_000, START + 11_000);
    await settle();
    const again = take('posting');
    expect(again).toHaveLength(1);
    expect(again[0]).toMatchObject({ id: seen[1]?.id, 'replay-name': 'break-1', detail: { text: 'lost' } });
    expect(take('reconcile')).toEqual([]);
    expect(await client.send(new DescribeReplayCommand({ ReplayName: 'break-1' }))).toMatchObject({
      State: 'COMPLETED',
      EventLastReplayedTime: new Date(START + 10_000),
      Destination: { FilterArns: [`${ARN}rule/bus/posting-subscription`] },
    });
    // What was replayed is not archived once more: the same window gives the same.
    await replay('break-1-again', START + 9_000, START + 11_000);
    await settle();
    expect(take('posting')).toHaveLength(1);
  });

  it('finds an event whose second has begun before the window: the time of an event has no fraction', async () => {
    await waitUntil(START + 10_700);
    await put('late in its second');
    await settle();
    take('posting');
    await replay('fraction', START + 10_000, START + 10_900);
    await settle();
    expect(take('posting')).toHaveLength(1);
    await replay('too-late', START + 10_500, START + 11_900);
    await settle();
    expect(take('posting')).toHaveLength(0);
  });
});
