import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentNames, loadEnvironment } from '../environment.ts';
import type { Owner } from '../names.ts';
import { synthesizePlatform } from '../synth-platform.ts';
import { type BuildStack, synthesizeStage } from '../synthesize.ts';

// Run by `synthesizeStacks` in a process of its own: CDKTF is loaded once there, and not by every test file's
// module registry. Arguments: what to synthesize (`platform`, or a stage), its infra.ts as a URL, and where to.

const [owner = '', infraUrl = '', outDirectory = ''] = process.argv.slice(2);

/** The bundle's content says nothing about the stack but its hash. */
const BUNDLE = 'no bundle: a stack is synthesized for a test';

mkdirSync(outDirectory, { recursive: true });
const handlerZip = join(outDirectory, 'handler.zip');
writeFileSync(handlerZip, BUNDLE);

const written: Record<string, string> = {};
for (const name of environmentNames()) {
  const environment = loadEnvironment(name);
  const directory = join(outDirectory, name);
  if (owner === 'platform') written[name] = synthesizePlatform(environment, directory);
  else {
    const { buildStack } = (await import(infraUrl)) as { buildStack: BuildStack };
    const paths = { outDirectory: directory, handlerZip };
    written[name] = synthesizeStage(owner as Owner, buildStack, environment, paths);
  }
}
console.log(JSON.stringify(written));
