import { parseEnvironment } from '../environment.ts';
import type { Owner } from '../names.ts';
import { type BuildStack, sayResult, synthesizeStage } from '../synthesize.ts';

// Run by `synthesizeFor` in a process of its own. Arguments: the stage, its infra.ts as a URL, where to, the bundle,
// and the environment as JSON. Prints the path of the stack.

const [owner = '', infraUrl = '', outDirectory = '', handlerZip = '', json = ''] = process.argv.slice(2);

const value: unknown = JSON.parse(json);
const environment = parseEnvironment(String((value as { name?: unknown }).name), value);
const { buildStack } = (await import(infraUrl)) as { buildStack: BuildStack };
sayResult(() => synthesizeStage(owner as Owner, buildStack, environment, { outDirectory, handlerZip }));
