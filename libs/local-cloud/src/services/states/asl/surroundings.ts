import type { JsonObject } from '../../../core/aws-error.ts';
import type { Runtime } from '../../../core/runtime.ts';

/** What expressions may read beside the data of their state. */
export interface Surroundings {
  /** The workflow variables that are visible here (`$name`). */
  readonly variables: JsonObject;
  /** Where `States.UUID` and `States.MathRandom` draw from. */
  readonly runtime: Runtime;
  /** The context object (`$$`), made when it is asked for. */
  context(): JsonObject;
}
