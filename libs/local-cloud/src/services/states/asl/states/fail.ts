import type { JsonValue } from '../../../../core/aws-error.ts';
import { compileExpression } from '../expression.ts';
import type { Fields } from '../fields.ts';
import type { CompiledState } from '../state.ts';
import { RuntimeFault, StatesError } from '../states-error.ts';
import type { Surroundings } from '../surroundings.ts';

type Words = (input: JsonValue, around: Surroundings) => string | undefined;

/** A Fail state: ends the workflow with an error and a cause, fixed or from its input. */
export function compileFail(name: string, fields: Fields): CompiledState {
  const error = compileWords(fields, 'Error');
  const cause = compileWords(fields, 'Cause');
  return {
    name,
    type: 'Fail',
    run(frame, rawInput) {
      throw new StatesError(error(rawInput, frame), cause(rawInput, frame));
    },
  };
}

function compileWords(fields: Fields, name: 'Error' | 'Cause'): Words {
  const pathName = `${name}Path`;
  if (fields.has(name) && fields.has(pathName)) fields.problem(`${name} and ${pathName} exclude each other`);
  const fixed = fields.text(name);
  const path = fields.text(pathName);
  const read = fields.compiled(pathName, path, compileExpression);
  if (read === undefined) return () => fixed;
  return (input, around) => {
    const value = read(input, around);
    if (value === undefined) {
      throw new RuntimeFault(
        `The JSONPath '${path}' specified for the field '${pathName}' could not be found in the input '${JSON.stringify(input)}'`,
      );
    }
    if (typeof value !== 'string')
      throw new RuntimeFault(`The field '${pathName}' does not refer to a string: ${path}`);
    return value;
  };
}
