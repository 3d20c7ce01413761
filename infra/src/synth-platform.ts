import { join } from 'node:path';
import type { Environment } from './environment.ts';
import { PlatformStack } from './platform-stack.ts';
import { chosenEnvironment, packagePaths, sayResult, synthesize } from './synthesize.ts';

/** Writes the platform's `cdk.tf.json` below a directory, and gives its path. */
export function synthesizePlatform(environment: Environment, outDirectory: string): string {
  return synthesize('platform', outDirectory, (app) => new PlatformStack(app, environment));
}

if (import.meta.main) {
  const { outDirectory } = packagePaths(join(import.meta.dirname, '..'));
  sayResult(() => synthesizePlatform(chosenEnvironment(), outDirectory));
}
