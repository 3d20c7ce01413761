import type { LedgerRow } from './break.ts';
import type { ControlEntry, SideTotals } from './control-totals.ts';
import { type DateWindow, isInWindow, type StatementScope } from './ledger-statement.ts';
import type { OpenSequence, PostedSequence } from './pass-ports.ts';

/** Adds what was posted, where it is in the window and on an account that the ledger is about. */
export function addPosted(
  totals: SideTotals,
  { sequenceId, scheme, bookingDate, valueDate, entries = [] }: PostedSequence,
  bucket: number,
  window: DateWindow,
  { accountIds }: StatementScope,
): void {
  if (!isInWindow(bookingDate, window)) return;
  for (const entry of entries) {
    if (accountIds !== undefined && !accountIds.has(entry.accountId)) continue;
    const { number, accountId, direction, minorUnits, currency, eventCode } = entry;
    const about = { scheme, bookingDate, valueDate };
    totals.add(sequenceId, bucket, {
      number,
      accountId,
      direction,
      minorUnits,
      currency,
      eventCode,
      ...about,
    });
  }
}

/** Adds a row of a ledger. */
export function addRow(totals: SideTotals, row: LedgerRow, bucket: number): void {
  const { scheme = '?', eventCode = '?' } = row;
  const { number, accountId, direction, minorUnits, currency, bookingDate, valueDate } = row;
  const entry: ControlEntry = {
    number,
    accountId,
    direction,
    minorUnits,
    currency,
    bookingDate,
    valueDate,
    scheme,
    eventCode,
  };
  totals.add(row.sequenceId, bucket, entry);
}

/** The sequence that is compared: itself, or the one that it corrects. */
export function subjectOf(sequence: PostedSequence | OpenSequence): string {
  return 'isOpen' in sequence ? sequence.sequenceId : (sequence.corrects ?? sequence.sequenceId);
}

/** A bank's statement does not say what a row corrects; what was posted does. */
export function subjectOfRow(
  { corrects, sequenceId }: LedgerRow,
  corrected: ReadonlyMap<string, string>,
): string {
  return corrects ?? corrected.get(sequenceId) ?? sequenceId;
}

/** It may still be on its way, or nobody has said what was posted. */
export function isLeftOut(sequence: PostedSequence | OpenSequence, settledMs: number): boolean {
  if ('isOpen' in sequence || sequence.entries === undefined) return true;
  return Date.parse(sequence.saidAt) >= settledMs;
}

/** It was written since, so that nobody may have said it yet. */
export function isYoung({ bookedAt }: LedgerRow, settledMs: number): boolean {
  return bookedAt !== undefined && Date.parse(bookedAt) >= settledMs;
}
