import type { SchemaObject } from '../load-schemas.ts';
import { type ContractSet, type Located, resolve } from './contract-set.ts';
import { partsOf } from './schema-parts.ts';

/** A schema that describes a field of a contract, by the file and the keywords that lead to it. */
export interface ContractPlace {
  readonly contract: string;
  readonly field: string;
  readonly file: string;
  readonly pointer: readonly string[];
  readonly schema: SchemaObject;
}

/** Every schema that a contract uses, once, whichever contract and field leads to it first. */
export function contractPlaces(set: ContractSet, folder: string): readonly ContractPlace[] {
  const seen = new Set<SchemaObject>();
  const found: ContractPlace[] = [];
  for (const [contract, schema] of set) {
    if (contract.startsWith(`${folder}/`)) visit(contract, { schema, path: contract, set }, '', seen, found);
  }
  return found;
}

/** A copy of the contracts in which the schema at one place is another; the others are shared with the original. */
export function withSchema(
  set: ContractSet,
  { file, pointer }: Pick<ContractPlace, 'file' | 'pointer'>,
  change: (schema: SchemaObject) => SchemaObject,
): ContractSet {
  const replace = (node: SchemaObject, [key, ...rest]: readonly string[]): SchemaObject =>
    key === undefined ? change(node) : { ...node, [key]: replace(node[key] as SchemaObject, rest) };
  return new Map(set).set(file, replace(set.get(file) ?? {}, pointer));
}

function visit(
  contract: string,
  located: Located,
  field: string,
  seen: Set<SchemaObject>,
  found: ContractPlace[],
): void {
  const target = resolve(located);
  if (seen.has(target.schema)) return;
  seen.add(target.schema);
  const pointer = pointerOf(target);
  found.push({ contract, field, file: target.path, pointer, schema: target.schema });
  const { properties, items, additional } = partsOf(target);
  for (const [name, member] of Object.entries(properties))
    visit(contract, member, field === '' ? name : `${field}.${name}`, seen, found);
  if (items !== undefined) visit(contract, items, `${field}[]`, seen, found);
  if (typeof additional === 'object')
    visit(contract, additional, field === '' ? '*' : `${field}.*`, seen, found);
}

/** The keywords that lead from a file to a schema in it. */
function pointerOf({ schema, path, set }: Located): readonly string[] {
  const search = (node: unknown, at: readonly string[]): readonly string[] | undefined => {
    if (node === schema) return at;
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return undefined;
    for (const [key, child] of Object.entries(node)) {
      const below = search(child, [...at, key]);
      if (below !== undefined) return below;
    }
    return undefined;
  };
  const pointer = search(set.get(path), []);
  if (pointer === undefined) throw new RangeError(`${path} does not hold the schema`);
  return pointer;
}
