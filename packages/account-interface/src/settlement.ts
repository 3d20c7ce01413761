import type { Outcome, Remains } from './lifecycle.ts';

/** What a follower came to, and what then stands of the messages that it changed. */
export interface Settlement {
  readonly outcome: Outcome;
  /** By transaction id. */
  readonly remains: Readonly<Record<string, Remains>>;
}
