import { generateContracts } from './generate-contracts.ts';
import { generateTypes } from './generate-types.ts';
import { generateValidators } from './generate-validators.ts';
import { loadSchemas } from './load-schemas.ts';

/** Where the generated files lie. */
export const GENERATED = new URL('./generated/', import.meta.url);

/** Everything that is generated from the contracts: the text of each file by its path below `GENERATED`. */
export async function generateFiles(): Promise<Readonly<Record<string, string>>> {
  const schemas = loadSchemas();
  return {
    'types.ts': await generateTypes(schemas),
    'contracts.ts': generateContracts(schemas),
    ...generateValidators(schemas),
  };
}
