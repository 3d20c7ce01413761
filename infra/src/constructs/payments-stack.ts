import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import type { Environment } from '@payments/schemas';
import { type App, LocalBackend, S3Backend, TerraformStack } from 'cdktf';
import { bucketName, resourceName, type StackName } from '../names.ts';
import { type PlatformNames, platformNames } from '../platform-names.ts';

/** The first Terraform, and the first OpenTofu, that locks a state by a file beside it. */
const TERRAFORM_VERSION = '>= 1.10.0';

/** What every stack of ours has: an environment, an owner, a provider that tags, and a state of its own. */
export abstract class PaymentsStack extends TerraformStack {
  readonly environment: Environment;
  readonly owner: StackName;
  readonly platform: PlatformNames;
  /** The ARN of the customer-managed key that encrypts whatever the stack holds. */
  abstract readonly keyArn: string;

  /** @param owner the stage, the platform or bootstrap; it is the name of the stack */
  constructor(app: App, owner: StackName, environment: Environment) {
    super(app, owner);
    this.environment = environment;
    this.owner = owner;
    this.platform = platformNames(environment);
    const { system, name, region, accountId } = environment;
    new AwsProvider(this, 'aws', {
      region,
      // Terraform refuses to work in any account but the one that the environment names.
      allowedAccountIds: [accountId],
      defaultTags: [{ tags: { system, environment: name, stage: owner, managedBy: 'terraform' } }],
    });
    this.#keepState();
  }

  /** The name of a resource of this stack. */
  nameOf(purpose: string): string {
    return resourceName(this.environment, this.owner, purpose);
  }

  /** The name of a bucket of this stack. */
  bucketNameOf(purpose: string): string {
    return bucketName(this.environment, this.owner, purpose);
  }

  /** Each stack has its own Terraform state, so that one stage is deployed and removed without the others. */
  #keepState(): void {
    const { state, system, name, region } = this.environment;
    if (state === undefined) new LocalBackend(this, { path: `${this.owner}.tfstate` });
    else {
      new S3Backend(this, {
        bucket: state.bucket,
        key: `${system}/${name}/${this.owner}.tfstate`,
        region,
      });
      // Terraform puts a lock file beside the state (CDKTF does not know the argument); without `encrypt`, which would ask
      // for S3's own key, the bucket's encrypts both (decision 0023).
      this.addOverride('terraform.backend.s3.use_lockfile', true);
      this.addOverride('terraform.required_version', TERRAFORM_VERSION);
    }
  }
}
