import type { Environment, StageName } from '@payments/schemas';

/** Whose a resource is: a stage's, or the platform's that all stages stand on. */
export type Owner = StageName | 'platform';

/** Every stack: what is deployed, and what must be there before anything is. */
export type StackName = Owner | 'bootstrap';

type Named = Pick<Environment, 'system' | 'name'>;
type Located = Named & Pick<Environment, 'accountId' | 'region'>;

/** The shortest limit on names among what we name so: functions, roles, pipes, schedules and rules. */
const NAME_LENGTH_MAX = 64;
/** The limit on names of S3 buckets. */
const BUCKET_NAME_LENGTH_MAX = 63;

/** A name that AWS would refuse. */
export class NameTooLongError extends Error {
  override readonly name = 'NameTooLongError';
  readonly code = 'NameTooLong';
  readonly retryable = false;

  constructor(name: string, max: number) {
    super(`the name ${name} has ${name.length} characters; AWS takes ${max}`);
  }
}

/**
 * The name of an AWS resource: `<system>-<environment>-<owner>-<purpose>`.
 *
 * @throws NameTooLongError
 */
export function resourceName(environment: Named, owner: StackName, purpose: string): string {
  return within(`${environment.system}-${environment.name}-${owner}-${purpose}`, NAME_LENGTH_MAX);
}

/**
 * The name of an S3 bucket, which must be the only one in the world: a resource's name and the account.
 *
 * @throws NameTooLongError
 */
export function bucketName(environment: Located, owner: StackName, purpose: string): string {
  return within(
    `${resourceName(environment, owner, purpose)}-${environment.accountId}`,
    BUCKET_NAME_LENGTH_MAX,
  );
}

/** The alias of a customer-managed key: the platform's, or one with a purpose of its own. */
export function keyAlias(environment: Named, purpose?: string): string {
  return `alias/${environment.system}-${environment.name}${purpose === undefined ? '' : `-${purpose}`}`;
}

/** The ARN of a resource of this environment's account and region. */
export function arnOf(environment: Located, service: string, resource: string): string {
  return `arn:aws:${service}:${environment.region}:${environment.accountId}:${resource}`;
}

function within(name: string, max: number): string {
  if (name.length > max) throw new NameTooLongError(name, max);
  return name;
}
