import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Environment, StageName } from '@payments/schemas';
import type { SynthesisPaths } from '../synthesize.ts';

const SYNTHESIZE_ONE = fileURLToPath(new URL('./synthesize-one.ts', import.meta.url));

/**
 * Synthesizes a stage for an environment that has no file, with the real `infra.ts`.
 *
 * @param infraUrl the URL of the stage's `infra.ts`
 * @returns the path of its `cdk.tf.json`
 * @throws Error with what the synthesis printed when it fails
 */
export function synthesizeFor(
  environment: Environment,
  stage: StageName,
  infraUrl: URL,
  { outDirectory, handlerZip }: SynthesisPaths,
): string {
  const args = [SYNTHESIZE_ONE, stage, infraUrl.href, outDirectory, handlerZip, JSON.stringify(environment)];
  return execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    encoding: 'utf8',
    // What it prints on failure becomes part of the error.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {},
  }).trim();
}
