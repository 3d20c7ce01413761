import { recordKeyOf } from '@payments/domain';
import type { ControlTotals, ReconciliationMismatchDetectedRecord } from '@payments/schemas';
import type { Emission } from '@payments/stage-kit';
import { rowTotalsOf } from './booked-side.ts';
import type { KeptBreak } from './ports.ts';

type Detected = ReconciliationMismatchDetectedRecord;

/** A sequence has at most this many entries, and so have its control totals; more than that stands in the ledger where
 * rows are doubled, and is told without totals (`schemas/shared/control-totals.v1.json`). */
const TOTALS_COUNT_MAX = 98;
const UNKNOWN_OWNER = 'payments-operations';

/**
 * The event that the last change of a case is said by, if it is said by one. Its key is made from the case and its
 * version: the same change again is the same event.
 */
export function emissionOf(kept: KeptBreak): Emission | undefined {
  switch (kept.says) {
    case 'DETECTED':
      return {
        event: 'ReconciliationMismatchDetected',
        record: recordOf(kept, 'ReconciliationMismatchDetected'),
      };
    case 'PATCHED': {
      if (kept.patch === undefined) return undefined;
      const { ruleId, action, explanation, decidedBy, sequenceId } = kept.patch;
      const patch = {
        ruleId,
        action,
        explanation,
        decidedBy,
        ...(sequenceId !== undefined && { sequenceId }),
      };
      const record = { ...recordOf(kept, 'ReconciliationMismatchPatched'), patch };
      return { event: 'ReconciliationMismatchPatched', record };
    }
    case 'PARKED': {
      const parked = {
        owner: kept.owner ?? UNKNOWN_OWNER,
        reason: kept.parkedBecause ?? 'NOT_AUTOMATIC',
        explanation: kept.remark ?? kept.explanation,
      };
      const record = { ...recordOf(kept, 'ReconciliationMismatchParked'), parked };
      return { event: 'ReconciliationMismatchParked', record };
    }
    default:
      return undefined;
  }
}

function recordOf(kept: KeptBreak, event: Emission['event']): Detected {
  const { transactionId, scheme, loggedAt, lifecycleId, breakId, sequenceId, version } = kept;
  const { type, explanation, atRisk } = kept;
  const { authorized, posted, booked } = kept.sides;
  return {
    transactionId,
    idempotencyKey: recordKeyOf(event, transactionId, `${breakId}.${version}`),
    scheme,
    loggedAt,
    lifecycleId,
    breakId,
    ...(sequenceId === undefined ? {} : { sequenceId }),
    mismatch: {
      type,
      explanation,
      authorized: { present: authorized !== undefined, ...authorized },
      posted: { present: posted !== undefined, ...totalsOf(posted) },
      booked: { present: booked !== undefined, ...totalsOf(booked) },
      ...(atRisk === undefined ? {} : { atRisk }),
    },
  };
}

/** The totals of a side that was looked at entry by entry. */
function totalsOf(entries: Parameters<typeof rowTotalsOf>[0] | undefined): { controlTotals?: ControlTotals } {
  if (entries === undefined || entries.length === 0 || entries.length > TOTALS_COUNT_MAX) return {};
  return { controlTotals: rowTotalsOf(entries) };
}
