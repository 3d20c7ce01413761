export { loadEnvironment } from '../environment.ts';
export { firstBlock, reference, SynthesizedStack, statementsOf } from '../synthesized-stack.ts';
export { LOCAL_PLATFORM, subscriberGrants } from './subscriber-grants.ts';
export { synthesizeFor } from './synthesize-for.ts';
export { type SynthesizedStacks, synthesizeEveryStack, synthesizeStacks } from './synthesize-stacks.ts';
