// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's interpolations.
import { describe, expect, it } from '@jest/globals';
import type { StackDocument } from '../stack-files.ts';
import { dataOnly, isDataOnly } from './data-only-stack.ts';

const TERRAFORM = { backend: { s3: { bucket: 'state', key: 'inbound.tfstate' } } };

/** Files come to a bucket, of which a queue hears, from which a function writes to a table and its log. */
const STACK = {
  terraform: TERRAFORM,
  output: { url: { value: '${aws_sqs_queue.files.url}' } },
  data: {
    aws_kms_alias: { 'platform-key': { name: 'alias/payments' } },
    aws_dynamodb_table: { neighbour: { name: 'ledger' } },
  },
  resource: {
    aws_dynamodb_table: { rows: { name: 'rows', kms: '${data.aws_kms_alias.platform-key.target_key_arn}' } },
    aws_s3_bucket: { inbound: { bucket: 'inbound' } },
    aws_s3_bucket_policy: {
      inbound: { bucket: '${aws_s3_bucket.inbound.id}', policy: '{"AWS":"${aws_iam_role.sender.arn}"}' },
    },
    aws_s3_bucket_notification: {
      inbound: { bucket: '${aws_s3_bucket.inbound.id}', queue: '${aws_sqs_queue.files.arn}' },
    },
    aws_sqs_queue: { files: { name: 'files' } },
    aws_iam_role: { sender: { name: 'sender' }, reader: { name: 'reader' } },
    aws_lambda_function: {
      reader: { role: '${aws_iam_role.reader.arn}', depends_on: ['aws_sqs_queue.files'] },
    },
    aws_cloudwatch_log_group: { reader: { name: '/aws/lambda/reader' } },
  },
};

describe('a stack without all that works on data', () => {
  const reduced = dataOnly(STACK);

  it('keeps what holds data and what that refers to, as it stands, and nothing else', () => {
    const { aws_dynamodb_table, aws_s3_bucket, aws_s3_bucket_policy, aws_cloudwatch_log_group } =
      STACK.resource;
    expect(reduced.resource).toEqual({
      aws_dynamodb_table,
      aws_s3_bucket,
      aws_s3_bucket_policy,
      aws_cloudwatch_log_group,
      aws_iam_role: { sender: STACK.resource.aws_iam_role.sender },
    });
    expect(reduced.data).toEqual({ aws_kms_alias: STACK.data.aws_kms_alias });
  });

  it('is of the same state, and says nothing of what is gone', () => {
    expect(reduced).toMatchObject({ terraform: TERRAFORM });
    expect(JSON.stringify(reduced)).not.toContain('aws_sqs_queue');
  });

  it('is empty where a stack holds no data', () => {
    expect(dataOnly({ resource: { aws_sqs_queue: { files: { name: 'files' } } } }).resource).toEqual({});
  });

  it('is told from the whole by what is deployed', () => {
    const addressesIn = ({ resource = {} }: StackDocument): string[] =>
      Object.entries(resource).flatMap(([type, named]) =>
        Object.keys(named).map((name) => `${type}.${name}`),
      );
    expect(isDataOnly(addressesIn(reduced))).toBe(true);
    expect(isDataOnly(addressesIn(STACK))).toBe(false);
    expect(isDataOnly(['aws_lambda_function'])).toBe(false);
  });
});
