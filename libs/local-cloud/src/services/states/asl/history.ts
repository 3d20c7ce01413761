import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';

/** One event of an execution's history, as GetExecutionHistory names it. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** For example `TaskStateEntered`. */
  readonly type: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** The name of the details' member, for example `stateEnteredEventDetails`; absent when there are none. */
  readonly detailsName: string | undefined;
  readonly details: JsonObject | undefined;
}

/** Hears of every event as it happens. */
export type HistoryObserver = (event: HistoryEvent) => void;

/** Makes the details of an event; it is called only when somebody listens. */
export type Details = () => readonly [name: string, details: JsonObject];

/** Data as the history holds it: JSON text beside the note that nothing was cut off. */
export function dataDetails(member: 'input' | 'output', data: JsonValue): JsonObject {
  return { [member]: JSON.stringify(data), [`${member}Details`]: { truncated: false } };
}
