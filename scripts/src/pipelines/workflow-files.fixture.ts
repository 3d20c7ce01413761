import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ROOT } from './workspace-packages.ts';

/** A step of a job. */
export interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly uses?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean | string };
  readonly with?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
}

/** A workflow with its text. */
export interface WorkflowFile {
  readonly path: string;
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: Job['concurrency'];
  readonly jobs: Readonly<Record<string, Job>>;
}

export const workflows: readonly WorkflowFile[] = globSync('.github/workflows/*.yml', { cwd: ROOT })
  .sort()
  .map((path) => {
    const text = readFileSync(`${ROOT}${path}`, 'utf8');
    return { path, text, ...(parse(text) as Omit<WorkflowFile, 'path' | 'text'>) };
  });

/** A workflow by the name of its file. */
export function workflow(name: string): WorkflowFile {
  const found = workflows.find(({ path }) => path.endsWith(`/${name}`));
  if (found === undefined) throw new RangeError(`there is no workflow ${name}`);
  return found;
}

/** The jobs of workflows with steps of their own, by `file: job`. */
export const ownJobs: readonly (readonly [string, Job])[] = workflows.flatMap(({ path, jobs }) =>
  Object.entries(jobs)
    .filter(([, job]) => job.uses === undefined)
    .map(([name, job]) => [`${path}: ${name}`, job] as const),
);
