// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's policy variables are written so.
import { describe, expect, it } from '@jest/globals';
import type { Principal } from '../../core/service.ts';
import { Store } from '../../core/store.ts';
import type { RequestContext } from './conditions.ts';
import { IamService } from './iam-service.ts';

const ACCOUNT = { id: '111122223333', region: 'eu-west-2' };
const ROLE: Principal = { kind: 'role', arn: 'arn:aws:iam::111122223333:role/enrich' };
const RULE = 'arn:aws:events:eu-west-2:111122223333:rule/payments/enrich';
const EVENTS: Principal = { kind: 'service', service: 'events.amazonaws.com', sourceArn: RULE };
const QUEUE = 'arn:aws:sqs:eu-west-2:111122223333:enrich';
const TABLE = 'arn:aws:dynamodb:eu-west-2:111122223333:table/cards';
const KEY = 'arn:aws:kms:eu-west-2:111122223333:key/1';
const BUS = 'arn:aws:events:eu-west-2:111122223333:event-bus/payments';
const TRUST = JSON.stringify({
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
});

interface Case {
  readonly title: string;
  readonly caller?: Principal;
  readonly identity?: readonly object[];
  readonly resource?: readonly object[];
  readonly action: string;
  readonly arn: string;
  readonly context?: RequestContext;
  readonly allowed: boolean;
}

const ALLOW_SEND = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE };
const FROM_RULE = {
  ...ALLOW_SEND,
  Principal: { Service: 'events.amazonaws.com' },
  Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
};
const PUT = { action: 'events:PutEvents', arn: BUS };
const FROM_ENRICH = { Effect: 'Allow', Action: 'events:PutEvents', Resource: BUS };

function onSource(operator: string, value: unknown, key = 'events:source'): readonly object[] {
  return [{ ...FROM_ENRICH, Condition: { [operator]: { [key]: value } } }];
}

