import { recordKeyOf } from '@payments/domain';
import type {
  EventRecords,
  TransactionEnrichedRecord,
  TransactionPostingApprovedRecord,
  TransactionPostingRejectedRecord,
} from '@payments/schemas';
import { ApprovedWithoutAccountError } from './errors.ts';
import { evaluateRules, type Finding, type Judgement } from './evaluate-rules.ts';
import type { FindingEvent, PreparedRules } from './prepare-rules.ts';

type JudgementEventName = FindingEvent | 'TransactionPostingApproved' | 'TransactionPostingRejected';

/** One event that tells of a judgement, with its record. */
export type JudgementEvent = {
  readonly [Name in JudgementEventName]: { readonly event: Name; readonly record: EventRecords[Name] };
}[JudgementEventName];

/**
 * Judges a transaction and says so: its findings, then that it is approved or rejected.
 *
 * @throws ApprovedWithoutAccountError when the rules approve what cannot be posted
 */
export function judgeTransaction(record: TransactionEnrichedRecord, rules: PreparedRules): JudgementEvent[] {
  const judgement = evaluateRules(record, rules);
  const verdict: JudgementEvent =
    judgement.refusal === undefined
      ? { event: 'TransactionPostingApproved', record: approvedOf(record, judgement) }
      : { event: 'TransactionPostingRejected', record: rejectedOf(record, judgement, judgement.refusal) };
  return [...judgement.findings.map((finding) => foundOf(record, judgement, finding)), verdict];
}

/** The members that every record about a transaction repeats. */
function envelopeOf({ transactionId, scheme, loggedAt }: TransactionEnrichedRecord) {
  return { transactionId, scheme, loggedAt };
}

function foundOf(
  record: TransactionEnrichedRecord,
  { ruleSetVersion }: Judgement,
  { emits, outcome }: Finding,
): JudgementEvent {
  return {
    event: emits,
    record: {
      ...envelopeOf(record),
      idempotencyKey: recordKeyOf(emits, record.transactionId, outcome.ruleId),
      card: record.card,
      amount: record.transaction.amount,
      billed: record.transaction.billed,
      merchant: record.merchant,
      ruleSetVersion,
      finding: outcome,
      ...(record.account !== undefined && { accountId: record.account.accountId }),
    },
  };
}

/** Everything that posting needs; the ISO 20022 document stays behind, because nothing after this reads it. */
function approvedOf(
  record: TransactionEnrichedRecord,
  { ruleSetVersion, findings }: Judgement,
): TransactionPostingApprovedRecord {
  const { transactionId, account, product } = record;
  if (account === undefined || product === undefined)
    throw new ApprovedWithoutAccountError(transactionId, ruleSetVersion);
  return {
    ...envelopeOf(record),
    idempotencyKey: recordKeyOf('TransactionPostingApproved', transactionId),
    lifecycleId: record.lifecycleId,
    transaction: record.transaction,
    card: record.card,
    merchant: record.merchant,
    description: record.description,
    referenceVersion: record.referenceVersion,
    account,
    product,
    ruleSetVersion,
    findings: findings.map(({ outcome }) => outcome),
  };
}

function rejectedOf(
  record: TransactionEnrichedRecord,
  { ruleSetVersion, findings }: Judgement,
  refusal: TransactionPostingRejectedRecord['refusal'],
): TransactionPostingRejectedRecord {
  return {
    ...envelopeOf(record),
    idempotencyKey: recordKeyOf('TransactionPostingRejected', record.transactionId),
    lifecycleId: record.lifecycleId,
    card: record.card,
    amount: record.transaction.amount,
    merchant: record.merchant,
    ruleSetVersion,
    refusal,
    findings: findings.map(({ outcome }) => outcome),
    ...(record.account !== undefined && { accountId: record.account.accountId }),
  };
}
