import { assignedBy } from '../attempts.ts';
import type { Build } from '../build.ts';
import { compileChoiceRule } from '../choice-rule.ts';
import type { Fields } from '../fields.ts';
import type { CompiledState } from '../state.ts';
import { RuntimeFault } from '../states-error.ts';
import { compileAssign, compileFilter } from './flow.ts';

/** A Choice state: goes on at the first rule that holds, or at its Default. */
export function compileChoice(name: string, fields: Fields, build: Build): CompiledState {
  const input = compileFilter(fields, 'InputPath');
  const output = compileFilter(fields, 'OutputPath');
  const choices = fields.objects('Choices').flatMap((rule) => compileRule(rule, build) ?? []);
  if (choices.length === 0) fields.problem('Choices are missing');
  const otherwise = fields.text('Default');
  if (otherwise !== undefined) build.goesTo(fields, otherwise);
  const assign = compileAssign(fields);
  return {
    name,
    type: 'Choice',
    run(frame, rawInput) {
      const effective = input(rawInput, frame);
      const chosen = choices.find(({ holds }) => holds(effective, frame)) ?? { next: otherwise, assign };
      if (chosen.next === undefined) {
        throw new RuntimeFault(
          'Failed to transition out of the state. The state does not point to a next state.',
        );
      }
      return {
        output: output(effective, frame),
        next: chosen.next,
        assigned: assignedBy(chosen.assign, effective, frame),
      };
    },
  };
}

function compileRule(fields: Fields, build: Build) {
  const next = fields.requiredText('Next');
  if (next !== '') build.goesTo(fields, next);
  const assign = compileAssign(fields);
  const holds = fields.compiled(
    'a rule',
    fields.whole(() => true),
    compileChoiceRule,
  );
  return holds && { holds, next, assign };
}
