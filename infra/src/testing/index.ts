export { loadEnvironment } from '../environment.ts';
export { firstBlock, reference, SynthesizedStack, statementsOf } from '../synthesized-stack.ts';
export { feedOf } from './feed.ts';
export { intentProblems } from './intent.ts';
export { synthesizeFor } from './synthesize-for.ts';
export { type SynthesizedStacks, synthesizeStacks } from './synthesize-stacks.ts';
