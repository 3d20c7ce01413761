import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A package of the workspace. */
export interface WorkspacePackage {
  /** `@payments/enrich` */
  readonly name: string;
  /** `packages/enrich` */
  readonly folder: string;
  /** The last part of its name, by which its pipeline goes: `enrich`. */
  readonly shortName: string;
  /** Whether it has a stack: `turbo deploy` does something for it. */
  readonly deployable: boolean;
  /** The folders of the packages that it is built of, itself among them; those that only its tests use are not. */
  readonly builtOf: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const WORKSPACE = ['packages/*', 'libs/*', 'schemas', 'infra', 'scripts'];

/** Every package of the workspace, by folder. */
export function workspacePackages(root: string = ROOT): readonly WorkspacePackage[] {
  const paths = WORKSPACE.flatMap((pattern) => globSync(`${pattern}/package.json`, { cwd: root })).sort();
  const manifests = new Map(
    paths.map((path) => [dirname(path), JSON.parse(readFileSync(`${root}/${path}`, 'utf8')) as Manifest]),
  );
  const folders = new Map([...manifests].map(([folder, { name }]) => [name, folder]));
  const builtOf = (folder: string, seen: Set<string> = new Set()): Set<string> => {
    if (seen.has(folder)) return seen;
    seen.add(folder);
    for (const name of Object.keys(manifests.get(folder)?.dependencies ?? {})) {
      const dependency = folders.get(name);
      if (dependency !== undefined) builtOf(dependency, seen);
    }
    return seen;
  };
  return [...manifests].map(([folder, { name, scripts }]) => ({
    name,
    folder,
    shortName: name.replace(/^.*\//, ''),
    deployable: scripts?.['deploy'] !== undefined,
    builtOf: [...builtOf(folder)].sort(),
  }));
}
