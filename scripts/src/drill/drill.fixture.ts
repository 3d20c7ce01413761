import type { PatchRule } from '@payments/schemas';
import type { BookedSequence, EntryRow } from './damage.ts';
import { unknownId } from './draw.ts';
import type { DrillCase } from './drill-cases.ts';
import type { DrillRun } from './drill-run.ts';
import type { SideRow } from './side-rows.ts';

/** A transaction that debits a customer and credits the bank, booked. */
export function bookedSequence(name: string, minorUnits = '1250'): BookedSequence {
  const [sequenceId, transactionId] = [unknownId(name, 'sequence'), unknownId(name)];
  const entry = (number: number, accountId: string, direction: EntryRow['direction']): EntryRow => ({
    sequenceId,
    transactionId,
    position: `ENTRY#0${number}`,
    entryId: unknownId(name, number),
    sequence: { id: sequenceId, number, count: 2 },
    account: { role: number === 1 ? 'CUST' : 'SUSP', accountId, currency: 'GBP', branch: 'LDN01' },
    direction,
    amount: { minorUnits, currency: 'GBP' },
    amountTag: 'PRINCIPAL',
    eventCode: 'CARDPUR',
    bookingDate: '2026-11-15',
    valueDate: '2026-11-15',
    narrative: 'SHOP',
    reversal: false,
    sourceEventId: unknownId(name, 'source'),
  });
  return {
    sequenceId,
    transactionId,
    lifecycleId: `life-${name}`,
    own: { sequenceId, position: 'SEQUENCE', transactionId, lifecycleId: `life-${name}` },
    entries: [entry(1, `SYN-${name}`, 'DEBIT'), entry(2, 'GL-SUSPENSE', 'CREDIT')],
  };
}

/** A run in which these sequences are booked and nothing else happened. */
export function cleanRun(sequences: readonly BookedSequence[]): DrillRun {
  const sides = sequences.map(({ transactionId, lifecycleId }): [string, SideRow] => [
    transactionId,
    { transactionId, lifecycleId, result: 'RECONCILED' },
  ]);
  return {
    sequences,
    sides: new Map(sides),
    chunkOf: new Map(sequences.map(({ transactionId }, index) => [transactionId, Math.floor(index / 2)])),
    cases: [],
    byPolicy: new Map(),
    approved: new Set(),
    planted: new Map(),
    lostTogether: new Map(),
    evidence: { entries: 0, firstBad: undefined },
    detected: new Map(),
    changedByRepeating: [],
    minutes: 0,
  };
}

/** A case that was found of a transaction and patched. */
export function drillCase(
  transactionId: string,
  type: DrillCase['type'],
  others: Partial<DrillCase> = {},
): DrillCase {
  const breakId = unknownId(transactionId, type);
  return {
    breakId,
    transactionId,
    type,
    state: 'PATCHED',
    attempts: 1,
    explanation: 'it differs',
    ...others,
  };
}

/** A rule that patches whatever it is about. */
export function patchRule(type: PatchRule['type'], others: Partial<PatchRule> = {}): PatchRule {
  return {
    id: `rule-for-${type.toLowerCase().replaceAll('_', '-')}`,
    type,
    action: 'RE_EMIT',
    automatic: true,
    perHourMax: 100,
    attemptsMax: 1,
    owner: 'somebody',
    waitMinutes: 0,
    ...others,
  };
}
