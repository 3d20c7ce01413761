import { DomainError } from '@payments/domain';
import type { EventName, EventRecords, Metadata } from '@payments/schemas';

/** One record of a consumed event, valid against its contract. */
export type Incoming<Name extends EventName = EventName> = {
  readonly [Each in Name]: {
    readonly event: Each;
    readonly record: EventRecords[Each];
    readonly metadata: Metadata;
    /** The replay that it came with from the archive. What follows from it names the replay in its metadata alone. */
    readonly replayedBy?: string;
  };
}[Name];

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

/** The outcome of a record whose processing threw: set aside when it can never succeed, else tried again. */
export function failed(cause: unknown): RecordOutcome {
  if (cause instanceof DomainError && !cause.retryable) {
    return { kind: 'quarantine', reason: cause.code, explanation: cause.message };
  }
  return { kind: 'retry', cause };
}

/** How a stage looks at what it is given: one record at a time, or all records of an invocation together. */
export type Processing<Name extends EventName> =
  | { readonly eachRecord: (incoming: Incoming<Name>) => readonly Emission[] | Promise<readonly Emission[]> }
  | {
      readonly allRecords: (
        incoming: readonly Incoming<Name>[],
      ) => readonly RecordOutcome[] | Promise<readonly RecordOutcome[]>;
    };

/** Runs a stage's processing over records; the outcomes are in the same order, whatever is thrown. */
export async function outcomesOf<Name extends EventName>(
  processing: Processing<Name>,
  incoming: readonly Incoming<Name>[],
): Promise<readonly RecordOutcome[]> {
  if (incoming.length === 0) return [];
  if ('eachRecord' in processing)
    return Promise.all(incoming.map((each) => outcomeOf(processing.eachRecord, each)));
  try {
    return await processing.allRecords(incoming);
  } catch (cause) {
    return incoming.map(() => ({ kind: 'retry', cause }));
  }
}

async function outcomeOf<Name extends EventName>(
  process: (incoming: Incoming<Name>) => readonly Emission[] | Promise<readonly Emission[]>,
  incoming: Incoming<Name>,
): Promise<RecordOutcome> {
  try {
    return { kind: 'done', emissions: await process(incoming) };
  } catch (cause) {
    return failed(cause);
  }
}
