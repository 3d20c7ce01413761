/** The conditions of a statement: operator, key, value or values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** What a role is allowed. */
export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

/** What a resource says of who may use it. */
export interface ResourceStatement extends Statement {
  readonly effect?: 'Allow' | 'Deny';
  /** A service (`events.amazonaws.com`), an account's root ARN, or everyone, which only a refusal may name. */
  readonly principal: { readonly service: string } | { readonly account: string } | 'everyone';
}

/** A policy that grants more than was asked for. */
export class PolicyTooWideError extends Error {
  override readonly name = 'PolicyTooWideError';
  readonly code = 'PolicyTooWide';
  readonly retryable = false;
}

/** Ends of a resource that may be wide, because what they stand for has names of its own: a bucket's objects
 * below a prefix, and the streams of one log group. */
const OPEN_ENDS = ['/*', ':log-stream:*'];

/**
 * A role's policy as JSON.
 *
 * @throws PolicyTooWideError for a wildcard in an action, or in a resource other than at its open end
 */
export function rolePolicy(statements: readonly Statement[]): string {
  return document(statements.map((statement) => ({ Effect: 'Allow', ...body(exact(statement)) })));
}

/**
 * A resource's policy as JSON.
 *
 * @throws PolicyTooWideError for a wildcard in what is allowed, or when everyone is allowed
 */
export function resourcePolicy(statements: readonly ResourceStatement[]): string {
  return document(
    statements.map((statement) => {
      const { effect = 'Allow', principal } = statement;
      if (effect === 'Allow') {
        exact(statement);
        if (principal === 'everyone') throw new PolicyTooWideError(`${statement.sid} allows everyone`);
      }
      return { Effect: effect, Principal: principalOf(principal), ...body(statement) };
    }),
  );
}

/** What a key says of who may use it; in a key's own policy `*` stands for that key (KMS developer guide, "Key
 * policies"), so its statements name no resource. */
export type KeyStatement = Omit<ResourceStatement, 'resources' | 'effect'>;

/**
 * A key's policy as JSON.
 *
 * @throws PolicyTooWideError for a wildcard in an action, or when everyone is allowed
 */
export function keyPolicy(statements: readonly KeyStatement[]): string {
  return document(
    statements.map((statement) => {
      exact({ ...statement, resources: [] });
      if (statement.principal === 'everyone')
        throw new PolicyTooWideError(`${statement.sid} allows everyone`);
      const { sid, actions, conditions } = statement;
      return {
        Effect: 'Allow',
        Principal: principalOf(statement.principal),
        ...body({ sid, actions, resources: ['*'], ...(conditions === undefined ? {} : { conditions }) }),
      };
    }),
  );
}

/** The policy that lets an AWS service act as a role, for this account's resources only where AWS can tell. */
export function trustPolicy(service: string, accountId: string): string {
  // Lambda takes a role when a function starts and names no source account then (IAM user guide, "The confused
  // deputy problem"); the function is created with iam:PassRole in this very account.
  const conditions =
    service === 'lambda.amazonaws.com'
      ? {}
      : { Condition: { StringEquals: { 'aws:SourceAccount': accountId } } };
  return document([
    {
      Sid: 'Assume',
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sts:AssumeRole',
      ...conditions,
    },
  ]);
}

/**
 * The refusal of calls that are not encrypted on their way.
 *
 * @param actions as many as the service takes in such a policy; SNS takes no wildcard
 */
export function tlsOnly(actions: string, resources: readonly string[]): ResourceStatement {
  return {
    sid: 'RefuseUnencryptedTransport',
    effect: 'Deny',
    principal: 'everyone',
    actions: [actions],
    resources,
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/** Workflow log deliveries belong to no resource (Step Functions developer guide, "Logging in CloudWatch Logs"). */
export const WORKFLOW_LOG_DELIVERY: Statement = {
  sid: 'DeliverWorkflowLogs',
  actions: [
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
    'logs:DescribeLogGroups',
  ],
  resources: ['*'],
};

/** Traces belong to no resource (Service Authorization Reference, "Actions, resources, and condition keys for AWS
 * X-Ray"). */
export const SEND_TRACES: Statement = {
  sid: 'SendTraces',
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  resources: ['*'],
};

/** The statements of ours that name all resources, because their actions belong to none. */
export const OF_NO_RESOURCE: readonly Statement[] = [WORKFLOW_LOG_DELIVERY, SEND_TRACES];

function exact<Any extends Statement>(statement: Any): Any {
  if (OF_NO_RESOURCE.includes(statement)) return statement;
  const wideAction = statement.actions.find((action) => action.includes('*'));
  const wideResource = statement.resources.find((resource) => {
    const end = OPEN_ENDS.find((each) => resource.endsWith(each)) ?? '';
    return resource.slice(0, resource.length - end.length).includes('*') || resource.length === end.length;
  });
  const wide = wideAction ?? wideResource;
  if (wide !== undefined) throw new PolicyTooWideError(`${statement.sid} allows "${wide}"`);
  return statement;
}

function body({ sid, actions, resources, conditions }: Statement): Record<string, unknown> {
  return {
    Sid: sid,
    Action: actions,
    Resource: resources,
    ...(conditions === undefined ? {} : { Condition: conditions }),
  };
}

function principalOf(principal: ResourceStatement['principal']): unknown {
  if (principal === 'everyone') return '*';
  return 'service' in principal ? { Service: principal.service } : { AWS: principal.account };
}

function document(statements: readonly Record<string, unknown>[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
