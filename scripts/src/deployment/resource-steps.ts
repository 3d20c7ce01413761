/** What a deployment did to one resource. */
export interface ResourceStep {
  /** The Terraform address. */
  readonly address: string;
  readonly action: 'create' | 'update' | 'replace' | 'destroy' | 'none';
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
    .map(({ address, action }) => `  ${ACTION_WORDS[action]}  ${address}`);
}

/** The sums as Terraform gives them: a replaced resource is one added and one destroyed. */
export function sumOf(steps: readonly ResourceStep[]): string {
  const count = (...actions: ResourceStep['action'][]): number =>
    steps.filter(({ action }) => actions.includes(action)).length;
  const added = count('create', 'replace');
  const destroyed = count('destroy', 'replace');
  return `${added} added, ${count('update')} changed, ${destroyed} destroyed`;
}
