import { describe, expect, it } from '@jest/globals';
import { statementsOf, synthesizeStacks } from '@payments/infra/testing';
import { stage } from './stage.ts';

const local = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url)).in('local');

describe('the stack of ingest', () => {
  it('keeps the log in a table of which the stream shows each new row', () => {
    expect(local.resource('aws_dynamodb_table', 'authorizations')).toMatchObject({
      name: 'payments-local-ingest-authorizations',
      hash_key: 'transactionId',
      stream_enabled: true,
      stream_view_type: 'NEW_IMAGE',
    });
  });

  it('has a key of its own for the vault, which no service may use by itself', () => {
    expect(local.resource('aws_kms_alias', 'vault-key-alias')['name']).toBe('alias/payments-local-vault');
    const statements = statementsOf(local.resource('aws_kms_key', 'vault-key')['policy']);
    expect(statements.map(({ Principal }) => Principal)).toEqual([{ AWS: 'arn:aws:iam::000000000000:root' }]);
  });

  it('lets the tokenizer use the vault, and not write the log', () => {
    const vault = [
      'dynamodb:BatchGetItem aws_dynamodb_table.card-tokens.arn',
      'dynamodb:GetItem aws_dynamodb_table.card-tokens.arn',
      'dynamodb:PutItem aws_dynamodb_table.card-tokens.arn',
      'kms:Decrypt aws_kms_key.vault-key.arn',
      'kms:GenerateDataKey aws_kms_key.vault-key.arn',
    ];
    expect(local.grants('tokenize')).toEqual(vault);
    expect(local.grants('ingest')).toEqual(
      [...vault, 'dynamodb:BatchWriteItem aws_dynamodb_table.authorizations.arn'].sort(),
    );
  });

  it('subscribes to nothing, and only the API may put anything on the bus', () => {
    expect(local.resources('aws_cloudwatch_event_rule').size).toBe(0);
    const publishers = [...local.resources('aws_iam_role_policy')].filter(([, { policy }]) =>
      String(policy).includes('events:PutEvents'),
    );
    expect(publishers.map(([id]) => id)).toEqual(['api-role-policy']);
  });
});
