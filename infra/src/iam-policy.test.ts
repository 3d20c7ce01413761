import { describe, expect, it } from '@jest/globals';
import {
  keyPolicy,
  OF_NO_RESOURCE,
  PolicyTooWideError,
  resourcePolicy,
  rolePolicy,
  tlsOnly,
  trustPolicy,
  WORKFLOW_LOG_DELIVERY,
} from './iam-policy.ts';

const QUEUE = 'arn:aws:sqs:eu-west-2:000000000000:queue';

describe('a role is allowed', () => {
  it('exactly what is said', () => {
    const policy = rolePolicy([
      {
        sid: 'Send',
        actions: ['sqs:SendMessage'],
        resources: [QUEUE],
        conditions: { Bool: { 'aws:x': 'true' } },
      },
    ]);
    expect(JSON.parse(policy)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Sid: 'Send',
          Action: ['sqs:SendMessage'],
          Resource: [QUEUE],
          Condition: { Bool: { 'aws:x': 'true' } },
        },
      ],
    });
  });

  it.each([
    ['an action with a wildcard', 'sqs:*', QUEUE],
    ['every resource', 'sqs:SendMessage', '*'],
    ['resources of a kind', 'sqs:SendMessage', 'arn:aws:sqs:eu-west-2:000000000000:*'],
    ['an open end and no more', 's3:PutObject', '/*'],
    ['objects of any bucket', 's3:PutObject', 'arn:aws:s3:::*/*'],
  ])('nothing that is wider: %s', (_case, action, resource) => {
    expect(() => rolePolicy([{ sid: 'Wide', actions: [action], resources: [resource] }])).toThrow(
      PolicyTooWideError,
    );
  });

  it.each([
    'arn:aws:s3:::bucket/*',
    'arn:aws:s3:::bucket/prefix/*',
    'arn:aws:logs:eu-west-2:0:log-group:x:log-stream:*',
  ])('what has names of its own: %s', (resource) => {
    expect(() =>
      rolePolicy([{ sid: 'Open', actions: ['s3:PutObject'], resources: [resource] }]),
    ).not.toThrow();
  });

  it('all resources for what belongs to none, and nothing else that calls itself so', () => {
    expect(() => rolePolicy(OF_NO_RESOURCE)).not.toThrow();
    expect(() => rolePolicy([{ ...WORKFLOW_LOG_DELIVERY, actions: ['logs:DeleteLogGroup'] }])).toThrow(
      PolicyTooWideError,
    );
  });
});

describe('a resource', () => {
  it('may refuse everyone, and not allow everyone', () => {
    const refusal = tlsOnly('sqs:*', [QUEUE]);
    expect(JSON.parse(resourcePolicy([refusal])).Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Principal: '*', Action: ['sqs:*'] }),
    ]);
    expect(() => resourcePolicy([{ ...refusal, effect: 'Allow', actions: ['sqs:SendMessage'] }])).toThrow(
      /allows everyone/,
    );
  });
});

describe('a key', () => {
  it('names itself in its own policy, and no wide action', () => {
    const principal = { service: 'events.amazonaws.com' };
    expect(JSON.parse(keyPolicy([{ sid: 'Use', principal, actions: ['kms:Decrypt'] }])).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Sid: 'Use',
        Action: ['kms:Decrypt'],
        Resource: ['*'],
      },
    ]);
    expect(() => keyPolicy([{ sid: 'Use', principal, actions: ['kms:*'] }])).toThrow(PolicyTooWideError);
  });
});

describe('trust', () => {
  it('is given for the resources of this account where the service says whose they are', () => {
    expect(trustPolicy('pipes.amazonaws.com', '000000000000')).toContain(
      '"aws:SourceAccount":"000000000000"',
    );
    expect(trustPolicy('lambda.amazonaws.com', '000000000000')).not.toContain('Condition');
  });
});
