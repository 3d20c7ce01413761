import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteCommand, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import { bucketName, type Owner, resourceName } from '@payments/infra/names';
import { platformNames } from '@payments/infra/platform-names';
import { syntheticAccounts, syntheticCards, syntheticLoad } from '@payments/ingest/synthetic-load';
import type { JsonObject } from '@payments/local-cloud';
import { removeEndpoint, writeEndpoint } from '../deployment/endpoint-file.ts';
import { ingestInput } from '../ingest-input.ts';
import { numbered } from '../input-lines.ts';
import { invoke } from '../invoke.ts';
import { type LocalRun, openLocalRun } from '../local-run.ts';
import { sampleSeed, seedReferenceData } from '../reference-data.ts';
import { stackPath } from '../stack-files.ts';
import { makeBreak, withoutSchedules } from './made-break.fixture.ts';
import { synthesize, temporaryFolder } from './pipeline-run.fixture.ts';
import { commandBlocks, runbookNames, runbookText } from './runbook-blocks.fixture.ts';
import { isInstalled, type RunbookShell, runCommands, syntaxProblems } from './runbook-shell.fixture.ts';

const MINUTE_MS = 60_000;
const LOAD = { transactions: 120, seed: 3 };
/** Programs that runbooks use; where they are missing, runbooks that need them are skipped by name: tests need Node alone. */
const NEEDED = ['aws', 'jq'];
const MAY_SKIP = !NEEDED.every(isInstalled);

const environment = loadEnvironment('local');
const { alarmTopicArn, metricsNamespace } = platformNames(environment);
const folder = temporaryFolder();
const dataDir = join(folder.path, 'data');
const startedAt = Date.now();
let run: LocalRun;
let shell: RunbookShell;
/** What the test puts where a reader puts what an alarm or a list named. */
let put: Readonly<Record<string, string>>;

beforeAll(async () => {
  const stacks = synthesize('local', folder.path);
  // Nothing is to happen to cases but what runbooks do.
  withoutSchedules(stackPath('reconcile', stacks));
  run = await openLocalRun(environment, { dataDir, fresh: true, stacksDirectory: stacks }, () => undefined);
  const endpoint = await run.cloud.listen();
  writeEndpoint(dataDir, { url: endpoint, pid: process.pid, environment: 'local' });
  shell = { folder: folder.path, endpoint, dataDir, stacks };
  await processLoad();
  await makeTrouble();
}, 5 * MINUTE_MS);
afterAll(async () => {
  removeEndpoint(dataDir);
  await run.cloud.close();
  await folder.remove();
});

async function processLoad(): Promise<void> {
  const sample = sampleSeed(new URL('../../../sample/', import.meta.url));
  const cards = [...sample.cards, ...syntheticCards()];
  await seedReferenceData(environment, run, { ...sample, cards, accounts: syntheticAccounts() });
  const lines = numbered(syntheticLoad(LOAD.transactions, LOAD.seed));
  await ingestInput(environment, run.lambda, lines, () => undefined);
  await run.cloud.whenAtRest();
}

const table = (owner: Owner, purpose: string): string => resourceName(environment, owner, purpose);

/** What the runbooks speak of: cases that wait, a file in clear; and what runs by the clock has run. */
async function makeTrouble(): Promise<void> {
  const TableName = table('posting', 'ledger');
  const { Items: rows = [] } = await run.documents.send(new ScanCommand({ TableName }));
  const known = rows.find(({ position }) => position === 'ENTRY#01');
  await invoke(run.lambda, table('reconcile', 'pass'), {});
  await invoke(run.lambda, table('reconcile', 'patch'), {});
  await invoke(run.lambda, table('reconcile', 'sweep'), {});
  await invoke(run.lambda, table('posting', 'age'), {});
  const s3 = new S3Client(run.cloud.sdkConfiguration());
  const object = { Bucket: bucketName(environment, 'ingest', 'inbound'), Key: 'clear.encrypted' };
  const { VersionId = '' } = await s3.send(new PutObjectCommand({ ...object, Body: 'this is in clear' }));
  await run.cloud.whenAtRest();
  put = {
    '2026-11-22': String(known?.['bookingDate']),
    '343ec004': String(known?.['transactionId']),
    '3f0e5a6e': await makeBreak(run, 'parked', 'PARKED'),
    '9c1f77d2': await makeBreak(run, 'proposed', 'PROPOSED'),
    '--key KEY --version-id VERSION': `--key ${object.Key} --version-id ${VersionId}`,
  };
}

/**
 * The commands of a runbook with what the test puts into them.
 *
 * @param place of the runbook among all: each has a time of its own, as a time is not replayed twice
 */
function filledIn(code: string, place: number): string {
  const second = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
  const all: Readonly<Record<string, string>> = {
    '2026-11-22T12:00:00Z': second(startedAt - (place + 1) * MINUTE_MS),
    '2026-11-22T13:00:00Z': second(Date.now()),
    ...put,
  };
  return code.replaceAll(new RegExp(Object.keys(all).join('|'), 'g'), (found) => all[found] ?? found);
}

