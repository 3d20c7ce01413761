import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
 * Synthesizes a stack for every environment, with the real `infra.ts` and a stand-in for the bundle.
 *
 * @param owner the stage, or `platform`
 * @param infraUrl the URL of the stage's `infra.ts`; the platform needs none
 * @throws Error with what the synthesis printed when it fails
 */
export function synthesizeStacks(owner: Owner, infraUrl?: URL): SynthesizedStacks {
  const directory = mkdtempSync(join(tmpdir(), 'payments-synth-'));
  try {
    const printed = execFileSync(process.execPath, [SYNTHESIZE_ALL, owner, infraUrl?.href ?? '', directory], {
      encoding: 'utf8',
      // What it prints on failure becomes part of the error.
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {},
    });
    const paths = JSON.parse(printed) as Record<string, string>;
    const stacks = Object.entries(paths).map(
      ([name, path]) => [name, new SynthesizedStack(readFileSync(path, 'utf8'))] as const,
    );
    return new SynthesizedStacks(new Map(stacks));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
