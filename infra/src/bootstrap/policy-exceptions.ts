import { LEAST_PRIVILEGE } from '../policies/access-policies.ts';
import type { Breach } from '../policies/broken-policies.ts';
import { ENCRYPTION } from '../policies/encryption-policies.ts';
import { PUT_EVENTS } from '../policies/event-policies.ts';
import type { Policy } from '../policies/policy.ts';

interface PolicyException {
  readonly policy: Policy;
  readonly address: RegExp;
  readonly why: string;
}

/** Where the bootstrap stack differs from the others, and why it must. The tests hold what takes the policy's place. */
export const POLICY_EXCEPTIONS: readonly PolicyException[] = [
  {
    policy: LEAST_PRIVILEGE,
    address: /^aws_iam_policy\./,
    why: 'The CI makes resources that are not there yet: they are named by what their names begin with.',
  },
  {
    policy: PUT_EVENTS,
    address: /^aws_iam_policy\.boundary$/,
    why: "The boundary is the most that any role may be granted; each role's own policy has the conditions of its stage.",
  },
  {
    policy: ENCRYPTION,
    address: /^(aws_s3_bucket\.state|data\.aws_kms_alias\.platform-key)$/,
    why: "The platform's key is made by a stack whose state lies in this bucket: the bucket has a key of its own.",
  },
];

/** Whether a breach of a policy is there on purpose. */
export function isExceptedPolicy({ policy, address }: Breach): boolean {
  return POLICY_EXCEPTIONS.some((each) => each.policy === policy && each.address.test(address));
}
