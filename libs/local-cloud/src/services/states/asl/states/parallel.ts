import type { JsonValue } from '../../../../core/aws-error.ts';
import { assignedBy, attemptWithRetries } from '../attempts.ts';
import { runBranches } from '../branches.ts';
import type { Build } from '../build.ts';
import type { Fields } from '../fields.ts';
import { Frame } from '../frame.ts';
import { runWorkflow } from '../run-workflow.ts';
import type { CompiledState, Workflow } from '../state.ts';
import { compileErrorHandling } from './error-handling.ts';
import { compileAssign, compileFilter, compileNext, compileResult, compileTemplateField } from './flow.ts';

/** A Parallel state: runs its branches on the same input and gives the list of their outputs. */
export function compileParallel(name: string, fields: Fields, build: Build): CompiledState {
  const branches = fields.objects('Branches').map((branch) => build.workflow(branch));
  if (branches.length === 0) fields.problem('Branches are missing');
  const input = compileFilter(fields, 'InputPath');
  const parameters = compileTemplateField(fields, 'Parameters');
  const selector = compileTemplateField(fields, 'ResultSelector');
  const resultPath = compileResult(fields);
  const output = compileFilter(fields, 'OutputPath');
  const errors = compileErrorHandling(fields, build);
  const assign = compileAssign(fields);
  const next = compileNext(fields, build);
  return {
    name,
    type: 'Parallel',
    run(frame, rawInput) {
      const attempt = async () => {
        const effective = input(rawInput, frame);
        const given = parameters?.(effective, frame) ?? effective;
        frame.record('ParallelStateStarted');
        const result = await runAll(branches, given, frame);
        frame.record('ParallelStateSucceeded');
        const selected = selector?.(result, frame) ?? result;
        return {
          output: output(resultPath(rawInput, selected), frame),
          next,
          assigned: assignedBy(assign, selected, frame),
        };
      };
      return attemptWithRetries(frame, rawInput, errors, attempt, () => frame.record('ParallelStateFailed'));
    },
  };
}

async function runAll(branches: readonly Workflow[], input: JsonValue, frame: Frame): Promise<JsonValue> {
  const outputs: JsonValue[] = branches.map(() => null);
  await runBranches(frame, branches.length, branches.length, async (index, scope) => {
    const branch = branches[index];
    if (branch === undefined) return;
    const branchFrame = new Frame(frame.execution, frame, { scope: scope.child() });
    try {
      outputs[index] = await runWorkflow(branch, branchFrame, input);
    } finally {
      scope.giveBack(branchFrame.scope);
      frame.continueAfter(branchFrame);
    }
  });
  return outputs;
}
