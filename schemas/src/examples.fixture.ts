import { readdirSync, readFileSync } from 'node:fs';
import { compilerOf, opened } from './generate-validators.ts';
import { baseName, type SchemaFile, type SchemaObject } from './load-schemas.ts';
import type { Validate } from './validate.ts';
import { schemaFiles } from './walk-value.fixture.ts';

/** A value that a contract refuses, and why. */
export interface RefusedExample {
  readonly name: string;
  /** The rule, for people. */
  readonly why: string;
  /** A part of what `explainProblem` says of it. */
  readonly expect: string;
  readonly value: unknown;
}

/** A contract with its validators and its examples. */
export interface ContractUnderTest {
  readonly file: SchemaFile;
  readonly closed: Validate<unknown>;
  readonly open: Validate<unknown>;
  readonly accepted: readonly { readonly name: string; readonly value: unknown }[];
  readonly refused: readonly RefusedExample[];
}

const EXAMPLES = new URL('../examples/', import.meta.url);
const METADATA = 'shared/metadata.v1.json';

/** The folders that hold examples, one for each contract. */
export const exampleFolders: readonly string[] = readdirSync(EXAMPLES).sort();

/** The folder of a contract's examples: `transaction-posted.v1`. */
export function exampleFolderOf({ path }: SchemaFile): string {
  return path.replace(/^.*\//, '').replace(/\.json$/, '');
}

const closedCompiler = compilerOf(schemaFiles.map(({ schema }) => schema));
const openCompiler = compilerOf(schemaFiles.map(({ schema }) => opened(schema) as SchemaObject));

export const contractsUnderTest: readonly ContractUnderTest[] = await Promise.all(
  schemaFiles.map(async (file) => ({
    file,
    closed: await validatorOf(file, 'closed'),
    open: await validatorOf(file, 'open'),
    accepted: readExamples(file, 'accepted').map(([name, value]) => ({ name, value })),
    refused: readExamples(file, 'refused').map(([name, example]) => ({
      name,
      ...(example as Omit<RefusedExample, 'name'>),
    })),
  })),
);

/** The compiled module that stages import; a shared schema has none of its own and is compiled here. */
async function validatorOf(file: SchemaFile, kind: 'closed' | 'open'): Promise<Validate<unknown>> {
  const { path, title, schema } = file;
  if (path.startsWith('shared/') && path !== METADATA) {
    const compiled = (kind === 'closed' ? closedCompiler : openCompiler).getSchema(String(schema['$id']));
    if (compiled === undefined) throw new Error(`${path} does not compile`);
    return compiled as Validate<unknown>;
  }
  const module = (await import(`./generated/${kind}/${baseName(path)}.js`)) as Record<
    string,
    Validate<unknown>
  >;
  const validate = module[title];
  if (validate === undefined) throw new Error(`${path} has no generated validator`);
  return validate;
}

/** Names and contents; none where the folder is missing, which a test of its own reports. */
function readExamples(file: SchemaFile, kind: 'accepted' | 'refused'): (readonly [string, unknown])[] {
  const folder = exampleFolderOf(file);
  if (!exampleFolders.includes(folder)) return [];
  const url = new URL(`${folder}/${kind}/`, EXAMPLES);
  return readdirSync(url)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(new URL(name, url), 'utf8')) as unknown] as const);
}
