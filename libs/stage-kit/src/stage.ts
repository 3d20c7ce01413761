import type { StageDeclaration } from '@payments/schemas';

/**
 * Declares a stage: its name, what it consumes and emits, and the environment that its functions need. The
 * Lambda functions read the declaration to validate and parse; the Terraform module reads it to make the
 * rule's pattern, the queue, the permissions and the environment.
 */
export function defineStage<const Declaration extends StageDeclaration>(
  declaration: Declaration,
): Declaration {
  return declaration;
}
