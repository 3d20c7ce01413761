import type { Environment, StageDeclaration } from '@payments/schemas';
import type { SynthesizedStack } from '../synthesized-stack.ts';
import { encryptionProblems } from './intent-encryption.ts';
import { eventProblems } from './intent-events.ts';
import { functionProblems } from './intent-functions.ts';
import { policyProblems } from './intent-policies.ts';
import { queueProblems } from './intent-queues.ts';

/** What a stack is held against. */
export interface Intent {
  readonly environment: Environment;
  /** Absent for the platform, which is no stage. */
  readonly stage?: StageDeclaration;
}

/**
 * What every stack of ours must be, whatever it is for. Each rule answers what breaks it, in sentences; a test
 * expects none.
 */
export function intentProblems(stack: SynthesizedStack, intent: Intent): readonly string[] {
  return [
    ...policyProblems(stack),
    ...queueProblems(stack),
    ...encryptionProblems(stack, intent.environment),
    ...eventProblems(stack),
    ...functionProblems(stack, intent),
    ...addressProblems(stack, intent.environment),
  ];
}

/** A Terraform address that names an environment would be another resource in another environment. */
function addressProblems(stack: SynthesizedStack, environment: Environment): readonly string[] {
  return [...stack.all().keys()]
    .filter((address) => address.split(/[._-]/).includes(environment.name))
    .map((address) => `${address} names the environment`);
}
