import {
  CancelReplayCommand,
  EventBridgeClient,
  ListReplaysCommand,
  PutEventsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RunningCloud } from './running-cloud.fixture.ts';

const TIMEOUT_MS = 30_000;
const MINUTE_MS = 60_000;
/** The window lies in the past: an hour that ended an hour ago, and the replay's clock has no part in it. */
const FROM = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 120 * MINUTE_MS;
const UNTIL = FROM + 60 * MINUTE_MS;
const time = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const WINDOW = ['--to', 'posting', '--from', time(FROM), '--until', time(UNTIL)];
const MISSED = 12;
/** How often it is looked for events that were given. */
const TRIES_MAX = 400;

/** Calls in the same process take no time of their own, in which the cloud could work. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('payments replay', () => {
  let running: RunningCloud;
  let events: EventBridgeClient;
  let sqs: SQSClient;

  beforeAll(async () => {
    running = await RunningCloud.start({
      posting: ['PostingEntryCreated'],
      reconcile: ['PostingEntryCreated', 'TransactionPosted'],
    });
    events = new EventBridgeClient(running.cloud.sdkConfiguration());
    sqs = new SQSClient(running.cloud.sdkConfiguration());
    // One every five minutes, and one of another kind and one of another time.
    for (let index = 0; index < MISSED; index += 1)
      await put('PostingEntryCreated', FROM + index * 5 * MINUTE_MS, [{ transactionId: `${index}` }, {}]);
    await put('TransactionPosted', FROM + MINUTE_MS, [{}]);
    await put('PostingEntryCreated', UNTIL + MINUTE_MS, [{ transactionId: 'later' }]);
    await take('posting', MISSED + 1);
    await take('reconcile', MISSED + 2);
  }, TIMEOUT_MS);

  afterAll(() => running.close());

  const put = (DetailType: string, at: number, records: object[]) =>
    events.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: 'payments-local-platform-bus',
            Source: 'payments.test',
            DetailType,
            Time: new Date(at),
            Detail: JSON.stringify({ records }),
          },
        ],
      }),
    );

  /** Takes so many events from a stage's queue, and whatever else is there: the transaction of each. */
  async function take(stage: string, atLeast: number): Promise<string[]> {
    const QueueName = `payments-local-${stage}-queue`;
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const taken: string[] = [];
    for (let tries = 0; tries < TRIES_MAX || taken.length >= atLeast; tries += 1) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0 && taken.length >= atLeast) return taken.sort();
      if (Messages.length === 0) await pause();
      for (const { Body = '', ReceiptHandle } of Messages) {
        const { detail } = JSON.parse(Body) as { detail: { records: { transactionId?: string }[] } };
        taken.push(detail.records[0]?.transactionId ?? '');
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
    throw new Error(`${stage} was given ${taken.length} of ${atLeast}`);
  }

  /** Comes back when no replay goes on. */
  async function replaysEnded(): Promise<void> {
    for (;;) {
      const { Replays = [] } = await events.send(new ListReplaysCommand({}));
      if (Replays.every(({ State = '' }) => /^(?:COMPLETED|CANCELLED)$/.test(State))) return;
      await pause();
    }
  }

  const replayNames = async (): Promise<string[]> => {
    const { Replays = [] } = await events.send(new ListReplaysCommand({}));
    return Replays.map(({ ReplayName = '' }) => ReplayName);
  };

  it('shows how many events of which kinds it would be, and begins nothing', async () => {
    const { status, out } = await running.payments('replay', ...WINDOW, '--dry-run');
    expect(status).toBe(0);
    expect(out).toMatch(/^PostingEntryCreated +12 +24$/m);
    expect(await replayNames()).toEqual([]);
    const both = await running.payments(
      'replay',
      '--to',
      'reconcile',
      ...WINDOW.slice(2),
      '--dry-run',
      '--json',
    );
    expect(JSON.parse(both.out)).toMatchObject({
      preview: {
        exact: true,
        events: MISSED + 1,
        kinds: [
          { event: 'PostingEntryCreated', events: MISSED, records: 2 * MISSED },
          { event: 'TransactionPosted', events: 1, records: 1 },
        ],
      },
    });
  });

  it('gives the window to the one stage, in parts at a rate', async () => {
    const { status, out, err } = await running.payments('replay', ...WINDOW, '--rate', '20', '--json');
    expect(err).toBe('');
    expect(status).toBe(0);
    const { name, parts } = JSON.parse(out) as { name: string; parts: { state: string }[] };
    expect(parts.every(({ state }) => state === 'done')).toBe(true);
    expect(await take('posting', MISSED)).toEqual(
      Array.from({ length: MISSED }, (_, index) => String(index)).sort(),
    );
    expect(await take('reconcile', 0)).toEqual([]);

    const again = await running.payments('replay', ...WINDOW);
    expect(again.status).toBe(1);
    expect(again.err).toContain(`"payments replay --resume ${name}" finishes it, --again`);
    const twice = await running.payments('replay', ...WINDOW, '--again', '--json');
    expect(JSON.parse(twice.out)).toMatchObject({ name: `${name}-again2` });
    expect(await take('posting', MISSED)).toHaveLength(MISSED);
  });

  it('goes on where it was interrupted: done parts stay done, a failed one is tried again', async () => {
    // As an interrupted run leaves it: the first part done, the second ended before its time, the others not begun.
    const [from, until] = [FROM / 1000, FROM / 1000 + 1200];
    const name = `local-posting-${time(FROM).replace(/[-:Z]/g, '')}-1200s`;
    const description = (part: number): string =>
      `payments replay --to posting --from ${time(FROM)} --until ${time(until * 1000)} --rate 1000; part ${part}, 300 s each`;
    for (const part of [1, 2]) {
      const ReplayName = `${name}.${part}`;
      const start = from + (part - 1) * 300;
      await events.send(
        new StartReplayCommand({
          ReplayName,
          Description: description(part),
          EventSourceArn: 'arn:aws:events:eu-west-2:000000000000:archive/payments-local-platform-archive',
          EventStartTime: new Date(start * 1000),
          EventEndTime: new Date((start + 300) * 1000),
          Destination: {
            Arn: 'arn:aws:events:eu-west-2:000000000000:event-bus/payments-local-platform-bus',
            // To nobody: what posting gets now is of the resumed run.
            FilterArns: ['arn:aws:events:eu-west-2:000000000000:rule/payments-local-platform-bus/none'],
          },
        }),
      );
      if (part === 2) await events.send(new CancelReplayCommand({ ReplayName }));
      await replaysEnded();
    }
    const { status, out, err } = await running.payments('replay', '--resume', name, '--json');
    expect(err).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      stage: 'posting',
      parts: [
        { replay: `${name}.1`, state: 'done' },
        { replay: `${name}.2-2`, state: 'done' },
        { replay: `${name}.3`, state: 'done' },
        { replay: `${name}.4`, state: 'done' },
      ],
    });
    // The first five minutes were done; each part begins with the second that the one before ends with.
    expect(await take('posting', 6)).toEqual(['1', '2', '2', '3', '3', '4']);
  });

  it('comes back with --wait when the stage has taken all', async () => {
    const args = ['--to', 'reconcile', '--from', time(FROM), '--until', time(FROM + MINUTE_MS), '--wait'];
    const [{ out }, taken] = await Promise.all([running.payments('replay', ...args), take('reconcile', 2)]);
    expect(out).toContain('the queue of reconcile is empty');
    expect(taken).toHaveLength(2);
  });

  it.each([
    [['--to', 'postings', ...WINDOW.slice(2)], 2, 'Did you mean posting?'],
    [['--to', 'enrich', ...WINDOW.slice(2)], 1, 'pnpm turbo deploy --filter=@payments/enrich'],
    [['--to', 'posting', '--from', '40d', '--until', 'now'], 1, 'The archive keeps 30 days'],
    [['--to', 'posting', '--from', '1h', '--until', '2h'], 2, 'must be before'],
    [['--to', 'posting', '--from', '1h'], 2, 'replay takes --to, --from and --until'],
    [['--to', 'posting', '--from', '1h', '--until', '2999-01-01'], 2, 'is yet to come'],
    [[...WINDOW, '--rate', '0'], 2, '--rate takes a number above zero'],
    [[...WINDOW, '--events', 'TransactionPosted'], 2, 'posting does not take TransactionPosted'],
    [['--resume', 'local-nothing'], 1, 'There is no replay local-nothing'],
    [['--resume', 'x', '--to', 'posting'], 2, 'knows stage and window already'],
  ])('says what is wrong, case %#', async (args, expected, says) => {
    const { status, err } = await running.payments('replay', ...args);
    expect(err).toContain(says);
    expect(status).toBe(expected);
  });

  it('does not leave out a kind that the rule takes, and says so', async () => {
    const args = ['--to', 'reconcile', ...WINDOW.slice(2), '--events', 'TransactionPosted'];
    const refused = await running.payments('replay', ...args);
    expect(refused.status).toBe(1);
    expect(refused.err).toContain('would give reconcile PostingEntryCreated too');
    const { out } = await running.payments('replay', ...args, '--dry-run', '--json');
    expect(JSON.parse(out)).toMatchObject({ preview: { events: 1 } });
  });
});
