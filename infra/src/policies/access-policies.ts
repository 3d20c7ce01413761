import { OF_NO_RESOURCE } from '../iam-policy.ts';
import { type Arguments, referenceTo, type SynthesizedStack } from '../synthesized-stack.ts';
import type { Fault, Policy } from './policy.ts';
import { allowedBy, readStatements } from './statements.ts';

/** Wildcards that stand for names which others give: objects below a prefix, the streams of one log group. */
const OPEN_END = /^[^*]+(\/\*|:log-stream:\*)$/;
const ACTIONS_OF_NO_RESOURCE = new Set(OF_NO_RESOURCE.flatMap(({ actions }) => actions));
/** A reference to a policy that the stack itself makes. */
const OWN_POLICY = '${aws_iam_policy.';
const BLOCKED = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'];

/** What nobody needs, nobody may. */
export const LEAST_PRIVILEGE: Policy = {
  name: 'least-privilege',
  demands:
    'No policy allows a wildcard, but for objects below a prefix, streams of one log group, and actions that belong to no resource.',
  source: 'IAM user guide, "Security best practices in IAM", apply least-privilege permissions',
  check: ({ stack }) => {
    const faults: Fault[] = [];
    for (const [address, args] of stack.all()) {
      // A key's policy is held by key-policies: in it all resources are that key.
      if (args['policy'] !== undefined && !address.startsWith('aws_kms_key.'))
        faults.push(...widenessOf(address, args['policy']));
      const borrowed = [args['policy_arn'], args['managed_policy_arns'], args['inline_policy']]
        .flat()
        .filter((each) => each !== undefined && !String(each).startsWith(OWN_POLICY));
      if (borrowed.length > 0)
        faults.push({
          address,
          wrong: 'is granted what is not in a policy of this stack',
          remedy: 'Grant it with a ServiceRole, which holds one policy with exactly what was granted.',
        });
    }
    return faults;
  },
};

function widenessOf(address: string, policy: unknown): readonly Fault[] {
  const statements = readStatements(policy);
  if (statements === undefined)
    return [
      {
        address,
        wrong: 'is a policy that cannot be read here',
        remedy: 'Write it as JSON with rolePolicy or resourcePolicy.',
      },
    ];
  return statements
    .filter(({ isAllowed }) => isAllowed)
    .flatMap(({ sid, actions, resources, isInverted }) => {
      const isOfNone = actions.every((action) => ACTIONS_OF_NO_RESOURCE.has(action));
      const wide = [
        ...(isInverted ? ['whatever it does not name'] : []),
        ...actions.filter((action) => action.includes('*')),
        ...resources.filter((each) => each.includes('*') && !OPEN_END.test(each) && !isOfNone),
      ];
      return wide.map((each) => ({
        address,
        wrong: `allows "${each}" in ${sid}`,
        remedy: 'Name the actions and resources one by one, with a grant of the construct that owns them.',
      }));
    });
}

/** What is ours answers to those whom we named. */
export const PUBLIC_ACCESS: Policy = {
  name: 'public-access',
  demands:
    'No resource allows everyone; buckets are closed to the public and owned by the account; a URL takes signed requests only.',
  source: 'S3 user guide, "Blocking public access to your Amazon S3 storage"',
  check: ({ stack }) => [...everyone(stack), ...buckets(stack), ...urls(stack)],
};

function everyone(stack: SynthesizedStack): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [address, { policy, assume_role_policy }] of stack.all()) {
    for (const { principal, sid } of [policy, assume_role_policy].flatMap(allowedBy)) {
      if (!isEveryone(principal)) continue;
      faults.push({ address, wrong: `allows everyone in ${sid}`, remedy: 'Name a service or an account.' });
    }
  }
  for (const [id, { principal }] of stack.resources('aws_lambda_permission')) {
    if (principal !== '*') continue;
    const address = `aws_lambda_permission.${id}`;
    faults.push({ address, wrong: 'lets everyone call a function', remedy: 'Name a service or an account.' });
  }
  return faults;
}

function isEveryone(principal: unknown): boolean {
  if (principal === '*') return true;
  if (typeof principal !== 'object' || principal === null) return false;
  return Object.values(principal).flat().includes('*');
}

function buckets(stack: SynthesizedStack): readonly Fault[] {
  const faults: Fault[] = [];
  for (const id of stack.resources('aws_s3_bucket').keys()) {
    const address = `aws_s3_bucket.${id}`;
    const block = companionOf(stack, 'aws_s3_bucket_public_access_block', id);
    if (!BLOCKED.every((argument) => block?.[argument] === true))
      faults.push({
        address,
        wrong: 'does not block public access',
        remedy: `Set ${BLOCKED.join(', ')}, as StageBucket does.`,
      });
    if (
      !JSON.stringify(companionOf(stack, 'aws_s3_bucket_ownership_controls', id) ?? {}).includes(
        'BucketOwnerEnforced',
      )
    )
      faults.push({
        address,
        wrong: 'lets writers own what they put, with access lists of their own',
        remedy: 'Set object_ownership to BucketOwnerEnforced, as StageBucket does.',
      });
  }
  return faults;
}

function urls(stack: SynthesizedStack): readonly Fault[] {
  return [...stack.resources('aws_lambda_function_url')]
    .filter(([, { authorization_type }]) => authorization_type !== 'AWS_IAM')
    .map(([id]) => ({
      address: `aws_lambda_function_url.${id}`,
      wrong: 'takes requests that nobody signed',
      remedy: 'Set authorization_type to AWS_IAM, as SignedUrl does.',
    }));
}

/** What configures a bucket beside it. */
export function companionOf(stack: SynthesizedStack, type: string, bucketId: string): Arguments | undefined {
  return [...stack.resources(type).values()].find(
    ({ bucket }) => referenceTo(bucket, 'aws_s3_bucket') === bucketId,
  );
}