/** Events of the archive, as a queue has them. */
function events(detailType: string, count: number): readonly string[] {
  const { events: found } = run.cloud.archivedEvents({ text: `"detail-type":"${detailType}"`, after: 0 });
  return found.slice(0, count).map((event) => JSON.stringify(event));
}

async function send(queue: string, bodies: readonly string[]): Promise<void> {
  const sqs = new SQSClient(run.cloud.sdkConfiguration());
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `payments-local-${queue}` }));
  for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

/** What a runbook is run upon, where that is not there all the time. */
const PREPARED: Readonly<Record<string, () => Promise<void>>> = {
  'dead-letters': () => send('enrich-dead-letters', events('TransactionStandardized', 3)),
  'region-outage': () => send('enrich-dead-letters', events('TransactionStandardized', 1)),
  'undelivered-events': () => send('enrich-undelivered', events('TransactionStandardized', 1)),
  'workflow-failures': () => send('rules-workflow-failed', events('TransactionEnriched', 1)),
  quarantine: async () => {
    const s3 = new S3Client(run.cloud.sdkConfiguration());
    const [event = '{}'] = events('TransactionPostingApproved', 1);
    const { detail } = JSON.parse(event) as { detail: { records: { transactionId: string }[] } };
    const [record] = detail.records;
    const content = {
      stage: 'account-interface',
      event: 'TransactionPostingApproved',
      reason: 'RECORD_INVALID',
    };
    await s3.send(
      new PutObjectCommand({
        Bucket: platformNames(environment).quarantineBucketName,
        Key: `quarantine/account-interface/${record?.transactionId}.json`,
        Body: JSON.stringify({ ...content, explanation: 'made', content: record }),
      }),
    );
  },
  // A transaction that reconcile has not heard of, so that it looks lost.
  'pipe-failures': async () => {
    const transactionId = put['343ec004'];
    await run.documents.send(
      new DeleteCommand({ TableName: table('reconcile', 'reconciliation'), Key: { transactionId } }),
    );
  },
};

