import { type PolicyStatement, type SynthesizedStack, statementsOf } from '../synthesized-stack.ts';

/** Wildcards that stand for names which others give: objects below a prefix, the streams of one log group. */
const OPEN_END = /^[^*]+(\/\*|:log-stream:\*)$/;
/** The actions that belong to no resource. */
const OF_NONE = /^(logs:\w*(LogDelivery|LogDeliveries|ResourcePolic\w+|LogGroups)|xray:Put\w+)$/;

const RESOURCE_POLICIES = ['aws_sqs_queue_policy', 'aws_sns_topic_policy', 'aws_s3_bucket_policy'];

/** No policy allows more than it names, and what is not a role's is refused without TLS. */
export function policyProblems(stack: SynthesizedStack): readonly string[] {
  const problems: string[] = [];
  for (const [address, { policy }] of stack.all()) {
    if (policy === undefined) continue;
    const statements = statementsOf(policy);
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    const isKey = address.startsWith('aws_kms_key.');
    for (const statement of allowed) problems.push(...wideness(address, statement, isKey));
    const type = address.split('.')[0] ?? '';
    if (RESOURCE_POLICIES.includes(type) && !statements.some(refusesPlainTransport)) {
      problems.push(`${address} does not refuse calls without TLS`);
    }
  }
  return problems;
}

function wideness(address: string, statement: PolicyStatement, isKey: boolean): readonly string[] {
  const problems: string[] = [];
  const actions = [statement.Action].flat();
  for (const action of actions)
    if (action.includes('*')) problems.push(`${address} allows the action ${action}`);
  if (statement.Principal === '*') problems.push(`${address} allows everyone`);
  // In a key's own policy, all resources are that key.
  if (isKey) return problems;
  const isOfNone = actions.every((action) => OF_NONE.test(action));
  for (const resource of statement.Resource) {
    if (resource.includes('*') && !OPEN_END.test(resource) && !isOfNone) {
      problems.push(`${address} allows ${statement.Sid} on ${resource}`);
    }
  }
  return problems;
}

function refusesPlainTransport({ Effect, Principal, Condition }: PolicyStatement): boolean {
  return Effect === 'Deny' && Principal === '*' && Condition?.['Bool']?.['aws:SecureTransport'] === 'false';
}
