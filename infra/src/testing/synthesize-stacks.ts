import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { STAGES } from '@payments/schemas';
import type { Owner } from '../names.ts';
import { SynthesizedStack } from '../synthesized-stack.ts';

const SYNTHESIZE_ALL = fileURLToPath(new URL('./synthesize-all.ts', import.meta.url));

/** A stack as synthesized for each environment that has a file. */
export class SynthesizedStacks {
  readonly #byEnvironment: ReadonlyMap<string, SynthesizedStack>;

  constructor(byEnvironment: ReadonlyMap<string, SynthesizedStack>) {
    this.#byEnvironment = byEnvironment;
  }

  /** @throws Error when there is no such environment */
  in(environment: string): SynthesizedStack {
    const stack = this.#byEnvironment.get(environment);
    if (stack === undefined) throw new Error(`there is no environment named ${environment}`);
    return stack;
  }

  /** Each environment's name and stack. */
  entries(): readonly (readonly [string, SynthesizedStack])[] {
    return [...this.#byEnvironment];
  }
}

/**
 * Synthesizes a stack for every environment, with the real `infra.ts` and a stand-in for the bundle. It is held against
 * every policy on the way.
 *
 * @param owner the stage, or `platform`
 * @param infraUrl the URL of the stage's `infra.ts`; the platform needs none
 * @throws Error with what the synthesis printed when it fails, or breaks a policy
 */
export function synthesizeStacks(owner: Owner, infraUrl?: URL): SynthesizedStacks {
  const stacks = synthesizeWanted([infraUrl === undefined ? [owner] : [owner, infraUrl.href]]).get(owner);
  if (stacks === undefined) throw new Error(`${owner} was not synthesized`);
  return stacks;
}

/**
 * Synthesizes the platform and every stage for every environment, as `synthesizeStacks` does one of them.
 *
 * @throws Error with what the synthesis printed when one fails, or breaks a policy
 */
export function synthesizeEveryStack(): ReadonlyMap<Owner, SynthesizedStacks> {
  const infraOf = (stage: string): string =>
    new URL(`../../../packages/${stage}/src/infra.ts`, import.meta.url).href;
  return synthesizeWanted([['platform'], ...STAGES.map((stage): Wanted => [stage, infraOf(stage)])]);
}

type Wanted = readonly [owner: Owner, infraUrl?: string];

function synthesizeWanted(wanted: readonly Wanted[]): ReadonlyMap<Owner, SynthesizedStacks> {
  const directory = mkdtempSync(join(tmpdir(), 'payments-synth-'));
  try {
    const printed = execFileSync(process.execPath, [SYNTHESIZE_ALL, directory, JSON.stringify(wanted)], {
      encoding: 'utf8',
      // What it prints on failure becomes part of the error.
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {},
    });
    const written = JSON.parse(printed) as readonly [owner: Owner, environment: string, path: string][];
    const byOwner = Map.groupBy(written, ([owner]) => owner);
    return new Map(
      [...byOwner].map(([owner, paths]) => [
        owner,
        new SynthesizedStacks(
          new Map(paths.map(([, name, path]) => [name, new SynthesizedStack(readFileSync(path, 'utf8'))])),
        ),
      ]),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
