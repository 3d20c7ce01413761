import type { JsonValue } from '../../../../core/aws-error.ts';
import { compileRequiredPath } from '../data-path.ts';
import type { Fields } from '../fields.ts';
import { RuntimeFault } from '../states-error.ts';
import type { Surroundings } from '../surroundings.ts';

/** A number that a definition gives as it is or by a path. */
export type NumberField = (input: JsonValue, around: Surroundings) => number;

/**
 * Compiles the pair of fields `Name` and `NamePath`.
 *
 * @param least the least value that the definition may give as it is
 * @param what what the path must refer to, in AWS's words: `integer` or `float`
 * @returns undefined when neither field is there
 */
export function compileNumberField(
  fields: Fields,
  name: string,
  least: number,
  what: 'integer' | 'float' = 'integer',
): NumberField | undefined {
  const pathName = `${name}Path`;
  if (fields.has(name) && fields.has(pathName)) fields.problem(`${name} and ${pathName} exclude each other`);
  const fixed = fields.number(name, least);
  const path = fields.text(pathName);
  const read = fields.compiled(pathName, path, compileRequiredPath);
  if (read === undefined) return fixed === undefined ? undefined : () => fixed;
  return (input, around) => {
    const value = read(input, around);
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && (what === 'float' ? !Number.isNaN(number) : Number.isInteger(number))) {
      return number;
    }
    throw new RuntimeFault(
      `The ${pathName} field refers to value ${JSON.stringify(value)} which is not a valid ${what}: ${path}`,
    );
  };
}
