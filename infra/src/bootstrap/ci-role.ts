import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import type { PaymentsStack } from '../constructs/payments-stack.ts';
import { type CiStatement, policyDocument } from './ci-permission.ts';

/** Who says who runs a workflow: GitHub's OIDC provider, as AWS knows it. */
export const GITHUB_PROVIDER = 'token.actions.githubusercontent.com';
/** What a token for AWS is made out to (GitHub docs, "Configuring OpenID Connect in Amazon Web Services"). */
export const AUDIENCE = 'sts.amazonaws.com';
/** A role is taken for so long at most, in seconds: a plan or a deployment takes minutes. */
const SESSION_SECONDS = 3600;

export interface CiRoleProps {
  /** `owner/name` of the repository on GitHub. */
  readonly repository: string;
  /** The GitHub environment in which a job must run to take the role. */
  readonly githubEnvironment: string;
  readonly description: string;
  /** What it may, by the name of the policy that says it: AWS takes 6144 characters in one, and ten on a role. */
  readonly policies: Readonly<Record<string, readonly CiStatement[]>>;
}

/** A role that jobs of one repository take in one GitHub environment, by a token that GitHub signs; there is no secret. */
export class CiRole {
  readonly arn: string;

  /** @param purpose its construct id, and its name within the stack */
  constructor(stack: PaymentsStack, purpose: string, props: CiRoleProps) {
    const { repository, githubEnvironment, description, policies } = props;
    const role = new IamRole(stack, `${purpose}-role`, {
      name: stack.nameOf(purpose),
      description,
      maxSessionDuration: SESSION_SECONDS,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'TakenByTheWorkflows',
            Effect: 'Allow',
            Principal: { Federated: providerArn(stack.environment.accountId) },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: {
              StringEquals: {
                [`${GITHUB_PROVIDER}:aud`]: AUDIENCE,
                [`${GITHUB_PROVIDER}:sub`]: `repo:${repository}:environment:${githubEnvironment}`,
              },
            },
          },
        ],
      }),
    });
    this.arn = role.arn;
    for (const [name, statements] of Object.entries(policies)) {
      const policy = new IamPolicy(stack, `${purpose}-${name}`, {
        name: stack.nameOf(`${purpose}-${name}`),
        policy: policyDocument(statements),
      });
      new IamRolePolicyAttachment(stack, `${purpose}-${name}-attachment`, {
        role: role.name,
        policyArn: policy.arn,
      });
    }
  }
}

/** The ARN of GitHub's provider in an account, which has one of it at most. */
export function providerArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:oidc-provider/${GITHUB_PROVIDER}`;
}
