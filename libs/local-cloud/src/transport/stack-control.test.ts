import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalCloud, openCloud } from '../cloud.ts';
import { writeRelayStack } from '../terraform/relay-stack.ts';

describe('the control of stacks from outside', () => {
  let directory: string;
  let cloud: LocalCloud;
  let stacks: string;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'stack-control-'));
    cloud = await openCloud({ dataDirectory: ':memory:', host: 'in-process' });
    stacks = `${await cloud.listen()}/_local-cloud/stacks`;
  });

  afterEach(async () => {
    await cloud.close();
    rmSync(directory, { recursive: true });
  });

  async function call(method: string, url: string, body?: unknown, type = 'application/json') {
    const answer = await fetch(url, {
      method,
      headers: { 'content-type': type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  it('deploys, deploys again without a change, and removes', async () => {
    const path = writeRelayStack(directory);
    const first = await call('POST', stacks, { path });
    expect(first.status).toBe(200);
    expect(first.body['steps']).toContainEqual({ address: 'aws_dynamodb_table.relayed', action: 'create' });
    const listed = await call('GET', stacks);
    const [name] = listed.body['stacks'] as string[];
    expect(listed.body['stacks']).toHaveLength(1);

    const second = await call('POST', stacks, { path });
    const actions = (second.body['steps'] as { action: string }[]).map(({ action }) => action);
    expect(new Set(actions)).toEqual(new Set(['none']));

    const removed = await call('DELETE', `${stacks}/${name}`);
    expect(removed.body['steps']).toContainEqual({
      address: 'aws_dynamodb_table.relayed',
      action: 'destroy',
    });
    expect((await call('GET', stacks)).body).toEqual({ stacks: [] });
  });

  it('tells what policies allow and what of it was used', async () => {
    await call('POST', stacks, { path: writeRelayStack(directory) });
    const { status, body } = await call('GET', stacks.replace(/stacks$/, 'grants'));
    expect(status).toBe(200);
    expect(body).toEqual({ ...cloud.grants() });
    expect(body['grants']).toContainEqual(
      expect.objectContaining({
        holder: 'arn:aws:iam::000000000000:role/relay',
        action: 'dynamodb:PutItem',
        used: 0,
      }),
    );
  });

  it('lets those that come at once take turns', async () => {
    const path = writeRelayStack(directory);
    const both = await Promise.all([call('POST', stacks, { path }), call('POST', stacks, { path })]);
    const created = both.map(
      ({ body }) =>
        (body['steps'] as { action: string }[]).filter(({ action }) => action === 'create').length,
    );
    expect(Math.min(...created)).toBe(0);
    expect(Math.max(...created)).toBeGreaterThan(5);
  });

  it('plans and does nothing, and says what is deployed', async () => {
    const plans = stacks.replace(/stacks$/, 'plans');
    const path = writeRelayStack(directory);
    const first = await call('POST', plans, { path });
    expect(first.body['steps']).toContainEqual({ address: 'aws_dynamodb_table.relayed', action: 'create' });
    expect(cloud.stacks()).toEqual([]);

    await call('POST', stacks, { path });
    const text = readFileSync(path, 'utf8');
    const changed = JSON.parse(text) as { resource: { aws_sqs_queue: Record<string, object> } };
    const [queue = ''] = Object.keys(changed.resource.aws_sqs_queue);
    Object.assign(changed.resource.aws_sqs_queue[queue] ?? {}, { message_retention_seconds: 61 });
    writeFileSync(path, JSON.stringify(changed));
    const address = `aws_sqs_queue.${queue}`;
    const step = { address, action: 'update', changes: ['message_retention_seconds'] };
    for (const _ of ['planned', 'planned again, for nothing was done']) {
      const { steps } = (await call('POST', plans, { path })).body as { steps: { action: string }[] };
      expect(steps.filter(({ action }) => action !== 'none')).toEqual([step]);
    }
    writeFileSync(path, text);

    const [name] = cloud.stacks();
    const { body } = await call('GET', `${stacks}/${name}`);
    expect(body['addresses']).toEqual(expect.arrayContaining([address, 'aws_dynamodb_table.relayed']));
  });

  it('says why a stack cannot be deployed', async () => {
    const path = join(directory, 'cdk.tf.json');
    writeFileSync(path, JSON.stringify({ resource: { aws_instance: { one: {} } } }));
    const { status, body } = await call('POST', stacks, { path });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      steps: [],
      error: { name: 'StackRefusedError', message: expect.stringContaining('aws_instance') },
    });
  });

  it('answers a stack file that is not JSON, and goes on', async () => {
    const path = join(directory, 'cdk.tf.json');
    writeFileSync(path, '{');
    expect((await call('POST', stacks, { path })).status).toBe(500);
    expect((await call('GET', stacks)).status).toBe(200);
  });

  it('reads no other file than a stack, and knows no other operation', async () => {
    writeFileSync(join(directory, 'other.json'), '{}');
    const refused = [
      await call('POST', stacks, { path: join(directory, 'other.json') }),
      await call('POST', stacks, { path: join(directory, 'none', 'cdk.tf.json') }),
      await call('POST', stacks, { path: 'cdk.tf.json' }),
      await call('POST', stacks, null),
    ];
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect((await call('DELETE', `${stacks}/nothing`)).status).toBe(404);
    expect((await call('GET', `${stacks}/nothing`)).status).toBe(404);
    expect((await call('PUT', stacks)).status).toBe(404);
  });

  it('does nothing for a page in a browser', async () => {
    const path = writeRelayStack(directory);
    expect((await call('POST', stacks, { path }, 'text/plain')).status).toBe(415);
    const rebound = await new Promise<number | undefined>((resolve, reject) => {
      const asked = httpRequest(stacks, { headers: { host: 'attacker.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on('error', reject).end();
    });
    expect(rebound).toBe(403);
    expect(cloud.stacks()).toEqual([]);
  });
});
