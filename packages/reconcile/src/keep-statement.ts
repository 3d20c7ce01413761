import type { Finding } from './break.ts';
import { breakIdOf } from './break-id.ts';
import { aboutCase, withoutLastChange } from './case-step.ts';
import { POLICY } from './decide-patch.ts';
import { DecisionRefusedError } from './errors.ts';
import { isInWindow } from './ledger-statement.ts';
import { openBreaks } from './open-breaks.ts';
import type { BreakChange, BreakStore, KeptBreak } from './ports.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** So many cases wait for people at the most; the next statement looks at the others. */
const WAITING_MAX = 10_000;

/** What a comparison with a bank's statement came to. */
export interface ComparedStatement {
  /** Its booking dates, both included, and its accounts. */
  readonly from: string;
  readonly to: string;
  readonly accountIds: readonly string[];
  /** Everything that differs in it. */
  readonly findings: readonly Finding[];
}

/** What became of the cases of a statement. */
export interface KeptStatement {
  readonly opened: number;
  /** Cases of earlier statements that agree in this one. */
  readonly closed: number;
}

/**
 * Makes cases of what differs in a bank's statement, and ends those of earlier statements that it puts right: cases about
 * its dates and accounts that it does not differ in any more. Nothing is patched: a bank's books are the bank's.
 *
 * @param now epoch milliseconds
 * @throws DecisionRefusedError when it is no comparison
 */
export async function keepStatement(
  statement: ComparedStatement,
  breaks: BreakStore,
  policyVersion: string,
  now: number,
): Promise<KeptStatement> {
  const { from, to, accountIds } = statement;
  if (!DATE.test(from) || !DATE.test(to) || !Array.isArray(statement.findings) || !Array.isArray(accountIds))
    throw new DecisionRefusedError('NOT_A_DECISION', 'a statement has dates, accounts and findings');
  const at = new Date(now).toISOString();
  const findings = statement.findings.map((each) => ({ ...each, statement: `${from}..${to}` }));
  const differing = new Set(findings.map((each) => breakIdOf(each)));
  const opened = await openBreaks(findings, breaks, at);
  const waiting = [
    ...(await breaks.inState('OPEN', WAITING_MAX)),
    ...(await breaks.inState('PARKED', WAITING_MAX)),
  ];
  const agreed = waiting.filter((each) => isAbout(each, statement, findings) && !differing.has(each.breakId));
  const results = await breaks.change(agreed.map((each) => closing(each, at, policyVersion)));
  return { opened: opened.length, closed: results.filter(({ kind }) => kind === 'changed').length };
}

/** Whether a case of a statement is about the dates and accounts of another one, or differs there in another way. */
function isAbout(
  { statement, businessDate, sequenceId, sides }: KeptBreak,
  { from, to, accountIds }: ComparedStatement,
  findings: readonly Finding[],
): boolean {
  if (statement === undefined) return false;
  if (findings.some((each) => each.sequenceId === sequenceId)) return true;
  const entries = [...(sides.booked ?? []), ...(sides.posted ?? [])];
  return (
    isInWindow(businessDate, { from, to }) && entries.some(({ accountId }) => accountIds.includes(accountId))
  );
}

function closing(before: KeptBreak, at: string, policyVersion: string): BreakChange {
  const reason = 'it agrees in a later statement of the bank';
  return {
    before,
    after: { ...withoutLastChange(before), state: 'CLOSED', changedAt: at, remark: reason },
    evidence: {
      ...aboutCase(before, policyVersion),
      at,
      kind: 'CLOSED',
      decidedBy: POLICY,
      reason,
      before: before.sides,
    },
  };
}
