import { DomainError } from '@payments/domain';

/** A rule set that may not be used, found when it is prepared, before any transaction is judged by it. */
export class RuleSetError extends DomainError {
  constructor(ruleId: string, problem: string) {
    super('RULE_SET_UNUSABLE', `rule ${ruleId} ${problem}`, { retryable: false });
  }
}

/** The rules let a transaction pass that cannot be posted, because nobody knows on what account. */
export class ApprovedWithoutAccountError extends DomainError {
  constructor(transactionId: string, ruleSetVersion: string) {
    super(
      'APPROVED_WITHOUT_ACCOUNT',
      `rule set ${ruleSetVersion} approves ${transactionId}, of which account or product are unknown`,
      { retryable: false },
    );
  }
}
