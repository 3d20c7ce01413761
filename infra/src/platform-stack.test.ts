import { describe, expect, it } from '@jest/globals';
import { reference, statementsOf, synthesizeStacks } from './testing/index.ts';

const stacks = synthesizeStacks('platform');
const local = stacks.in('local');
const ACCOUNT_ROOT = 'arn:aws:iam::000000000000:root';

describe('the platform', () => {
  it('has the bus, encrypted, with a place for what its key refuses', () => {
    expect(local.resource('aws_cloudwatch_event_bus', 'bus')).toMatchObject({
      name: 'payments-local-platform-bus',
      kms_key_identifier: reference('aws_kms_key.key.arn'),
      dead_letter_config: { arn: reference('aws_sqs_queue.undecryptable.arn') },
    });
  });

  it('archives whatever is ours for as long as the environment says', () => {
    const archive = local.resource('aws_cloudwatch_event_archive', 'archive');
    expect(archive).toMatchObject({
      event_source_arn: reference('aws_cloudwatch_event_bus.bus.arn'),
      retention_days: 30,
    });
    expect(JSON.parse(String(archive['event_pattern']))).toEqual({ source: [{ prefix: 'payments.' }] });
  });

  it('has a key that services use only for this account, and nobody but the account looks after', () => {
    const statements = statementsOf(local.resource('aws_kms_key', 'key')['policy']);
    expect(statements.map(({ Principal }) => Principal)).toEqual([
      { AWS: ACCOUNT_ROOT },
      { Service: 'events.amazonaws.com' },
      { Service: 'cloudwatch.amazonaws.com' },
      { Service: 's3.amazonaws.com' },
      { Service: 'delivery.logs.amazonaws.com' },
      { Service: 'logs.eu-west-2.amazonaws.com' },
    ]);
    for (const { Condition, Principal } of statements) {
      const isAccount = JSON.stringify(Principal).includes(ACCOUNT_ROOT);
      expect(JSON.stringify(Condition ?? {}).includes('000000000000')).toBe(!isAccount);
    }
    expect(local.resource('aws_kms_alias', 'key-alias')['name']).toBe('alias/payments-local');
  });

  it('lets CloudWatch ring, and nobody else publish without a permission of its own', () => {
    const statements = statementsOf(local.resource('aws_sns_topic_policy', 'alarms-policy')['policy']);
    expect(statements.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Sid: 'Alarms',
        Action: ['sns:Publish'],
        Resource: ['arn:aws:sns:eu-west-2:000000000000:payments-local-platform-alarms'],
        Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } },
      },
    ]);
    expect(local.resource('aws_sns_topic', 'notifications')['name']).toBe(
      'payments-local-platform-notifications',
    );
  });

  it('keeps what was set aside as long as the environment says', () => {
    const lifecycle = JSON.stringify(
      local.resource('aws_s3_bucket_lifecycle_configuration', 'quarantine-lifecycle'),
    );
    expect(lifecycle).toContain('"expiration":[{"days":90}]');
  });

  it('has a registry for the contracts, which stages publish', () => {
    expect(local.resource('aws_schemas_registry', 'contracts')['name']).toBe(
      'payments-local-platform-contracts',
    );
    expect(local.resources('aws_schemas_schema').size).toBe(0);
  });

  it('has the same addresses in every environment', () => {
    const addresses = stacks.entries().map(([, stack]) => [...stack.all().keys()].join('\n'));
    expect(new Set(addresses).size).toBe(1);
  });

  it('keeps its state where the environment says', () => {
    expect(stacks.in('dev').text).toContain('"key": "payments/dev/platform.tfstate"');
    expect(local.text).toContain('"path": "platform.tfstate"');
  });
});
