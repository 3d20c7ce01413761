/**
 * Synthesizes the stacks of an environment into a directory, beside whatever the packages have synthesized:
 * `node scripts/src/synthesize-environment.ts <environment> <directory> [stack …]`. Prints the directory that
 * holds `<stack>/cdk.tf.json`. The functions' bundles stay where the packages have them.
 */
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Owner } from '@payments/infra/names';
import { loadEnvironment } from '../../infra/src/environment.ts';
import { synthesizePlatform } from '../../infra/src/synth-platform.ts';
import { type BuildStack, packagePaths, sayResult, synthesizeStage } from '../../infra/src/synthesize.ts';
import { packageFolder, ROOT, STACK_NAMES } from './stack-files.ts';

// The synthesis is read by its path: for whoever only needs an environment's names, @payments/infra exports it
// without CDKTF.

const [environmentName, directory, ...chosen] = process.argv.slice(2);
if (environmentName === undefined || directory === undefined) {
  console.error('usage: node scripts/src/synthesize-environment.ts <environment> <directory> [stack …]');
  process.exit(2);
}
const unknown = chosen.filter((name) => !(STACK_NAMES as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`there is no stack ${unknown.join(', ')}; there are ${STACK_NAMES.join(', ')}`);
  process.exit(2);
}

const stacks = chosen.length === 0 ? STACK_NAMES : (chosen as Owner[]);
const builders = new Map<Owner, BuildStack>();
for (const stack of stacks.filter((name) => name !== 'platform')) {
  const infra = pathToFileURL(join(ROOT, packageFolder(stack), 'src', 'infra.ts'));
  const { buildStack } = (await import(infra.href)) as { buildStack: BuildStack };
  builders.set(stack, buildStack);
}

sayResult(() => {
  const environment = loadEnvironment(environmentName);
  mkdirSync(directory, { recursive: true });
  // Bundles are named relative to the stack: on the way up from it there may be no symbolic link.
  const outDirectory = realpathSync(directory);
  if (stacks.includes('platform')) synthesizePlatform(environment, outDirectory);
  for (const [stack, build] of builders) {
    const { handlerZip } = packagePaths(join(ROOT, packageFolder(stack)));
    synthesizeStage(stack, build, environment, { outDirectory, handlerZip });
  }
  return join(outDirectory, 'stacks');
});
