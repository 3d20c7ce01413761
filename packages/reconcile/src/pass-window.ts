import { DecisionRefusedError } from './errors.ts';
import type { DateWindow } from './ledger-statement.ts';
import configuration from './reconciliation-windows.json' with { type: 'json' };

const DAY_MS = 24 * 60 * 60_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_LENGTH = 10;

/** What a pass is asked for: a window of the configuration, or booking dates, both included. */
export type PassRequest = { readonly window: string } | DateWindow;

/** The booking dates that a pass is to look at, and what it is called. */
export interface PassWindow {
  readonly name: string;
  readonly dates: DateWindow;
}

/**
 * The booking dates of a pass. A window of the configuration reaches so many days back, and ahead without end: what
 * comes late in the day is booked on the next.
 *
 * @param now epoch milliseconds
 * @throws DecisionRefusedError when there is no such window, or a date is none
 */
export function passWindowOf(request: PassRequest, now: number): PassWindow {
  if ('window' in request) {
    const found = configuration.windows.find(({ name }) => name === request.window);
    if (found === undefined) {
      const known = configuration.windows.map(({ name }) => name).join(', ');
      throw new DecisionRefusedError(
        'NOT_A_DECISION',
        `there is no window ${request.window}; there is: ${known}`,
      );
    }
    return { name: found.name, dates: { from: dateOf(now - found.days * DAY_MS) } };
  }
  for (const date of [request.from, request.to]) {
    if (date !== undefined && !DATE.test(date))
      throw new DecisionRefusedError('NOT_A_DECISION', `${date} is no date like 2026-11-22`);
  }
  return { name: 'once', dates: request };
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, DATE_LENGTH);
}
