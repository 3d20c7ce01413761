import type { Fields } from './fields.ts';
import type { FindIntegration } from './integration.ts';
import type { Workflow } from './state.ts';

/** What the compilers of states need from the compiler of the definition. */
export interface Build {
  readonly findIntegration: FindIntegration;
  /** Compiles the workflow inside a Map or Parallel state. */
  workflow(fields: Fields): Workflow;
  /** Says that a state of the workflow being compiled goes on at another one, which must exist. */
  goesTo(from: Fields, state: string): void;
}
