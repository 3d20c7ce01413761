import type { EventName } from '@payments/schemas';
import terminalEvents from './terminal-events.json' with { type: 'json' };

/** The events that no stage need consume, and whom outside the pipeline each is for. */
export const TERMINAL_EVENTS: Readonly<Record<string, string>> = terminalEvents;

/** True for an event that is for subscribers outside the pipeline, whether or not a stage consumes it too. */
export function isTerminal(event: EventName): boolean {
  return TERMINAL_EVENTS[event] !== undefined;
}
