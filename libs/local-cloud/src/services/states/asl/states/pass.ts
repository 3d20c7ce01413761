import { assignedBy } from '../attempts.ts';
import type { Build } from '../build.ts';
import type { Fields } from '../fields.ts';
import type { CompiledState } from '../state.ts';
import { compileAssign, compileFilter, compileNext, compileResult, compileTemplateField } from './flow.ts';

/** A Pass state: gives its Result, or its input through Parameters. */
export function compilePass(name: string, fields: Fields, build: Build): CompiledState {
  const input = compileFilter(fields, 'InputPath');
  const output = compileFilter(fields, 'OutputPath');
  const parameters = compileTemplateField(fields, 'Parameters');
  const fixed = fields.json('Result');
  const resultPath = compileResult(fields);
  const assign = compileAssign(fields);
  const next = compileNext(fields, build);
  return {
    name,
    type: 'Pass',
    run(frame, rawInput) {
      const effective = input(rawInput, frame);
      const result = fixed ?? parameters?.(effective, frame) ?? effective;
      return {
        output: output(resultPath(rawInput, result), frame),
        next,
        assigned: assignedBy(assign, result, frame),
      };
    },
  };
}
