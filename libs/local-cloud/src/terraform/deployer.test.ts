// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's interpolations.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../core/aws-error.ts';
import { Store } from '../core/store.ts';
import { accountDataSources } from './account-data-sources.ts';
import { Deployer } from './deployer.ts';
import { readStack, type Stack, StackRefusedError } from './stack.ts';
import { ToyResource } from './toy-resource.ts';

describe('the deployer', () => {
  let directory: string;
  let store: Store;
  let journal: string[];
  let queue: ToyResource;
  let deployer: Deployer;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'stack-'));
    store = new Store(':memory:');
    journal = [];
    // Names of real types, so that the table of replacements applies.
    queue = new ToyResource('aws_sqs_queue', journal);
    const lambda = new ToyResource('aws_lambda_function', journal);
    const account = { id: '000000000000', region: 'eu-west-2' };
    deployer = new Deployer(store, [queue, lambda], accountDataSources(account));
  });

  afterEach(() => {
    store.close();
    rmSync(directory, { recursive: true });
  });

  function stack(resource: JsonObject, more: JsonObject = {}, name = 'enrich'): Stack {
    const folder = join(directory, name);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'cdk.tf.json');
    const head = {
      '//': { metadata: { stackName: name } },
      terraform: {},
      provider: { aws: [{ region: 'x' }] },
    };
    writeFileSync(file, JSON.stringify({ ...head, resource, ...more }));
    return readStack(file);
  }

  function problemsOf(wanted: Stack): unknown {
    try {
      deployer.plan(wanted);
    } catch (error) {
      if (error instanceof StackRefusedError) return error.problems;
      throw error;
    }
    return [];
  }

  it('makes resources in the order of their references, with values in place', async () => {
    const wanted = stack(
      {
        aws_sqs_queue: {
          main: {
            name: 'main',
            policy:
              '{"deadLetter":"${aws_sqs_queue.dead-letters.arn}","account":"${data.aws_caller_identity.me.account_id}"}',
            settings: { level: 3, target: '${aws_sqs_queue.dead-letters.nested[0].arn}' },
            text: '$${kept} ${path.module} ${local.greeting} ${aws_sqs_queue.dead-letters.nested.0.arn}',
          },
          'dead-letters': { name: 'dead' },
        },
      },
      {
        data: { aws_caller_identity: { me: {} } },
        locals: { greeting: 'hello' },
        output: { arn: { value: '${aws_sqs_queue.main.arn}' } },
      },
    );
    const seen: string[] = [];
    const deployment = await deployer.apply(wanted, (step) => seen.push(`${step.action} ${step.address}`));
    expect(journal).toEqual(['create dead', 'create main']);
    expect(seen).toEqual(['create aws_sqs_queue.dead-letters', 'create aws_sqs_queue.main']);
    expect(deployment.outputs).toEqual({ arn: 'arn:toy:main' });
    expect(deployer.resourcesOf('enrich')[1]?.arguments).toEqual({
      name: 'main',
      policy: '{"deadLetter":"arn:toy:dead","account":"000000000000"}',
      settings: { level: 3, target: 'arn:nested:dead' },
      text: `\${kept} ${wanted.directory} hello arn:nested:dead`,
    });
  });

  it('does nothing where nothing changed, updates in place, replaces by name, removes what has left', async () => {
    const one = { name: 'one', text: '${aws_sqs_queue.two.arn}' };
    await deployer.apply(stack({ aws_sqs_queue: { one, two: { name: 'two' }, three: { name: 'three' } } }));
    journal.length = 0;

    const same = deployer.plan(
      stack({ aws_sqs_queue: { one, two: { name: 'two' }, three: { name: 'three' } } }),
    );
    expect(same.map((step) => step.action)).toEqual(['none', 'none', 'none']);

    const changed = stack({
      aws_sqs_queue: { one, two: { name: 'two', text: 'new' }, three: { name: 'drei' } },
    });
    expect(deployer.plan(changed)).toEqual([
      {
        address: 'aws_sqs_queue.two',
        action: 'update',
        changes: [{ argument: 'text', before: undefined, after: 'new' }],
      },
      { address: 'aws_sqs_queue.one', action: 'none', changes: [] },
      {
        address: 'aws_sqs_queue.three',
        action: 'replace',
        changes: [{ argument: 'name', before: 'three', after: 'drei' }],
      },
    ]);
    await deployer.apply(changed);
    expect(journal).toEqual(['update two', 'destroy three', 'create drei']);

    journal.length = 0;
    await deployer.apply(stack({ aws_sqs_queue: { one: { name: 'one' } } }));
    expect(journal).toEqual(['destroy drei', 'destroy two', 'update one']);
  });

  it('updates what refers to something replaced', async () => {
    const one = { name: 'one', text: '${aws_sqs_queue.two.arn}' };
    await deployer.apply(stack({ aws_sqs_queue: { one, two: { name: 'two' } } }));
    const steps = deployer.plan(stack({ aws_sqs_queue: { one, two: { name: 'zwei' } } }));
    expect(steps.map((step) => [step.address, step.action])).toEqual([
      ['aws_sqs_queue.two', 'replace'],
      ['aws_sqs_queue.one', 'update'],
    ]);
  });

  it('names all that it does not run, before anything is changed', () => {
    const wanted = stack(
      {
        aws_sqs_queue: {
          a: { name: 'a', colour: 'red', settings: [{ level: 1 }, { depth: 2 }], tags: { x: 'y' } },
          b: { name: 'b', count: 2, text: '${upper("x")}', policy: '${a.b ? 1 : 2}' },
          c: { name: '${aws_sqs_queue.nowhere.arn}' },
          d: { name: 'd', text: '${aws_sqs_queue.a.colour_of_hair}' },
        },
        aws_rds_cluster: { e: { name: 'e' } },
      },
      { data: { aws_ami: { f: {} } }, module: {} },
    );
    expect(problemsOf(wanted)).toEqual(
      expect.arrayContaining([
        { address: 'module', message: 'a "module" block is not run' },
        expect.objectContaining({ address: 'aws_sqs_queue.a', argument: 'colour' }),
        expect.objectContaining({ address: 'aws_sqs_queue.a', argument: 'settings.depth' }),
        expect.objectContaining({ address: 'aws_sqs_queue.b', argument: 'count' }),
        expect.objectContaining({ address: 'aws_sqs_queue.b', message: expect.stringContaining('upper(…)') }),
        expect.objectContaining({ address: 'aws_sqs_queue.b', argument: 'policy' }),
        expect.objectContaining({
          address: 'aws_sqs_queue.c',
          message: expect.stringContaining('aws_sqs_queue.nowhere'),
        }),
        expect.objectContaining({
          address: 'aws_rds_cluster.e',
          message: expect.stringContaining('aws_rds_cluster'),
        }),
        expect.objectContaining({ address: 'data.aws_ami.f' }),
      ]),
    );
    expect(journal).toEqual([]);
  });

  it('refuses an attribute that a resource turns out not to have', async () => {
    const wanted = stack({
      aws_sqs_queue: { a: { name: 'a' }, b: { name: 'b', text: '${aws_sqs_queue.a.hair}' } },
    });
    await expect(deployer.apply(wanted)).rejects.toThrow('text: aws_sqs_queue.a has no attribute "hair"');
  });

  it('refuses a cycle and a name that another stack has', async () => {
    const cycle = stack({
      aws_sqs_queue: {
        a: { name: '${aws_sqs_queue.b.arn}' },
        b: { name: 'b', depends_on: ['aws_sqs_queue.a'] },
      },
    });
    expect(problemsOf(cycle)).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('depends on itself') }),
    );
    await deployer.apply(stack({ aws_sqs_queue: { a: { name: 'shared' } } }));
    expect(problemsOf(stack({ aws_sqs_queue: { z: { name: 'shared' } } }, {}, 'rules'))).toEqual([
      { address: 'aws_sqs_queue.z', message: '"shared" is already aws_sqs_queue.a of the stack "enrich"' },
    ]);
  });

  it('honours prevent_destroy and ignore_changes', async () => {
    const lifecycle = { prevent_destroy: true, ignore_changes: ['text'] };
    await deployer.apply(stack({ aws_sqs_queue: { a: { name: 'a', text: '1', lifecycle } } }));
    const ignored = deployer.plan(stack({ aws_sqs_queue: { a: { name: 'a', text: '2', lifecycle } } }));
    expect(ignored[0]?.action).toBe('none');
    expect(problemsOf(stack({ aws_sqs_queue: { a: { name: 'b', lifecycle } } }))).toEqual([
      { address: 'aws_sqs_queue.a', message: expect.stringContaining('prevent_destroy') },
    ]);
  });

  it('goes on where a failure stopped it', async () => {
    queue.broken.add('b');
    const wanted = stack({
      aws_sqs_queue: { a: { name: 'a' }, b: { name: 'b', text: '${aws_sqs_queue.a.arn}' } },
    });
    await expect(deployer.apply(wanted)).rejects.toThrow('aws_sqs_queue.b: create failed: b is broken');
    queue.broken.clear();
    await deployer.apply(wanted);
    expect(journal).toEqual(['create a', 'create b']);
  });

  it('destroys one stack, dependents first, and leaves the others', async () => {
    await deployer.apply(
      stack({ aws_sqs_queue: { a: { name: 'a' }, b: { name: 'b', text: '${aws_sqs_queue.a.arn}' } } }),
    );
    await deployer.apply(stack({ aws_sqs_queue: { z: { name: 'z' } } }, {}, 'rules'));
    journal.length = 0;
    await deployer.destroy('enrich');
    expect(journal).toEqual(['destroy b', 'destroy a']);
    expect(deployer.stacks()).toEqual(['rules']);
  });

  it('resolves the path of a bundle and its hash against the stack', async () => {
    const wanted = stack({
      aws_lambda_function: {
        f: { name: 'f', text: '${filebase64sha256("bundle.zip")}', filename: 'bundle.zip' },
      },
    });
    writeFileSync(join(wanted.directory, 'bundle.zip'), 'zip');
    await deployer.apply(wanted);
    expect(deployer.resourcesOf('enrich')[0]?.arguments).toEqual({
      name: 'f',
      text: 'SnD+mqZDbgLC3qNA+9HjUuTvLYzmylKtJdS5VHH8i/I=',
      filename: join(wanted.directory, 'bundle.zip'),
    });
  });
});
