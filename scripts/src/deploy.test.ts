import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalCloud, openCloud } from '@payments/local-cloud';
import { writeEndpoint } from './deployment/endpoint-file.ts';
import { type PackageScript, runPackageScript } from './deployment/package-script.fixture.ts';
import { synthesizeEnvironment } from './environment-stacks.ts';
import { stackPath } from './stack-files.ts';

const ENVIRONMENT = 'local';
/** Of the packages that are bundled before these tests, for they are dependencies of this one. */
const STACKS = ['platform', 'ingest', 'enrich'] as const;
const REFERENCE = 'payments-local-enrich-reference';
const ITEM = { id: { S: 'ACCOUNT#1' } };
type Deployed = (typeof STACKS)[number];
/** No process has this id: it is over the largest that an operating system gives. */
const NO_PROCESS = 2 ** 30;
const SYNTHESIS_TIMEOUT_MS = 60_000;

describe('turbo plan, deploy and destroy, on a local cloud that runs', () => {
  let directory: string;
  let stacks: string;
  let cloud: LocalCloud;
  let url: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'deploy-test-'));
    stacks = await synthesizeEnvironment(ENVIRONMENT, join(directory, 'synth'), STACKS);
    cloud = await openCloud({ dataDirectory: ':memory:', host: 'in-process' });
    url = await cloud.listen();
    writeEndpoint(directory, { url, pid: process.pid, environment: ENVIRONMENT });
  }, SYNTHESIS_TIMEOUT_MS);

  afterAll(async () => {
    await cloud.close();
    rmSync(directory, { recursive: true });
  });

  const run = (
    script: PackageScript,
    stack: Deployed,
    { args = [], variables = {} }: { args?: string[]; variables?: Record<string, string> } = {},
  ) =>
    runPackageScript(script, stack, args, {
      PAYMENTS_ENV: ENVIRONMENT,
      PAYMENTS_DATA_DIR: directory,
      PAYMENTS_STACKS: stacks,
      ...variables,
    });

  /** The types of what stands of enrich. */
  const typesLeft = (): Set<string> => {
    const steps = cloud.plan(stackPath('enrich', stacks)).filter(({ action }) => action === 'none');
    return new Set(steps.map(({ address }) => address.split('.')[0] ?? ''));
  };

  const lastLine = (text: string): string => text.split('\n').at(-1) ?? '';

  it('says what a stack needs that is not deployed, and neither plans nor deploys anything', async () => {
    for (const script of ['plan', 'deploy'] as const) {
      const { status, said } = await run(script, 'enrich');
      expect(status).toBe(1);
      expect(said).toBe(
        'enrich needs platform, not deployed to local: run "pnpm turbo deploy --filter=@payments/infra" first.',
      );
    }
    expect(cloud.stacks()).toEqual([]);
  });

  it('plans what a deployment will do, and does nothing', async () => {
    const { status, out } = await run('plan', 'platform', { args: ['--detailed-exitcode'] });
    expect(status).toBe(2);
    expect(out).toMatch(/^platform, environment local:\n {2}create {3}aws_/);
    expect(lastLine(out)).toMatch(/^Plan: \d{2} to add, 0 to change, 0 to destroy\.$/);
    expect(cloud.stacks()).toEqual([]);
  });

  it('deploys all at once in any order: each waits for what it needs', async () => {
    const enrich = run('deploy', 'enrich', { args: ['--wait', '30'] });
    const ingest = run('deploy', 'ingest', { args: ['--wait', '30'] });
    const results = await Promise.all([enrich, ingest, run('deploy', 'platform')]);
    expect(results.map(({ said }) => said)).toEqual(['', '', '']);
    expect(results[0]?.out).toMatch(/^ {2}create {3}aws_dynamodb_table\.reference$/m);
    expect(lastLine(results[0]?.out ?? '')).toMatch(
      /^Deployed enrich, environment local: \d{2} added, 0 changed, 0 destroyed\.$/,
    );
    expect(cloud.stacks().sort()).toEqual(['enrich', 'ingest', 'platform']);
  });

  it('plans no changes of what is deployed, and names the arguments of what is not as it was', async () => {
    const same = await run('plan', 'enrich', { args: ['--detailed-exitcode'] });
    expect(same).toMatchObject({ status: 0, said: '' });
    expect(lastLine(same.out)).toBe('No changes. What is deployed is what the stack says.');

    const path = stackPath('enrich', stacks);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/"message_retention_seconds": \d+/, '"message_retention_seconds": 61'));
    const other = await run('plan', 'enrich', { args: ['--detailed-exitcode'] });
    writeFileSync(path, text);
    expect(other.status).toBe(2);
    expect(other.out).toMatch(/^ {2}change {3}aws_sqs_queue\.[\w-]+ \(message_retention_seconds\)$/m);
    expect(lastLine(other.out)).toBe('Plan: 0 to add, 1 to change, 0 to destroy.');
  });

  it('deploys again without a change', async () => {
    const { status, out } = await run('deploy', 'enrich');
    expect(status).toBe(0);
    expect(out).toBe('Deployed enrich, environment local: 0 added, 0 changed, 0 destroyed.');
  });

  it('does not remove the platform while stages stand on it', async () => {
    const { status, said } = await run('destroy', 'platform');
    expect(status).toBe(1);
    expect(said).toContain('ingest, enrich stand on platform');
    expect(cloud.stacks()).toContain('platform');
  });

  it('keeps data when a stage is offboarded, and takes it up again', async () => {
    const client = new DynamoDBClient(cloud.sdkConfiguration());
    await client.send(new PutItemCommand({ TableName: REFERENCE, Item: ITEM }));
    const offboarded = await run('destroy', 'enrich');
    expect(offboarded.said).toBe('');
    expect(offboarded.out).toMatch(/^ {2}destroy {2}aws_lambda_function\.subscriber$/m);
    expect(offboarded.out).not.toContain('aws_dynamodb_table');
    expect(offboarded.out).toMatch(/^Offboarded enrich, .*: 0 added, 0 changed, \d{2} destroyed\.$/m);
    expect(offboarded.out).toContain(`the table ${REFERENCE} has items`);
    expect(lastLine(offboarded.out)).toContain('payments replay --to enrich --from ');
    expect(typesLeft()).toEqual(new Set(['aws_cloudwatch_log_group', 'aws_dynamodb_table']));

    const planned = await run('plan', 'enrich');
    expect(planned.status).toBe(0);
    expect(lastLine(planned.out)).toMatch(/^Plan: \d{2} to add, 0 to change, 0 to destroy\.$/);
    const again = await run('deploy', 'enrich');
    expect(again.out).toMatch(/^ {2}create {3}aws_lambda_function\.subscriber$/m);
    expect(again.out).not.toContain('aws_dynamodb_table');
    const read = await client.send(new GetItemCommand({ TableName: REFERENCE, Key: ITEM }));
    expect(read.Item).toEqual(ITEM);
  });

  it('drops data only when told twice', async () => {
    const args = ['--drop-data'];
    const once = await run('destroy', 'enrich', { args });
    expect(once.status).toBe(1);
    expect(once.said).toBe(
      'Nothing was removed: --drop-data needs PAYMENTS_DROP_DATA=local as well, which is not set.',
    );
    const other = await run('destroy', 'enrich', { args, variables: { PAYMENTS_DROP_DATA: 'dev' } });
    expect(other.said).toContain('which names dev');
    expect(typesLeft()).toContain('aws_lambda_function');

    const removed = await run('destroy', 'enrich', {
      args,
      variables: { PAYMENTS_DROP_DATA: ENVIRONMENT },
    });
    expect(removed.said).toBe('');
    expect(removed.out).toMatch(/^ {2}destroy {2}aws_dynamodb_table\.reference$/m);
    expect(removed.out).toMatch(
      /^Destroyed enrich, environment local: 0 added, 0 changed, \d{2} destroyed\.$/m,
    );
    expect(cloud.stacks().sort()).toEqual(['ingest', 'platform']);
    expect((await run('destroy', 'enrich')).out).toContain('enrich is not deployed to local.');
  });

  it('offboards the platform beneath stages that only keep data, and lets it go with the last of them', async () => {
    const client = new DynamoDBClient(cloud.sdkConfiguration());
    await run('deploy', 'enrich');
    await client.send(new PutItemCommand({ TableName: REFERENCE, Item: ITEM }));
    // All at once, as `turbo destroy` does it.
    const [platform] = await Promise.all([
      run('destroy', 'platform', { args: ['--wait', '30'] }),
      run('destroy', 'ingest'),
      run('destroy', 'enrich'),
    ]);
    expect(platform).toMatchObject({ status: 0, said: '' });
    expect(platform.out).toContain('Kept, for enrich keeps data');
    expect(cloud.stacks().sort()).toEqual(['enrich', 'platform']);
    expect(cloud.addressesOf('platform')).toContain('aws_kms_key.key');
    expect(cloud.addressesOf('platform')).not.toContain('aws_sns_topic.alarms');
    expect((await run('deploy', 'enrich')).said).toContain('enrich needs platform, not deployed');

    const drop = { args: ['--drop-data'], variables: { PAYMENTS_DROP_DATA: ENVIRONMENT } };
    const refused = await run('destroy', 'platform', drop);
    expect(refused.said).toContain('enrich stand on platform in local; remove them first, with their data.');
    const dropped = { ...drop, args: ['--drop-data', '--wait', '30'] };
    const all = await Promise.all([run('destroy', 'platform', dropped), run('destroy', 'enrich', drop)]);
    expect(all.map(({ said }) => said)).toEqual(['', '']);
    expect(cloud.stacks()).toEqual([]);
  });

  it('says when no local cloud runs, when a killed one left its file, and when it plays another part', async () => {
    const other = mkdtempSync(join(tmpdir(), 'deploy-test-'));
    const elsewhere = { variables: { PAYMENTS_DATA_DIR: other } };
    const notRunning = `No local cloud runs on ${other}: run "npm start" in another terminal and leave it running.`;
    expect(await run('deploy', 'platform', elsewhere)).toEqual({ status: 1, out: '', said: notRunning });
    writeEndpoint(other, { url, pid: NO_PROCESS, environment: ENVIRONMENT });
    expect((await run('destroy', 'platform', elsewhere)).said).toBe(notRunning);
    // The id of the one that was killed is taken by another process, and nothing listens.
    writeEndpoint(other, { url: 'http://127.0.0.1:9', pid: process.pid, environment: ENVIRONMENT });
    expect((await run('deploy', 'platform', elsewhere)).said).toBe(notRunning);
    writeEndpoint(other, { url, pid: process.pid, environment: 'localbatch' });
    expect((await run('deploy', 'platform', elsewhere)).said).toContain('PAYMENTS_ENV=localbatch');
    rmSync(other, { recursive: true });
  });

  it('refuses a stack that is synthesized for another environment', async () => {
    const { status, said } = await run('deploy', 'platform', { variables: { PAYMENTS_ENV: 'localbatch' } });
    expect(status).toBe(1);
    expect(said).toContain('was synthesized for the environment local, not for localbatch');
  });
});
