import { type EventName, type StageDeclaration, type StageName, sourceOf } from '@payments/schemas';
import { stage as accountInterface } from '../../packages/account-interface/src/stage.ts';
import { stage as dedup } from '../../packages/dedup/src/stage.ts';
import { stage as enrich } from '../../packages/enrich/src/stage.ts';
import { stage as ingest } from '../../packages/ingest/src/stage.ts';
import { stage as posting } from '../../packages/posting/src/stage.ts';
import { stage as reconcile } from '../../packages/reconcile/src/stage.ts';
import { stage as rules } from '../../packages/rules/src/stage.ts';
import { stage as standardize } from '../../packages/standardize/src/stage.ts';

// The declarations are read by their paths and not as dependencies: every stage depends on this package, and the
// declarations import nothing of it.

/** Every stage's declaration: who says what on the bus. */
export const STAGE_DECLARATIONS: Readonly<Record<StageName, StageDeclaration>> = {
  ingest,
  dedup,
  standardize,
  enrich,
  rules,
  'account-interface': accountInterface,
  posting,
  reconcile,
};

/** What the bus calls a source of ours, whoever it is. */
const ANY_SOURCE_PREFIX = 'payments.';

/** An element of a pattern's `source`. */
export type SourcePattern = string | { readonly prefix: string };

/**
 * The sources that events may come from, for a rule's pattern: the stages that declare to emit them. An event that
 * no stage emits comes from producers outside (an API, a batch), which have names of their own under `payments.`.
 */
export function sourcesOf(events: readonly EventName[]): readonly SourcePattern[] {
  const sources = new Set<string>();
  let fromOutside = false;
  for (const event of events) {
    const emitters = Object.values(STAGE_DECLARATIONS).filter(({ emits }) => emits.includes(event));
    for (const { name } of emitters) sources.add(sourceOf(name));
    fromOutside ||= emitters.length === 0;
  }
  return fromOutside ? [{ prefix: ANY_SOURCE_PREFIX }] : [...sources];
}

/** The archive's and the audit's view: everything that is ours. */
export const OUR_EVENTS = { source: [{ prefix: ANY_SOURCE_PREFIX }] } as const;
