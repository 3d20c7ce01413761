import type { SequenceFinding } from './compare-sequence.ts';
import { ControlTotals, SideTotals } from './control-totals.ts';
import { type DateWindow, isInWindow, type StatementScope } from './ledger-statement.ts';
import type { Candidate } from './pass-candidates.ts';
import { addPosted, addRow } from './pass-entries.ts';
import type { PassGroup } from './pass-result.ts';

/** The totals of both sides. */
export interface FirstReading {
  readonly posted: SideTotals;
  readonly booked: SideTotals;
  readonly sequences: number;
  readonly young: number;
  readonly withoutEntries: number;
}

/** What was looked into, added up: by it the totals of groups are told apart. */
export class DrillTotals {
  readonly posted: SideTotals;
  readonly booked: SideTotals;
  /** The same without sequences that agree when what corrects them is counted in. */
  readonly uncorrectedPosted: SideTotals;
  readonly uncorrectedBooked: SideTotals;
  readonly #scope: StatementScope;
  readonly #window: DateWindow;

  constructor(scope: StatementScope, window: DateWindow) {
    this.#scope = scope;
    this.#window = window;
    this.posted = new SideTotals(scope, false);
    this.booked = new SideTotals(scope, false);
    this.uncorrectedPosted = new SideTotals(scope, false);
    this.uncorrectedBooked = new SideTotals(scope, false);
  }

  add({ posted, corrections, rows }: Candidate, found: SequenceFinding | undefined): void {
    const isCorrected = found === undefined && rows.some(({ corrects }) => corrects !== undefined);
    const [window, scope] = [this.#window, this.#scope];
    for (const sequence of [...(posted === undefined ? [] : [posted]), ...corrections]) {
      addPosted(this.posted, sequence, 0, window, scope);
      if (!isCorrected) addPosted(this.uncorrectedPosted, sequence, 0, window, scope);
    }
    for (const row of rows.filter(({ bookingDate }) => isInWindow(bookingDate, window))) {
      addRow(this.booked, row, 0);
      if (!isCorrected) addRow(this.uncorrectedBooked, row, 0);
    }
  }
}

/** The groups with their totals: what agreed at the first reading, and what was looked into as it was then. */
export function groupsOf(first: FirstReading, looked: DrillTotals | undefined): PassGroup[] {
  const keys = new Set([...first.posted.groups.keys(), ...first.booked.groups.keys()]);
  return [...keys].sort().map((key): PassGroup => {
    const posted = first.posted.of(key);
    const booked = looked === undefined ? first.booked.of(key) : new ControlTotals();
    if (looked !== undefined) {
      booked.combine(posted, 1);
      booked.combine(looked.posted.of(key), -1);
      booked.combine(looked.booked.of(key), 1);
    }
    const [bookingDate = '', currency = '', scheme = '', eventCode = ''] = key.split('|');
    const isCorrected = looked?.uncorrectedPosted.of(key).equals(looked.uncorrectedBooked.of(key)) === true;
    return {
      bookingDate,
      currency,
      ...(scheme !== '' && { scheme }),
      ...(eventCode !== '' && { eventCode }),
      posted: posted.toWire(),
      booked: booked.toWire(),
      standing: posted.equals(booked) ? 'AGREES' : isCorrected ? 'CORRECTED' : 'DIFFERS',
    };
  });
}
