import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import { LocalCloud, type Principal } from '@payments/local-cloud';
import { removeEndpoint, writeEndpoint } from '../deployment/endpoint-file.ts';
import type { Grants } from '../grants/grant.ts';
import { runCommand } from './run-command.ts';

const { accountId: id, region } = loadEnvironment('local');
const directory = mkdtempSync(join(tmpdir(), 'grants-command-'));
const QUEUE = `arn:aws:sqs:${region}:${id}:payments-local-enrich-queue`;
const ROLE = `arn:aws:iam::${id}:role/payments-local-enrich-subscriber`;
const CALLER: Principal = { kind: 'role', arn: ROLE };

const openState = () =>
  new LocalCloud({ account: { id, region }, dataDirectory: directory, host: 'in-process' });

/** A role that may do two things with a queue, has done one of them twice, and was denied a third. */
beforeAll(async () => {
  const cloud = openState();
  const { roles, authorizer } = cloud.services.iam;
  const trusted = {
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  roles.putRole('payments-local-enrich-subscriber', ROLE, JSON.stringify({ Statement: trusted }));
  const statement = {
    Sid: 'TakeFromQueue',
    Effect: 'Allow',
    Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'],
    Resource: QUEUE,
  };
  roles.putRolePolicy(
    'payments-local-enrich-subscriber',
    'granted',
    JSON.stringify({ Statement: statement }),
  );
  for (let times = 0; times < 2; times += 1) authorizer.authorize(CALLER, 'sqs:ReceiveMessage', QUEUE);
  expect(() => authorizer.authorize(CALLER, 'sqs:PurgeQueue', QUEUE)).toThrow('not authorized');
  await cloud.close();
});
afterAll(() => rmSync(directory, { recursive: true }));

async function payments(...args: string[]): Promise<{ status: number; printed: string }> {
  const printed: string[] = [];
  const output = { print: (line: string) => printed.push(line), warn: (line: string) => printed.push(line) };
  const status = await runCommand(['grants', ...args], output);
  return { status, printed: printed.join('\n') };
}

describe('payments grants', () => {
  it('lists what is granted, how often it was used, and what was denied', async () => {
    expect(await payments(directory)).toEqual({
      status: 0,
      printed: [
        'whose policy            statement      action              resource           used',
        'role/enrich-subscriber  TakeFromQueue  sqs:DeleteMessage   sqs:enrich-queue  never',
        'role/enrich-subscriber  TakeFromQueue  sqs:ReceiveMessage  sqs:enrich-queue      2',
        '',
        '2 granted, 1 never used.',
        '',
        'denied to               action          resource          times',
        'role/enrich-subscriber  sqs:PurgeQueue  sqs:enrich-queue      1',
      ].join('\n'),
    });
  });

  it('lists only what was never used, and still counts all', async () => {
    const { printed } = await payments(directory, '--unused');
    expect(printed).toContain('2 granted, 1 never used.');
    expect(printed).not.toContain('sqs:ReceiveMessage');
  });

  it('adds up several directories, for machines too', async () => {
    const { printed } = await payments(directory, directory, '--json');
    const { grants, denials } = JSON.parse(printed) as Grants;
    expect(grants.map(({ action, used }) => [action, used])).toEqual([
      ['sqs:DeleteMessage', 0],
      ['sqs:ReceiveMessage', 4],
    ]);
    expect(denials).toEqual([
      { caller: 'role/enrich-subscriber', action: 'sqs:PurgeQueue', resource: 'sqs:enrich-queue', times: 2 },
    ]);
  });

  it('asks a local cloud that runs', async () => {
    const cloud = openState();
    try {
      writeEndpoint(directory, { url: await cloud.listen(), pid: process.pid, environment: 'local' });
      cloud.services.iam.authorizer.authorize(CALLER, 'sqs:ReceiveMessage', QUEUE);
      expect((await payments(directory)).printed).toMatch(/sqs:ReceiveMessage +sqs:enrich-queue +3/);
    } finally {
      removeEndpoint(directory);
      await cloud.close();
    }
  });

  it('says what to do where nothing is', async () => {
    const { status, printed } = await payments(join(directory, 'nothing'));
    expect(status).toBe(1);
    expect(printed).toContain('holds no state of one: run "npm start" first');
  });
});
