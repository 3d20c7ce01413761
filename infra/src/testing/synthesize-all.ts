import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentNames, loadEnvironment } from '../environment.ts';
import type { Owner } from '../names.ts';
import { synthesizePlatform } from '../synth-platform.ts';
import { type BuildStack, sayResult, synthesizeStage } from '../synthesize.ts';

// Run by `synthesizeStacks` in a process of its own: CDKTF is loaded once there, and not by every test file's
// module registry. Arguments: where to, and what to synthesize as pairs of an owner and its infra.ts as a URL (none for
// the platform).

const [outDirectory = '', wanted = '[]'] = process.argv.slice(2);

/** The bundle's content says nothing about the stack but its hash. */
const BUNDLE = 'no bundle: a stack is synthesized for a test';

mkdirSync(outDirectory, { recursive: true });
const handlerZip = join(outDirectory, 'handler.zip');
writeFileSync(handlerZip, BUNDLE);

const builders: [owner: Owner, build: BuildStack | undefined][] = [];
for (const [owner, infraUrl] of JSON.parse(wanted) as [Owner, string?][]) {
  const infra = infraUrl === undefined ? undefined : ((await import(infraUrl)) as { buildStack: BuildStack });
  builders.push([owner, infra?.buildStack]);
}

sayResult(() =>
  JSON.stringify(
    environmentNames().flatMap((name) => {
      const environment = loadEnvironment(name);
      const paths = { outDirectory: join(outDirectory, name), handlerZip };
      return builders.map(([owner, build]) => [
        owner,
        name,
        build === undefined
          ? synthesizePlatform(environment, paths.outDirectory)
          : synthesizeStage(owner, build, environment, paths),
      ]);
    }),
  ),
);
