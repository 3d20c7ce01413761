import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  firstBlock,
  LOCAL_PLATFORM,
  loadEnvironment,
  reference,
  SynthesizedStack,
  statementsOf,
  subscriberGrants,
  synthesizeFor,
  synthesizeStacks,
} from '@payments/infra/testing';
import { stage } from './stage.ts';

const stacks = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url));
const local = stacks.in('local');

describe('the stack of posting', () => {
  it('lets the subscriber assemble and append, and never change or remove what is booked', () => {
    expect(local.grants('subscriber')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.assembly.arn',
      'dynamodb:BatchGetItem aws_dynamodb_table.ledger.arn',
      'dynamodb:BatchWriteItem aws_dynamodb_table.assembly.arn',
      'dynamodb:GetItem aws_dynamodb_table.ledger.arn',
      'dynamodb:PutItem aws_dynamodb_table.additions.arn',
      'dynamodb:PutItem aws_dynamodb_table.ledger.arn',
      'dynamodb:Query aws_dynamodb_table.additions.arn',
      'dynamodb:Query aws_dynamodb_table.ledger.arn',
      ...subscriberGrants(stage),
    ]);
  });

  it('lets the fold read the ledger and change balances', () => {
    expect(local.grants('fold')).toEqual([
      'dynamodb:DescribeStream aws_dynamodb_table.ledger.stream_arn',
      'dynamodb:GetRecords aws_dynamodb_table.ledger.stream_arn',
      'dynamodb:GetShardIterator aws_dynamodb_table.ledger.stream_arn',
      'dynamodb:ListStreams aws_dynamodb_table.ledger.stream_arn',
      'dynamodb:PutItem aws_dynamodb_table.balances.arn',
      'dynamodb:UpdateItem aws_dynamodb_table.balances.arn',
      'sqs:SendMessage aws_sqs_queue.fold-ledger-failed.arn',
    ]);
  });

  it('lets the watch look for what waits, forget what is booked, and say what is late', () => {
    expect(local.grants('age')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.ledger.arn',
      'dynamodb:BatchWriteItem aws_dynamodb_table.assembly.arn',
      'dynamodb:Scan aws_dynamodb_table.assembly.arn',
      'dynamodb:UpdateItem aws_dynamodb_table.assembly.arn',
      `events:PutEvents ${LOCAL_PLATFORM.busArn}`,
    ]);
  });

  it('lets each say its own: the subscriber what became of a sequence, the watch that one is late', () => {
    const allowed = (purpose: string): unknown =>
      statementsOf(local.resource('aws_iam_role_policy', `${purpose}-role-policy`)['policy']).find(
        ({ Sid }) => Sid === 'PublishEvents',
      )?.Condition?.['StringEquals']?.['events:detail-type'];
    expect(allowed('subscriber')).toEqual(['TransactionPosted', 'TransactionPostingFailed']);
    expect(allowed('age')).toEqual(['TransactionPostingDelayed']);
  });

  it('folds booked sequences from the ledger, and stops at nothing', () => {
    const mapping = local.resource('aws_lambda_event_source_mapping', 'fold-ledger');
    expect(mapping).toMatchObject({
      event_source_arn: reference('aws_dynamodb_table.ledger.stream_arn'),
      function_name: reference('aws_lambda_function.fold.arn'),
      starting_position: 'TRIM_HORIZON',
      batch_size: 100,
      bisect_batch_on_function_error: true,
    });
    const { filter } = firstBlock(mapping['filter_criteria']);
    expect(JSON.parse(String(firstBlock(filter)['pattern']))).toEqual({
      eventName: ['INSERT'],
      dynamodb: { NewImage: { position: { S: ['SEQUENCE'] } } },
    });
  });

  it('looks for late sequences every minute, and rings on the first', () => {
    expect(local.resource('aws_scheduler_schedule', 'age-sequences')).toMatchObject({
      schedule_expression: 'rate(1 minute)',
      target: { arn: reference('aws_lambda_function.age.arn') },
    });
    expect(local.resource('aws_cloudwatch_metric_alarm', 'late-sequences-alarm')).toMatchObject({
      namespace: 'payments/local',
      metric_name: 'LateSequences',
      dimensions: { Stage: 'posting' },
      threshold: 0,
    });
  });

  it('keeps entries by sequence and number, and the ledger by sequence and position', () => {
    expect(local.resource('aws_dynamodb_table', 'assembly')).toMatchObject({
      hash_key: 'sequenceId',
      range_key: 'number',
    });
    expect(local.resource('aws_dynamodb_table', 'additions')).toMatchObject({
      hash_key: 'sequenceId',
      range_key: 'number',
    });
    expect(local.resource('aws_dynamodb_table', 'ledger')).toMatchObject({
      hash_key: 'sequenceId',
      range_key: 'position',
      stream_view_type: 'NEW_IMAGE',
    });
  });

  it('indexes entries on accounts of customers in the order of their booking', () => {
    const ledger = local.resource('aws_dynamodb_table', 'ledger');
    expect(firstBlock(ledger['global_secondary_index'])).toEqual({
      name: 'statement',
      hash_key: 'customerAccountId',
      range_key: 'bookedOrder',
      projection_type: 'ALL',
    });
  });

  it('books in the reference ledger where the environment names no core', () => {
    for (const [, stack] of stacks.entries())
      expect(stack.variables('subscriber')['POSTING_SYSTEM']).toBe('reference-ledger');
  });
});

describe('the stack of posting with a core', () => {
  const directory = mkdtempSync(join(tmpdir(), 'payments-core-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const core = {
    url: 'https://core.bank.example/postings',
    timeoutMilliseconds: 2000,
    attempts: 4,
    failuresToOpen: 5,
    openSeconds: 30,
  };

  function stackWith(coreOfIt: typeof core & { secretId?: string }) {
    const environment = { ...loadEnvironment('dev'), core: coreOfIt };
    const handlerZip = join(directory, 'handler.zip');
    writeFileSync(handlerZip, 'no bundle');
    const infra = new URL('./infra.ts', import.meta.url);
    const stack = new SynthesizedStack(
      readFileSync(
        synthesizeFor(environment, stage.name, infra, { outDirectory: directory, handlerZip }),
        'utf8',
      ),
    );
    return stack;
  }

  it('knows it by its environment, and how long it may be called', () => {
    const stack = stackWith(core);
    expect(JSON.parse(String(stack.variables('subscriber')['POSTING_SYSTEM']))).toEqual({
      ...core,
      budgetMilliseconds: 30_000,
    });
    expect(stack.text).not.toContain('secretsmanager');
    expect(stack.resource('aws_lambda_function', 'subscriber')['layers']).toBeUndefined();
  });

  it('lets the subscriber alone read the one secret that holds its token', () => {
    const stack = stackWith({ ...core, secretId: 'payments/core-token' });
    expect(stack.grants('subscriber')).toContain(
      'secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-2:111122223333:secret:payments/core-token-??????',
    );
    expect(stack.text.match(/secretsmanager:GetSecretValue/g)).toHaveLength(1);
    expect(stack.resource('aws_lambda_function', 'subscriber')['layers']).toEqual([
      expect.stringContaining('AWS-Parameters-and-Secrets-Lambda-Extension-Arm64'),
    ]);
    expect(stack.resource('aws_lambda_function', 'age')['layers']).toBeUndefined();
  });
});
