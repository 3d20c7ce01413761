import type { Finding } from './break.ts';
import { breakIdOf } from './break-id.ts';
import type { BreakStore, KeptBreak } from './ports.ts';

/** What follows `YYYY-MM-DD` in a time. */
const DATE_LENGTH = 10;

/**
 * Makes a case of each finding, once: one that is there already stays as it is, whatever was done about it since.
 *
 * @param seenAt RFC 3339: when the finder began to look; a case that was ended later than that is not opened again
 * @returns the cases that were opened now
 */
export async function openBreaks(
  findings: readonly Finding[],
  store: BreakStore,
  seenAt: string,
): Promise<readonly KeptBreak[]> {
  const cases = new Map<string, KeptBreak>();
  for (const finding of findings) {
    const breakId = breakIdOf(finding);
    if (!cases.has(breakId)) cases.set(breakId, openedCase(finding, breakId, seenAt));
  }
  return cases.size === 0 ? [] : store.open([...cases.values()], seenAt);
}

function openedCase(finding: Finding, breakId: string, openedAt: string): KeptBreak {
  return {
    ...finding,
    breakId,
    state: 'OPEN',
    openedAt,
    changedAt: openedAt,
    attempts: 0,
    version: 1,
    businessDate: finding.sides.booked?.[0]?.bookingDate ?? finding.loggedAt.slice(0, DATE_LENGTH),
    says: 'DETECTED',
  };
}
