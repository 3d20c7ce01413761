import { DomainError } from '@payments/domain';

/** The table did not take what was heard of some transactions. */
export class SidesNotKeptError extends DomainError {
  constructor(cause: unknown) {
    super('SIDES_NOT_KEPT', 'what was heard of transactions could not be kept now', {
      retryable: true,
      cause,
    });
  }
}

/** A table did not give rows. */
export class RowsNotReadError extends DomainError {
  constructor(table: string) {
    super('ROWS_NOT_READ', `rows of ${table} could not be read now`, { retryable: true });
  }
}

/** A policy of reconciliation that may not be used, found before anything is patched by it. */
export class ReconciliationPolicyError extends DomainError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super('RECONCILIATION_POLICY', `the reconciliation policy cannot be used: ${problems.join('; ')}`, {
      retryable: false,
    });
    this.problems = problems;
  }
}

/** The tables did not take changes of cases. */
export class BreaksNotKeptError extends DomainError {
  constructor(cause: unknown) {
    super('BREAKS_NOT_KEPT', 'changes of cases could not be kept now', { retryable: true, cause });
  }
}

/** Why a person's decision is not taken. */
export type DecisionRefusal =
  /** There is no such case. */
  | 'UNKNOWN_BREAK'
  /** The case waits for no decision of this kind. */
  | 'NOT_WAITING'
  /** Who proposes a patch may not approve it. */
  | 'SAME_PERSON'
  /** The policy lets nobody patch it. */
  | 'NEVER_PATCHED'
  /** Somebody else changed the case meanwhile. */
  | 'CHANGED_MEANWHILE'
  /** The name or the reason is missing, or is not what names and reasons are. */
  | 'NOT_A_DECISION';

/** A person's decision about a case that is not taken; the message says why, for that person. */
export class DecisionRefusedError extends DomainError {
  constructor(refusal: DecisionRefusal, message: string) {
    super(refusal, message, { retryable: refusal === 'CHANGED_MEANWHILE' });
  }
}

/** A replay of the archive could not be started, for another reason than that as many run as may. */
export class ReplayNotStartedError extends DomainError {
  constructor(name: string, cause: unknown) {
    super('REPLAY_NOT_STARTED', `the replay ${name} could not be started`, { retryable: true, cause });
  }
}

/** A stage's queue did not take an event that it is given once more. */
export class EventNotRepeatedError extends DomainError {
  constructor(stage: string, cause: unknown) {
    super('EVENT_NOT_REPEATED', `${stage} could not be given an event once more now`, {
      retryable: true,
      cause,
    });
  }
}
