import { OF_NO_RESOURCE } from '../iam-policy.ts';
import { type Arguments, referenceTo, type SynthesizedStack, statementsOf } from '../synthesized-stack.ts';
import type { Fault, Policy } from './policy.ts';

/** Wildcards that stand for names which others give: objects below a prefix, the streams of one log group. */
const OPEN_END = /^[^*]+(\/\*|:log-stream:\*)$/;
const ACTIONS_OF_NO_RESOURCE = new Set(OF_NO_RESOURCE.flatMap(({ actions }) => actions));
const BLOCKED = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'];

/** What nobody needs, nobody may. */
export const LEAST_PRIVILEGE: Policy = {
  name: 'least-privilege',
  demands:
    'No policy allows a wildcard, but for objects below a prefix, streams of one log group, and actions that belong to no resource.',
  source: 'IAM user guide, "Security best practices in IAM", apply least-privilege permissions',
  check: ({ stack }) => {
    const faults: Fault[] = [];
    for (const [address, { policy }] of stack.all()) {
      // A key's policy is held by key-policies: in it all resources are that key.
      if (typeof policy !== 'string' || address.startsWith('aws_kms_key.')) continue;
      for (const { Effect, Sid, Action, Resource } of statementsOf(policy)) {
        if (Effect !== 'Allow') continue;
        const actions = [Action].flat();
        const isOfNone = actions.every((action) => ACTIONS_OF_NO_RESOURCE.has(action));
        const wide = [
          ...actions.filter((action) => action.includes('*')),
          ...[Resource]
            .flat()
            .filter((resource) => resource.includes('*') && !OPEN_END.test(resource) && !isOfNone),
        ];
        for (const each of wide)
          faults.push({
            address,
            wrong: `allows "${each}" in ${Sid}`,
            remedy:
              'Name the actions and resources one by one, with a grant of the construct that owns them.',
          });
      }
    }
    return faults;
  },
};

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
    for (const document of [policy, assume_role_policy]) {
      if (typeof document !== 'string') continue;
      for (const { Effect, Principal, Sid } of statementsOf(document)) {
        if (Effect !== 'Allow' || !isEveryone(Principal)) continue;
        faults.push({ address, wrong: `allows everyone in ${Sid}`, remedy: 'Name a service or an account.' });
      }
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