const CASES: readonly Case[] = [
  { title: 'nothing is allowed by default', action: 'sqs:SendMessage', arn: QUEUE, allowed: false },
  {
    title: 'a role by its policy',
    identity: [ALLOW_SEND],
    action: 'sqs:SendMessage',
    arn: QUEUE,
    allowed: true,
  },
  {
    title: 'no other action',
    identity: [ALLOW_SEND],
    action: 'sqs:ReceiveMessage',
    arn: QUEUE,
    allowed: false,
  },
  {
    title: 'no other resource',
    identity: [ALLOW_SEND],
    action: 'sqs:SendMessage',
    arn: `${QUEUE}-dlq`,
    allowed: false,
  },
  {
    title: 'wildcards in actions and resources, actions in any case',
    identity: [{ Effect: 'Allow', Action: 'DynamoDB:*Item', Resource: 'arn:aws:dynamodb:*:*:table/c?rds' }],
    action: 'dynamodb:PutItem',
    arn: TABLE,
    allowed: true,
  },
  {
    title: 'a dot stands for itself',
    identity: [{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::a.b/*' }],
    action: 's3:GetObject',
    arn: 'arn:aws:s3:::axb/k',
    allowed: false,
  },
  {
    title: 'a Deny wins over every Allow',
    identity: [ALLOW_SEND, { Effect: 'Deny', Action: 'sqs:*', Resource: '*' }],
    resource: [{ ...ALLOW_SEND, Principal: '*' }],
    action: 'sqs:SendMessage',
    arn: QUEUE,
    allowed: false,
  },
  {
    title: "a resource's Deny wins over the role's Allow",
    identity: [ALLOW_SEND],
    resource: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*' }],
    action: 'sqs:SendMessage',
    arn: QUEUE,
    allowed: false,
  },
  {
    title: 'NotAction and NotResource',
    identity: [{ Effect: 'Allow', NotAction: 'sqs:DeleteQueue', NotResource: `${QUEUE}-dlq` }],
    action: 'sqs:SendMessage',
    arn: QUEUE,
    allowed: true,
  },
  {
    title: "a role by the resource's policy alone",
    resource: [{ ...ALLOW_SEND, Principal: { AWS: ROLE.kind === 'role' ? ROLE.arn : '' } }],
    action: 'sqs:SendMessage',
    arn: QUEUE,
    allowed: true,
  },
  {
    title: 'the account in a resource policy leaves the matter to IAM',
    resource: [{ ...ALLOW_SEND, Principal: { AWS: 'arn:aws:iam::111122223333:root' } }],
    action: 'sqs:SendMessage',
    arn: QUEUE,
    allowed: false,
  },
  {
    title: 'a service by the resource policy',
    caller: EVENTS,
    resource: [FROM_RULE],
    action: 'sqs:SendMessage',
    arn: QUEUE,
    allowed: true,
  },
  {
    title: 'a service on behalf of another resource',
    caller: { ...EVENTS, sourceArn: `${RULE}-2` },
    resource: [FROM_RULE],
    action: 'sqs:SendMessage',
    arn: QUEUE,
    allowed: false,
  },
  {
    title: 'another service',
    caller: { kind: 'service', service: 'sns.amazonaws.com', sourceArn: RULE },
    resource: [FROM_RULE],
    action: 'sqs:SendMessage',
    arn: QUEUE,
    allowed: false,
  },
  {
    title: 'a service without a resource policy',
    caller: EVENTS,
    action: 'sqs:SendMessage',
    arn: QUEUE,
    allowed: false,
  },
  { title: 'the owner', caller: { kind: 'owner' }, action: 'sqs:DeleteQueue', arn: QUEUE, allowed: true },
  {
    title: 'a key whose policy leaves the matter to IAM',
    identity: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY }],
    resource: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
    action: 'kms:Decrypt',
    arn: KEY,
    allowed: true,
  },
  {
    title: 'a key whose policy does not',
    identity: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY }],
    resource: [
      { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'kms:*', Resource: '*' },
    ],
    action: 'kms:Decrypt',
    arn: KEY,
    allowed: false,
  },
  {
    title: 'StringEquals',
    identity: onSource('StringEquals', 'payments.enrich'),
    ...PUT,
    context: { 'events:source': 'payments.enrich' },
    allowed: true,
  },
  {
    title: 'StringEquals, another value',
    identity: onSource('StringEquals', 'payments.enrich'),
    ...PUT,
    context: { 'events:source': 'x' },
    allowed: false,
  },
  { title: 'StringEquals, no value', identity: onSource('StringEquals', 'x'), ...PUT, allowed: false },
  {
    title: 'StringEqualsIfExists, no value',
    identity: onSource('StringEqualsIfExists', 'x'),
    ...PUT,
    allowed: true,
  },
  { title: 'StringNotEquals, no value', identity: onSource('StringNotEquals', 'x'), ...PUT, allowed: true },
  {
    title: 'StringNotEquals, one of them',
    identity: onSource('StringNotEquals', ['x', 'y']),
    ...PUT,
    context: { 'events:source': 'y' },
    allowed: false,
  },
  {
    title: 'StringLike',
    identity: onSource('StringLike', ['a', 'payments.*']),
    ...PUT,
    context: { 'events:source': 'payments.rules' },
    allowed: true,
  },
  {
    title: 'ForAllValues',
    identity: onSource('ForAllValues:StringEquals', ['a', 'b']),
    ...PUT,
    context: { 'events:source': ['a', 'b'] },
    allowed: true,
  },
  {
    title: 'ForAllValues, one too many',
    identity: onSource('ForAllValues:StringEquals', ['a']),
    ...PUT,
    context: { 'events:source': ['a', 'b'] },
    allowed: false,
  },
  {
    title: 'ForAllValues, none',
    identity: onSource('ForAllValues:StringEquals', ['a']),
    ...PUT,
    allowed: true,
  },
  {
    title: 'ForAnyValue',
    identity: onSource('ForAnyValue:StringEquals', ['a']),
    ...PUT,
    context: { 'events:source': ['z', 'a'] },
    allowed: true,
  },
  { title: 'ForAnyValue, none', identity: onSource('ForAnyValue:StringLike', ['*']), ...PUT, allowed: false },
  { title: 'Null true', identity: onSource('Null', 'true'), ...PUT, allowed: true },
  { title: 'Null false', identity: onSource('Null', false), ...PUT, allowed: false },
  { title: 'Bool', identity: onSource('Bool', 'true', 'aws:SecureTransport'), ...PUT, allowed: true },
  {
    title: 'ArnLike on the caller',
    identity: onSource('ArnLike', 'arn:aws:iam::*:role/enr*', 'aws:PrincipalArn'),
    ...PUT,
    allowed: true,
  },
];

function setUp(identity: readonly object[], resource: readonly object[] | undefined): IamService {
  const policy = resource === undefined ? undefined : JSON.stringify({ Statement: resource });
  const iam = new IamService({ account: ACCOUNT, store: new Store(':memory:') }, { policyOf: () => policy });
  if (ROLE.kind !== 'role') throw new Error('the caller is a role');
  iam.roles.putRole('enrich', ROLE.arn, TRUST);
  if (identity.length > 0) iam.roles.putRolePolicy('enrich', 'main', JSON.stringify({ Statement: identity }));
  return iam;
}

describe('IAM decides', () => {
  it.each(CASES)('$title', (example) => {
    const { authorizer } = setUp(example.identity ?? [], example.resource);
    const decide = (): void =>
      authorizer.authorize(example.caller ?? ROLE, example.action, example.arn, example.context);
    if (example.allowed) expect(decide).not.toThrow();
    else expect(decide).toThrow('is not authorized to perform');
    // Once more, from the cache.
    if (example.allowed) expect(decide).not.toThrow();
    else expect(decide).toThrow('is not authorized to perform');
  });

  it('names caller, action, resource and reason as AWS does', () => {
    const { authorizer } = setUp([], undefined);
    expect(() => authorizer.authorize(ROLE, 'sqs:SendMessage', QUEUE)).toThrow(
      `User: arn:aws:sts::111122223333:assumed-role/enrich/local is not authorized to perform: sqs:SendMessage ` +
        `on resource: ${QUEUE} because no identity-based policy allows the sqs:SendMessage action`,
    );
    const denied = setUp([{ Effect: 'Deny', Action: '*', Resource: '*' }], undefined);
    expect(() => denied.authorizer.authorize(ROLE, 'sqs:SendMessage', QUEUE)).toThrow(
      'with an explicit deny in an identity-based policy',
    );
  });

  it('decides anew when a policy changes', () => {
    const iam = setUp([], undefined);
    expect(() => iam.authorizer.authorize(ROLE, 'sqs:SendMessage', QUEUE)).toThrow();
    iam.roles.putRolePolicy('enrich', 'more', JSON.stringify({ Statement: [ALLOW_SEND] }));
    expect(() => iam.authorizer.authorize(ROLE, 'sqs:SendMessage', QUEUE)).not.toThrow();
    iam.roles.removeRolePolicy('enrich', 'more');
    expect(() => iam.authorizer.authorize(ROLE, 'sqs:SendMessage', QUEUE)).toThrow();
  });

  it('tells which grants were used, which never, and what was denied', () => {
    const iam = setUp(
      [
        { Sid: 'Send', Effect: 'Allow', Action: ['sqs:SendMessage', 'sqs:DeleteMessage'], Resource: QUEUE },
        { Sid: 'SendAgain', ...ALLOW_SEND },
        { Sid: 'Refuse', Effect: 'Deny', Action: 'sns:Publish', Resource: '*' },
      ],
      undefined,
    );
    iam.authorizer.authorize(ROLE, 'sqs:SendMessage', QUEUE);
    iam.authorizer.authorize(ROLE, 'sqs:SendMessage', QUEUE);
    expect(() => iam.authorizer.authorize(ROLE, 'sns:Publish', TABLE)).toThrow();
    const uses = iam.authorizer.grants().map(({ statement, action, used }) => [statement, action, used]);
    expect(uses).toEqual([
      ['Send', 'sqs:SendMessage', 2],
      ['Send', 'sqs:DeleteMessage', 0],
      ['SendAgain', 'sqs:SendMessage', 0],
    ]);
    expect(iam.authorizer.denials()).toEqual([
      {
        caller: 'arn:aws:sts::111122223333:assumed-role/enrich/local',
        action: 'sns:Publish',
        resource: TABLE,
        times: 1,
      },
    ]);
  });

  it('counts the grant of a policy of its own once, whoever has it attached', () => {
    const iam = setUp([], undefined);
    const arn = 'arn:aws:iam::111122223333:policy/senders';
    iam.roles.putPolicy(arn, JSON.stringify({ Statement: [{ Sid: 'Send', ...ALLOW_SEND }] }));
    expect(iam.authorizer.grants()).toMatchObject([{ holder: arn, statement: 'Send', used: 0 }]);
    iam.roles.attach('enrich', arn);
    iam.authorizer.authorize(ROLE, 'sqs:SendMessage', QUEUE);
    expect(iam.authorizer.grants()).toMatchObject([{ holder: arn, statement: 'Send', used: 1 }]);
  });

  it('goes on counting when the store is opened again, also after a crash', () => {
    const store = new Store(':memory:');
    const allow = (times: number): IamService => {
      const iam = new IamService({ account: ACCOUNT, store }, { policyOf: () => undefined });
      if (ROLE.kind !== 'role') throw new Error('the caller is a role');
      iam.roles.putRole('enrich', ROLE.arn, TRUST);
      iam.roles.putRolePolicy('enrich', 'main', JSON.stringify({ Statement: [ALLOW_SEND] }));
      for (let time = 0; time < times; time += 1) iam.authorizer.authorize(ROLE, 'sqs:SendMessage', QUEUE);
      return iam;
    };
    allow(1);
    allow(2).authorizer.save();
    expect(allow(0).authorizer.grants()).toMatchObject([{ action: 'sqs:SendMessage', used: 3 }]);
  });

  describe('of what a key encrypts', () => {
    const useOfKey = { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY };
    const setUpKey = (identity: readonly object[], keyPolicy: readonly object[]): IamService => {
      const iam = new IamService(
        { account: ACCOUNT, store: new Store(':memory:') },
        {
          policyOf: (arn) => {
            if (arn === KEY) return JSON.stringify({ Statement: keyPolicy });
            return arn === QUEUE ? JSON.stringify({ Statement: [FROM_RULE] }) : undefined;
          },
          keyOf: (arn) => (arn === QUEUE || arn === TABLE ? KEY : undefined),
        },
      );
      if (ROLE.kind !== 'role') throw new Error('the caller is a role');
      iam.roles.putRole('enrich', ROLE.arn, TRUST);
      iam.roles.putRolePolicy('enrich', 'main', JSON.stringify({ Statement: identity }));
      return iam;
    };
    const delegating = { ...useOfKey, Resource: '*', Principal: { AWS: 'arn:aws:iam::111122223333:root' } };

    it('asks the key of the caller too, and counts its grants', () => {
      const { authorizer } = setUpKey([ALLOW_SEND, useOfKey], [delegating]);
      authorizer.authorize(ROLE, 'sqs:SendMessage', QUEUE);
      const used = authorizer.grants().filter((grant) => grant.used > 0);
      expect(used.map(({ holder, action }) => [holder, action])).toEqual([
        [ROLE.kind === 'role' ? ROLE.arn : '', 'sqs:SendMessage'],
        [ROLE.kind === 'role' ? ROLE.arn : '', 'kms:Decrypt'],
        [ROLE.kind === 'role' ? ROLE.arn : '', 'kms:GenerateDataKey'],
        [KEY, 'kms:Decrypt'],
        [KEY, 'kms:GenerateDataKey'],
      ]);
    });

    it.each([
      [
        'a role without the key',
        ROLE,
        [ALLOW_SEND],
        [delegating],
        'sqs:SendMessage',
        QUEUE,
        'kms:GenerateDataKey',
      ],
      [
        'a role whose key the policy of the key closes',
        ROLE,
        [ALLOW_SEND, useOfKey],
        [{ ...delegating, Principal: { Service: 's3.amazonaws.com' } }],
        'sqs:SendMessage',
        QUEUE,
        'kms:GenerateDataKey',
      ],
      [
        'a reader without the key',
        ROLE,
        [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: TABLE }],
        [delegating],
        'dynamodb:GetItem',
        TABLE,
        'kms:Decrypt',
      ],
      [
        'a service without the key',
        EVENTS,
        [],
        [delegating],
        'sqs:SendMessage',
        QUEUE,
        'kms:GenerateDataKey',
      ],
    ] as const)('denies it to %s', (_title, caller, identity, keyPolicy, action, arn, missing) => {
      const { authorizer } = setUpKey(identity, keyPolicy);
      expect(() => authorizer.authorize(caller, action, arn)).toThrow(
        `is not authorized to perform: ${missing} on resource: ${KEY}`,
      );
    });
  });

  it('lets a service act in a role only by its trust policy', () => {
    const { authorizer } = setUp([], undefined);
    const arn = ROLE.kind === 'role' ? ROLE.arn : '';
    expect(() => authorizer.assertAssumable(arn, 'lambda.amazonaws.com', 'f')).not.toThrow();
    expect(() => authorizer.assertAssumable(arn, 'states.amazonaws.com', 'm')).toThrow(
      'cannot assume the role',
    );
    expect(() => authorizer.assertAssumable(`${arn}-x`, 'lambda.amazonaws.com', 'f')).toThrow(
      'there is no such role',
    );
  });
});

describe('IAM refuses to deploy', () => {
  it.each([
    ['an operator', { Condition: { NumericLessThan: { 'events:source': 1 } } }, 'NumericLessThan'],
    ['a key', { Condition: { StringEquals: { 'aws:UserAgent': 'x' } } }, 'aws:UserAgent'],
    ['a policy variable', { Resource: 'arn:aws:s3:::b/${aws:username}' }, 'policy variables'],
    ['a member', { NotPrincipal: '*' }, 'NotPrincipal'],
    ['an effect', { Effect: 'allow' }, 'Effect'],
  ])('%s that it does not run', (_title, change, named) => {
    expect(() => setUp([{ ...ALLOW_SEND, ...change }], undefined)).toThrow(named);
  });
});
