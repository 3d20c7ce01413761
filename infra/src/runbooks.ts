/** The runbooks that alarms name; each lies under `docs/runbooks/`. */
export const RUNBOOKS = [
  'control-totals',
  'dead-letters',
  'function-duration',
  'function-errors',
  'function-throttles',
  'inbound-files',
  'late-sequences',
  'mismatches',
  'oldest-break',
  'parked-breaks',
  'pipe-failures',
  'posting-latency',
  'queue-age',
  'quarantine',
  'reconciliation-behind',
  'stream-age',
  'undelivered-events',
  'workflow-failures',
] as const;
export type Runbook = (typeof RUNBOOKS)[number];

/** The runbooks for what people begin, and no alarm. */
export const PROCEDURES = ['key-rotation', 'region-outage', 'replay', 'rollback'] as const;

/** Where a runbook lies, from the root of the repository. */
export function runbookPath(runbook: Runbook): string {
  return `docs/runbooks/${runbook}.md`;
}
