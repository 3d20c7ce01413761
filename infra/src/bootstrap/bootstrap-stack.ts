import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider/index.js';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import type { Environment } from '@payments/schemas';
import type { App } from 'cdktf';
import { CustomerKey } from '../constructs/customer-key.ts';
import { PaymentsStack } from '../constructs/payments-stack.ts';
import { keyAlias } from '../names.ts';
import { type CiStatement, policyDocument } from './ci-permission.ts';
import { AUDIENCE, CiRole, GITHUB_PROVIDER } from './ci-role.ts';
import {
  bootstrapStatements,
  identityStatements,
  keyStatements,
  readStatements,
  writeStatements,
} from './deployer-statements.ts';
import { BOUNDARY_PURPOSE, boundaryStatements } from './role-boundary.ts';
import { StateBucket } from './state-bucket.ts';

/** What an environment file does not say, for the local cloud needs none of it. */
export interface BootstrapChoices {
  /** `owner/name` of the repository on GitHub whose workflows plan and deploy. */
  readonly repository: string;
  /** The account knows GitHub's OIDC provider already: it can have it once only. */
  readonly providerExists: boolean;
}

/** An environment that needs no bootstrap. */
export class NothingToBootstrapError extends Error {
  override readonly name = 'NothingToBootstrapError';
  readonly code = 'NothingToBootstrap';
  readonly retryable = false;
}

/** What must be there before anything is deployed: where Terraform keeps its state, and the roles of the CI. */
export class BootstrapStack extends PaymentsStack {
  readonly keyArn: string;

  /** @throws NothingToBootstrapError for an environment of the local cloud */
  constructor(app: App, environment: Environment, { repository, providerExists }: BootstrapChoices) {
    super(app, 'bootstrap', environment);
    const { state, system, name, accountId, protectData } = environment;
    if (state === undefined)
      throw new NothingToBootstrapError(
        `${name} is an environment of the local cloud, which keeps its own state: there is nothing to bootstrap.`,
      );
    const key = new CustomerKey(this, 'state-key', {
      alias: keyAlias(environment, 'state'),
      description: `The Terraform state of the ${system} system of ${name}`,
      accountId,
      protectData,
      services: [],
    });
    this.keyArn = key.arn;
    const bucket = new StateBucket(this, state.bucket);
    new IamPolicy(this, BOUNDARY_PURPOSE, {
      name: this.nameOf(BOUNDARY_PURPOSE),
      description: 'What roles of stages can be granted at most',
      policy: policyDocument(boundaryStatements(environment, bucket.arn)),
    });
    if (!providerExists)
      new IamOpenidConnectProvider(this, 'github', {
        url: `https://${GITHUB_PROVIDER}`,
        clientIdList: [AUDIENCE],
        lifecycle: { preventDestroy: true },
      });
    new CiRole(this, 'plan', {
      repository,
      githubEnvironment: `${name}-plan`,
      description: 'Pull requests and the nightly comparison read what is deployed',
      policies: {
        read: readStatements(environment),
        state: stateStatements(environment, bucket.arn, this.keyArn, 'read'),
      },
    });
    const write = writeStatements(environment);
    const half = Math.ceil(write.length / 2);
    new CiRole(this, 'deploy', {
      repository,
      githubEnvironment: name,
      description: 'Deployments that were approved bring about and remove what an environment has',
      policies: {
        read: readStatements(environment),
        'write-1': write.slice(0, half),
        'write-2': write.slice(half),
        keys: keyStatements(environment),
        identities: [
          ...identityStatements(environment),
          ...bootstrapStatements(environment, bucket.arn, this.keyArn),
        ],
        state: stateStatements(environment, bucket.arn, this.keyArn, 'write'),
      },
    });
  }
}

/** To read the states of an environment's stacks; or to write them too, and the locks, but not bootstrap's own. */
function stateStatements(
  { system, name }: Environment,
  bucketArn: string,
  keyArn: string,
  use: 'read' | 'write',
): readonly CiStatement[] {
  const states = `${bucketArn}/${system}/${name}`;
  const reading: CiStatement[] = [
    { sid: 'FindStates', actions: ['s3:ListBucket'], resources: [bucketArn] },
    { sid: 'ReadStates', actions: ['s3:GetObject'], resources: [`${states}/*`] },
    { sid: 'ReadStatesKey', actions: ['kms:Decrypt'], resources: [keyArn] },
  ];
  if (use === 'read') return reading;
  return [
    ...reading,
    { sid: 'WriteStatesAndLocks', actions: ['s3:PutObject'], resources: [`${states}/*`] },
    { sid: 'Unlock', actions: ['s3:DeleteObject'], resources: [`${states}/*.tflock`] },
    { sid: 'WriteStatesKey', actions: ['kms:GenerateDataKey'], resources: [keyArn] },
    {
      effect: 'Deny',
      sid: 'LeaveStateOfBootstrap',
      actions: ['s3:DeleteObject', 's3:PutObject'],
      resources: [`${states}/bootstrap.tfstate*`],
    },
  ];
}
