import type { EventRecords } from './generated/types.ts';

/** The detail-type of an event on the bus. */
export type EventName = keyof EventRecords;

/**
 * The stages, in flow order: the one list of them. Environments, stacks, deployment, import rules and tests follow it;
 * `pnpm new:subscriber` adds to its end.
 */
export const STAGES = [
  'ingest',
  'dedup',
  'standardize',
  'enrich',
  'rules',
  'account-interface',
  'posting',
  'reconcile',
] as const;
export type StageName = (typeof STAGES)[number];

/** What a stage says of itself; its Lambda functions and its Terraform module both read it. */
export interface StageDeclaration {
  readonly name: StageName;
  /** The events of the bus that it subscribes to. */
  readonly consumes: readonly EventName[];
  /** The events that it may publish, and no others. */
  readonly emits: readonly EventName[];
  /** Every environment variable that its functions read, with what it holds. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The `source` that a stage's events carry on the bus. */
export function sourceOf(stage: StageName): `payments.${StageName}` {
  return `payments.${stage}`;
}
