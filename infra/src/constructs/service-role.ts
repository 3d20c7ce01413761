import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { boundaryArn } from '../bootstrap/role-boundary.ts';
import { rolePolicy, type Statement, trustPolicy } from '../iam-policy.ts';
import type { PaymentsStack } from './payments-stack.ts';

/** A use of a customer-managed key. */
export type KeyUse =
  | 'Decrypt'
  | 'Encrypt'
  | 'GenerateDataKey'
  | 'DescribeKey'
  | 'ReEncryptFrom'
  | 'ReEncryptTo';

/** Something that is granted permissions: a role, or a function that has one. */
export interface Grantee {
  readonly role: ServiceRole;
}

/** A role of one AWS service, with one inline policy that holds exactly what was granted. */
export class ServiceRole implements Grantee {
  readonly role = this;
  readonly arn: string;
  readonly #stack: PaymentsStack;
  readonly #id: string;
  readonly #roleName: string;
  readonly #statements = new Map<string, Statement>();
  #policy: IamRolePolicy | undefined;

  /**
   * @param purpose what the role is for: its construct id, and its name within the stage
   * @param service who takes the role, for example `lambda.amazonaws.com`
   */
  constructor(stack: PaymentsStack, purpose: string, service: string) {
    this.#stack = stack;
    this.#id = `${purpose}-role`;
    const role = new IamRole(stack, this.#id, {
      name: stack.nameOf(purpose),
      assumeRolePolicy: trustPolicy(service, stack.environment.accountId),
      // Where bootstrap has made one, the CI can make no role without it.
      ...(stack.environment.state === undefined
        ? {}
        : { permissionsBoundary: boundaryArn(stack.environment) }),
    });
    this.arn = role.arn;
    this.#roleName = role.name;
  }

  /** The role's policy, for whatever must not begin before the role may do its work. */
  get policy(): IamRolePolicy {
    this.#policy ??= new IamRolePolicy(this.#stack, `${this.#id}-policy`, {
      name: 'granted',
      role: this.#roleName,
      policy: this.#document(),
    });
    return this.#policy;
  }

  /** Allows what a statement says; actions and resources join those of an earlier statement of the same name. */
  allow(statement: Statement): void {
    const before = this.#statements.get(statement.sid);
    this.#statements.set(statement.sid, before === undefined ? statement : joined(before, statement));
    this.policy.policy = this.#document();
  }

  /** Allows uses of a key, the stack's unless another is named. */
  allowKey(
    uses: readonly KeyUse[],
    key: { readonly sid: string; readonly arn: string } = this.#stackKey(),
  ): void {
    this.allow({ sid: key.sid, actions: uses.map((use) => `kms:${use}`), resources: [key.arn] });
  }

  /** Allows to send to a queue that the stack's key encrypts. */
  allowSend(sid: string, queueArn: string): void {
    this.allow({ sid, actions: ['sqs:SendMessage'], resources: [queueArn] });
    this.allowKey(['Decrypt', 'GenerateDataKey']);
  }

  #stackKey(): { sid: string; arn: string } {
    return { sid: 'UsePlatformKey', arn: this.#stack.keyArn };
  }

  #document(): string {
    return rolePolicy([...this.#statements.values()]);
  }
}

/** @throws RangeError when the two hold under different conditions, and so must stay two */
function joined(before: Statement, added: Statement): Statement {
  if (JSON.stringify(before.conditions) !== JSON.stringify(added.conditions)) {
    throw new RangeError(`two statements named ${added.sid} hold under different conditions`);
  }
  return {
    ...before,
    actions: [...new Set([...before.actions, ...added.actions])],
    resources: [...new Set([...before.resources, ...added.resources])],
  };
}
