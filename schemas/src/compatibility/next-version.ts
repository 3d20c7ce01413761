import type { ContractSet } from './contract-set.ts';
import type { Release } from './released-contracts.ts';

export const FIRST_VERSION = '1.0.0';

/**
 * The version that a release of the present contracts has: major where a contract has a new major version or is
 * retired, minor where something can be said that could not be said before, patch where only words differ.
 *
 * @returns undefined where nothing differs from the last release
 */
export function nextVersion(
  release: Release | undefined,
  present: ContractSet,
  retired: ReadonlySet<string>,
): string | undefined {
  if (release === undefined) return FIRST_VERSION;
  const { contracts, version } = release;
  if (sameContracts(contracts, present, (node) => node)) return undefined;
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const isGone = [...contracts.keys()].some((path) => retired.has(path) && !present.has(path));
  const hasSuccessor = [...present.keys()].some((path) => !contracts.has(path) && majorOf(path) > 1);
  if (isGone || hasSuccessor) return `${major + 1}.0.0`;
  if (sameContracts(contracts, present, withoutWords)) return `${major}.${minor}.${patch + 1}`;
  return `${major}.${minor + 1}.0`;
}

function majorOf(path: string): number {
  return Number(/\.v(\d+)\.json$/.exec(path)?.[1]);
}

function sameContracts(one: ContractSet, other: ContractSet, seen: (node: unknown) => unknown): boolean {
  const text = (set: ContractSet): string =>
    JSON.stringify(
      [...set].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, schema]) => [path, seen(schema)]),
    );
  return text(one) === text(other);
}

/** A schema without its descriptions; a member that is named so stays. */
function withoutWords(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutWords);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !(key === 'description' && typeof value === 'string'))
      .map(([key, value]) => [key, withoutWords(value)]),
  );
}
