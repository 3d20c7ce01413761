import type { EventName, EventRecords, Metadata } from '@payments/schemas';

/** One record of a consumed event, valid against its contract. */
export interface Incoming<Name extends EventName = EventName> {
  readonly event: Name;
  readonly record: EventRecords[Name];
  readonly metadata: Metadata;
}

/** One record to be published; its event decides the contract that it must keep. */
export type Emission = {
  readonly [Name in EventName]: { readonly event: Name; readonly record: EventRecords[Name] };
}[EventName];

/** What a stage made of one record. */
export type RecordOutcome =
  /** Done: publish these, none where the stage has nothing to say. */
  | { readonly kind: 'done'; readonly emissions: readonly Emission[] }
  /** This record can never be processed: set it aside with its reason and go on. */
  | { readonly kind: 'quarantine'; readonly reason: string; readonly explanation: string }
  /** Something outside failed: the record comes again. */
  | { readonly kind: 'retry'; readonly cause: unknown };

/** The outcome of a record that is done. */
export function done(...emissions: readonly Emission[]): RecordOutcome {
  return { kind: 'done', emissions };
}
