import { DomainError, recordKeyOf } from '@payments/domain';
import type { TransactionEnrichedRecord } from '@payments/schemas';
import { type Compose, type Emission, lambdaEntry, stageKit } from '@payments/stage-kit';
import { refusalOf, TABLE_VERSION } from './decision-table.ts';
import { stage } from './stage.ts';

/** The composition root: one function behind a queue; no workflow, no rules as data. */
export const compose: Compose = (environment, aws) => {
  const kit = stageKit(stage, environment, aws);
  return { handler: kit.subscriber({ eachRecord: ({ record }) => [decide(record)] }) };
};

export const handler = lambdaEntry(compose, 'handler');

/** The one thing that this engine says of a transaction: it may be posted, or it may not. */
function decide(record: TransactionEnrichedRecord): Emission {
  const { transactionId, lifecycleId, scheme, loggedAt, card, merchant, transaction, account, product } =
    record;
  const common = {
    transactionId,
    lifecycleId,
    scheme,
    loggedAt,
    card,
    merchant,
    ruleSetVersion: TABLE_VERSION,
  };
  const refusal = refusalOf(record);
  if (refusal !== undefined) {
    const event = 'TransactionPostingRejected';
    const accountId = account === undefined ? {} : { accountId: account.accountId };
    const idempotencyKey = recordKeyOf(event, transactionId);
    const { amount } = transaction;
    return { event, record: { ...common, ...accountId, idempotencyKey, amount, refusal, findings: [] } };
  }
  if (account === undefined || product === undefined)
    throw new DomainError('APPROVED_WITHOUT_ACCOUNT', `${transactionId} has no account`, {
      retryable: false,
    });
  const event = 'TransactionPostingApproved';
  const { description, referenceVersion } = record;
  const idempotencyKey = recordKeyOf(event, transactionId);
  const posted = { transaction, description, referenceVersion, account, product };
  return { event, record: { ...common, ...posted, idempotencyKey, findings: [] } };
}
