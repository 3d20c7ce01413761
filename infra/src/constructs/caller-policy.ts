import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { rolePolicy, type Statement } from '../iam-policy.ts';
import type { PaymentsStack } from './payments-stack.ts';

/**
 * A policy that is attached to nobody: whoever runs the account attaches it to the users and roles of those outside
 * who may do what it says.
 */
export class CallerPolicy {
  readonly arn: string;

  /** @param purpose its construct id, and its name within the stage */
  constructor(
    stack: PaymentsStack,
    purpose: string,
    props: { readonly description: string; readonly statements: readonly Statement[] },
  ) {
    this.arn = new IamPolicy(stack, purpose, {
      name: stack.nameOf(purpose),
      description: props.description,
      policy: rolePolicy(props.statements),
    }).arn;
  }
}
