import type { Fields } from '../fields.ts';
import type { CompiledState } from '../state.ts';
import { compileFilter } from './flow.ts';

/** A Succeed state: ends the workflow with what its paths let through. */
export function compileSucceed(name: string, fields: Fields): CompiledState {
  const input = compileFilter(fields, 'InputPath');
  const output = compileFilter(fields, 'OutputPath');
  return {
    name,
    type: 'Succeed',
    run: (frame, rawInput) => ({
      output: output(input(rawInput, frame), frame),
      next: undefined,
      assigned: undefined,
    }),
  };
}
