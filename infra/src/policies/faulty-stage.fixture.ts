import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { type StageContext, StageStack } from '../constructs/stage-stack.ts';
import { STAGE_DECLARATIONS } from '../stages.ts';
import { runSynthesis } from '../synthesize.ts';

// A stage as somebody might write it who goes around the constructs. Run with the `src` of a package: it synthesizes
// the stack into that package, as `node src/infra.ts` of a stage does.

function buildStack(context: StageContext): StageStack {
  const stack = new StageStack(context, STAGE_DECLARATIONS.standardize);
  new SqsQueue(stack, 'shortcut', { name: stack.nameOf('shortcut'), visibilityTimeoutSeconds: 30 });
  return stack;
}

runSynthesis('standardize', buildStack, process.argv[2] ?? '');
