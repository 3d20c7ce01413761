import { _, Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { isIban } from './iban.ts';
import { baseName, type SchemaFile, type SchemaObject } from './load-schemas.ts';
import { isPanFree } from './pan-free.ts';

const BANNER = '/* Generated from the schemas beside this package. Do not edit: run `generate`. */\n';
const METADATA = 'shared/metadata.v1.json';
/** The formats of our schemas: the function that each is, and the module that a validator imports it from. */
const FORMATS = {
  iban: { check: isIban, module: 'iban' },
  'pan-free': { check: isPanFree, module: 'pan-free' },
} as const;

/**
 * The compiled validators, a module for each event and each configuration document: in `closed/` they refuse
 * members that a contract does not name (for producers), in `open/` they let them pass (for consumers). An
 * event's module has a function for the whole event, one for its metadata and one for a single record.
 */
export function generateValidators(schemas: readonly SchemaFile[]): Record<string, string> {
  const files: Record<string, string> = {};
  const lean = schemas.map((file) => ({ ...file, schema: withoutDescriptions(file.schema) as SchemaObject }));
  const open = lean.map((file) => ({ ...file, schema: opened(file.schema) as SchemaObject }));
  for (const [folder, set] of [
    ['closed', lean],
    ['open', open],
  ] as const) {
    const ajv = compilerOf(set.map(({ schema }) => schema));
    // The other shared schemas are only ever part of these.
    for (const file of set.filter(({ path }) => !path.startsWith('shared/') || path === METADATA)) {
      const name = `${folder}/${baseName(file.path)}`;
      files[`${name}.js`] = validatorModule(ajv, file);
      files[`${name}.d.ts`] = declarationModule(file);
    }
  }
  return files;
}

/** The compiler of validators, knowing these schemas by their `$id`. It never changes what it validates. */
export function compilerOf(schemas: readonly SchemaObject[]): Ajv2020 {
  return new Ajv2020({
    strict: true,
    strictRequired: false,
    inlineRefs: false,
    schemas: [...schemas],
    formats: Object.fromEntries(Object.entries(FORMATS).map(([name, { check }]) => [name, check])),
    code: { source: true, esm: true, formats: _`ourFormats` },
  });
}

function exportsOf({ path, title, schema }: SchemaFile): Record<string, string> {
  const id = String(schema['$id']);
  if (!path.startsWith('events/')) return { [title]: id };
  return { [title]: id, [`${title}Record`]: `${id}#/$defs/record` };
}

function validatorModule(ajv: Ajv2020, file: SchemaFile): string {
  const code = standaloneCode
    .default(ajv, exportsOf(file))
    .replace(/const (\w+) = ourFormats(?:\["([\w-]+)"\]|\.(\w+));/g, (_line, local, quoted, plain) => {
      return `const ${local} = ${checkNameOf(quoted ?? plain)};`;
    })
    .replace(
      /const (\w+) = require\("ajv\/dist\/runtime\/ucs2length"\)\.default;/g,
      'const $1 = (text) => [...text].length;',
    )
    .replace(
      /const (\w+) = require\("ajv\/dist\/runtime\/equal"\)\.default;/g,
      'const $1 = (a, b) => JSON.stringify(a) === JSON.stringify(b);',
    );
  if (/require\(|ourFormats/.test(code))
    throw new Error(`${file.path}: the validator wants a module that is not mapped here`);
  return `${BANNER}${importsOf(code)}${code}\n`;
}

/** The name of the function that a format is. */
function checkNameOf(format: string): string {
  if (!(format in FORMATS)) throw new Error(`no function is known for the format ${format}`);
  return FORMATS[format as keyof typeof FORMATS].check.name;
}

/** The imports of the formats that a validator checks. */
function importsOf(code: string): string {
  return Object.values(FORMATS)
    .filter(({ check }) => code.includes(`= ${check.name};`))
    .map(({ check, module }) => `import { ${check.name} } from '../../${module}.ts';\n`)
    .join('');
}

function declarationModule(file: SchemaFile): string {
  const lines = Object.keys(exportsOf(file)).map((name) => `export const ${name}: Validate<types.${name}>;`);
  return `${BANNER}import type { Validate } from '../../validate.ts';\nimport type * as types from '../types.ts';\n\n${lines.join('\n')}\n`;
}

/** The schema without its closing: members that it does not name pass. */
export function opened(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(opened);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !(key === 'additionalProperties' && value === false))
      .map(([key, value]) => [key, opened(value)]),
  );
}

/** Descriptions are for readers; a compiled validator carries its schema and is smaller without them. */
function withoutDescriptions(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutDescriptions);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !(key === 'description' && typeof value === 'string'))
      .map(([key, value]) => [key, withoutDescriptions(value)]),
  );
}
