import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Owner } from '@payments/infra/names';
import { STAGES } from '@payments/schemas';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Every stack in the order in which they are deployed: the platform first, each stage after what it reads. */
export const STACK_NAMES: readonly Owner[] = ['platform', ...STAGES];

/** The file that CDKTF writes for a stack, in the stack's own folder. */
const STACK_FILE = 'cdk.tf.json';

/** A stack's file that is not there or is not the one that is asked for; the message says what to do. */
export class StackFileError extends Error {
  override readonly name = 'StackFileError';
  readonly code = 'StackFile';
  readonly retryable = false;
}

/** The folder of a stack's package, relative to the root. */
export function packageFolder(stack: Owner): string {
  return stack === 'platform' ? 'infra' : join('packages', stack);
}

/**
 * Where a synthesized stack lies.
 *
 * @param stacksDirectory a directory that holds `<stack>/cdk.tf.json` for each stack; without one, each stack is
 *   where its package has synthesized it
 */
export function stackPath(stack: Owner, stacksDirectory?: string): string {
  const folder = stacksDirectory ?? join(ROOT, packageFolder(stack), 'dist', 'synth', 'stacks');
  return join(resolve(folder), stack, STACK_FILE);
}

/** What is read here of a synthesized stack. */
export interface StackDocument {
  readonly provider?: {
    readonly aws?: readonly {
      readonly default_tags?: readonly { readonly tags?: Readonly<Record<string, string>> }[];
    }[];
  };
  readonly resource?: Blocks;
  readonly data?: Blocks;
}

type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/**
 * Reads a stack that was synthesized for an environment.
 *
 * @throws StackFileError when there is none, or it was synthesized for another environment, as its tags tell
 */
export function readStackFile(stack: Owner, environment: string, stacksDirectory?: string): StackDocument {
  const path = stackPath(stack, stacksDirectory);
  const remedy = `"PAYMENTS_ENV=${environment} pnpm turbo synth" synthesizes it`;
  if (!existsSync(path)) throw new StackFileError(`the stack ${stack} has not been synthesized; ${remedy}`);
  const document = JSON.parse(readFileSync(path, 'utf8')) as StackDocument;
  const synthesizedFor = document.provider?.aws?.[0]?.default_tags?.[0]?.tags?.['environment'];
  if (synthesizedFor !== environment) {
    const actual = synthesizedFor ?? 'none that its tags name';
    throw new StackFileError(
      `the stack ${stack} was synthesized for the environment ${actual}, not for ${environment}; ${remedy}`,
    );
  }
  return document;
}

/** The names that a stack gives to its resources of a type, as their naming argument says. */
export function namedResources(document: StackDocument, type: string, argument: string): string[] {
  const names = Object.values(document.resource?.[type] ?? {}).map((block) => block[argument]);
  return names.filter((name) => typeof name === 'string');
}
