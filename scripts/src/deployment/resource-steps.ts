/** What a deployment did to one resource, or would do. */
export interface ResourceStep {
  /** The Terraform address. */
  readonly address: string;
  readonly action: 'create' | 'update' | 'replace' | 'destroy' | 'none';
  /** The arguments that change, where that is known. */
  readonly changes?: readonly string[];
}

/** What an action is called, as wide as the widest. */
const ACTION_WORDS = {
  create: 'create ',
  update: 'change ',
  replace: 'replace',
  destroy: 'destroy',
  none: 'none   ',
} as const;

/** A line for each resource to which something was done. */
export function stepLines(steps: readonly ResourceStep[]): string[] {
  return steps
    .filter(({ action }) => action !== 'none')
    .map(({ address, action, changes = [] }) => {
      const named = changes.length === 0 ? '' : ` (${changes.join(', ')})`;
      return `  ${ACTION_WORDS[action]}  ${address}${named}`;
    });
}

/** The sums of what was done, as Terraform gives them. */
export function sumOf(steps: readonly ResourceStep[]): string {
  const { added, changed, destroyed } = countsOf(steps);
  return `${added} added, ${changed} changed, ${destroyed} destroyed`;
}

/** The sums of what would be done, in Terraform's words, or that nothing would. */
export function planOf(steps: readonly ResourceStep[]): string {
  const { added, changed, destroyed } = countsOf(steps);
  if (added + changed + destroyed === 0) return 'No changes. What is deployed is what the stack says.';
  return `Plan: ${added} to add, ${changed} to change, ${destroyed} to destroy.`;
}

/** A replaced resource is one added and one destroyed. */
function countsOf(steps: readonly ResourceStep[]): { added: number; changed: number; destroyed: number } {
  const count = (...actions: ResourceStep['action'][]): number =>
    steps.filter(({ action }) => actions.includes(action)).length;
  return {
    added: count('create', 'replace'),
    changed: count('update'),
    destroyed: count('destroy', 'replace'),
  };
}
