import { fromWire, toDecimalText } from '@payments/domain';
import type { RuleOutcome, TransactionEnrichedRecord } from '@payments/schemas';
import type { JudgementEvent } from './judgement-events.ts';
import type { PreparedRules } from './prepare-rules.ts';

/** A message for people. */
export interface RuleNotification {
  /** ASCII, at most 100 characters, as SNS takes it: a reason has at most 60. */
  readonly subject: string;
  readonly message: string;
}

/** What people are told of a judged transaction: one message for each rule that spoke and that tells people. */
export function notificationsOf(
  record: TransactionEnrichedRecord,
  events: readonly JudgementEvent[],
  { notifying }: PreparedRules,
): RuleNotification[] {
  return events.flatMap((event) => {
    const outcome = outcomeIn(event);
    if (outcome === undefined || !notifying.has(outcome.ruleId)) return [];
    return [{ subject: subjectOf(event, outcome), message: messageOf(record, outcome) }];
  });
}

function outcomeIn({ event, record }: JudgementEvent): RuleOutcome | undefined {
  if (event === 'TransactionPostingApproved') return undefined;
  return event === 'TransactionPostingRejected' ? record.refusal : record.finding;
}

function subjectOf({ event }: JudgementEvent, { reason }: RuleOutcome): string {
  return event === 'TransactionPostingRejected' ? `Posting refused: ${reason}` : `Found: ${reason}`;
}

function messageOf({ transactionId, scheme, transaction }: TransactionEnrichedRecord, outcome: RuleOutcome) {
  const amount = `${transaction.amount.currency} ${toDecimalText(fromWire(transaction.amount))}`;
  return [
    outcome.explanation,
    `Transaction ${transactionId} (${scheme}), ${transaction.kind} of ${amount}, booked ${transaction.bookingDate}.`,
    `Rule ${outcome.ruleId}, version ${outcome.ruleVersion}, looked at: ${lookedAt(outcome)}.`,
  ].join('\n');
}

function lookedAt({ values = [] }: RuleOutcome): string {
  return values.map(({ path, value }) => `${path} ${value}`).join(', ');
}