/** What shows that a runbook did something, and not nothing without an error. */
const SAYS: Readonly<Record<string, RegExp>> = {
  'control-totals': /"posted"|posted/,
  'dead-letters': /Moved 1 from enrich-dead-letters[\s\S]*"batchItemFailures":\[\]/,
  'inbound-files': /NOT_DECRYPTABLE/,
  'key-rotation': /Enabled/,
  'late-sequences': /account-interface/,
  mismatches: /PARKED[\s\S]*It agrees on all sides/,
  'parked-breaks': /approved by b\.smith[\s\S]*rejected/,
  'pipe-failures': /"FailedEntryCount": 0/,
  'posting-latency': /"Values": \[\s*\d/,
  quarantine: /Moved 1 from quarantine\/account-interface/,
  'region-outage': /Moved 1 from enrich-dead-letters/,
  replay: /TransactionPosted|PostingEntryCreated/,
  rollback: /enrich/,
  'undelivered-events': /Moved 1 from enrich-undelivered/,
  'workflow-failures': /executionArn/,
};

describe('an alarm', () => {
  it('tells the topic of its change, with a runbook that is there', async () => {
    const { monitoring, sns } = run.cloud.services;
    const names = new Set(runbookNames());
    for (const { alarm } of monitoring.alarms()) {
      const input = { AlarmName: alarm.name, StateValue: 'ALARM', StateReason: 'tried' };
      await monitoring.call('SetAlarmState', input);
      const told = JSON.parse(sns.published(alarmTopicArn).at(-1)?.message ?? '{}') as Record<string, string>;
      expect(told).toMatchObject({ AlarmName: alarm.name, NewStateValue: 'ALARM' });
      const runbook = /Runbook: docs\/runbooks\/([\w-]+)\.md$/.exec(told['AlarmDescription'] ?? '')?.[1];
      expect([alarm.name, names.has(runbook ?? '')]).toEqual([alarm.name, true]);
      await monitoring.call('SetAlarmState', { ...input, StateValue: 'OK' });
    }
    expect(monitoring.alarms().length).toBeGreaterThan(90);
  });
});

describe('the runbooks', () => {
  const all = runbookNames().map((name) => ({ name, blocks: commandBlocks(runbookText(name)) }));
  const setUp = commandBlocks(runbookText('README'))[0]?.code ?? '';

  it('say of few blocks that the local cloud cannot run them, and those can be read', () => {
    const elsewhere = all.flatMap(({ name, blocks }) =>
      blocks.filter(({ onlyWhere }) => onlyWhere !== undefined).map((block) => ({ name, ...block })),
    );
    expect(elsewhere.map(({ name, onlyWhere }) => `${name} ${onlyWhere}`)).toEqual([
      'function-throttles aws-only',
      'key-rotation aws-only',
      'key-rotation aws-only',
      'key-rotation aws-only',
      'mismatches aws-only',
      'queue-age drained',
      'region-outage aws-only',
    ]);
    for (const { code } of elsewhere) expect(syntaxProblems(code)).toBe('');
  });

  // A failure before the last of them would not be seen.
  it('chain no commands with && or ||', () => {
    const chained = all.flatMap(({ name, blocks }) =>
      blocks.filter(({ code }) => / (&&|\|\|) /.test(code)).map(() => name),
    );
    expect(chained).toEqual([]);
  });

  for (const [place, { name, blocks }] of all.entries()) {
    if (name === 'README') continue;
    const code = blocks.flatMap(({ code, onlyWhere }) => (onlyWhere === undefined ? [code] : [])).join('\n');
    const needsMore = NEEDED.some((program) => new RegExp(`\\b${program} |\\b(queue|show) `).test(code));
    (needsMore && MAY_SKIP ? it.skip : it)(
      `${name}: every command runs${needsMore && MAY_SKIP ? ` (needs ${NEEDED.join(' and ')})` : ''}`,
      async () => {
        await PREPARED[name]?.();
        const { status, output } = await runCommands(setUp, filledIn(code, place), shell);
        expect({ status, output }).toEqual({ status: 0, output });
        expect(output).not.toContain('FunctionError');
        expect(output).toMatch(SAYS[name] ?? '');
        await run.cloud.whenAtRest();
      },
      3 * MINUTE_MS,
    );
  }

  (MAY_SKIP ? it.skip : it)('leave no dead letter behind, and bring back what looked lost', async () => {
    const { output } = await runCommands(setUp, 'payments dlq list # exits with 1 when there are any', shell);
    expect(output).toContain('Nothing lies in');
    const { Item } = await run.documents.send(
      new GetCommand({
        TableName: table('reconcile', 'reconciliation'),
        Key: { transactionId: put['343ec004'] },
      }),
    );
    expect(Item).toMatchObject({ authorized: expect.anything(), posted: expect.anything() });
  });

  it.each([
    ['a command that is not there', 'payments dlq lsit', /"dlq" goes on with/],
    ['an option that is not there', 'payments balance ACC-0001 --veryfy', /veryfy/],
    ['a resource that is not there', 'payments dlq show enrich-ded-letters', /ded-letters/],
    ['a package that is not there', 'pnpm turbo deploy --filter=@payments/enrihc', /enrihc/],
  ])('would notice %s', async (_what, code, said) => {
    const { status, output } = await runCommands(setUp, code, shell);
    expect(status).not.toBe(0);
    expect(output).toMatch(said);
    expect(output).toContain('failed with');
  });
});

describe('the dashboard', () => {
  interface Widget {
    readonly type: string;
    readonly properties: { readonly title: string; readonly metrics: readonly (readonly unknown[])[] };
  }

  /** A metric as a chart names it, as a query. */
  function queryOf(metric: readonly unknown[]): JsonObject {
    const [first, MetricName, Name, Value, options] = metric as [
      unknown,
      string,
      string,
      string,
      { stat: string },
    ];
    if (typeof first === 'object')
      return { Id: 'm', Expression: (first as { expression: string }).expression };
    const Metric = { Namespace: String(first), MetricName, Dimensions: [{ Name, Value }] };
    return { Id: 'm', MetricStat: { Metric, Stat: options.stat, Period: 60 } };
  }

  async function widgets(): Promise<readonly Widget[]> {
    const { monitoring } = run.cloud.services;
    const { DashboardBody } = await monitoring.call('GetDashboard', {
      DashboardName: table('platform', 'dashboard'),
    });
    const body = JSON.parse(String(DashboardBody)) as { widgets: readonly Widget[] };
    return body.widgets.filter(({ type }) => type === 'metric');
  }

  it('has values for all that is ours', async () => {
    const empty: string[] = [];
    for (const { properties } of await widgets()) {
      for (const metric of properties.metrics.filter((each) =>
        JSON.stringify(each).includes(metricsNamespace),
      )) {
        const { MetricDataResults } = await run.cloud.services.monitoring.call('GetMetricData', {
          StartTime: startedAt / 1000 - 60,
          EndTime: Date.now() / 1000 + 60,
          MetricDataQueries: [queryOf(metric)],
        });
        const values = (MetricDataResults as { Values: number[] }[]).flatMap(({ Values }) => Values);
        if (values.length === 0) empty.push(`${properties.title}: ${JSON.stringify(metric)}`);
      }
    }
    expect(empty).toEqual([]);
  });

  it('shows whatever an alarm of ours is on', async () => {
    const shown = JSON.stringify(await widgets());
    const watched = run.cloud.services.monitoring
      .alarms()
      .flatMap(({ alarm: { watches } }) => ('metric' in watches ? [watches.metric.metric.name] : []));
    expect([...new Set(watched)].filter((name) => !shown.includes(name)).sort()).toEqual([]);
  });
});
