import { DomainError } from '@payments/domain';

/** An environment variable that the stage declares is not set. */
export class EnvironmentError extends DomainError {
  constructor(stage: string, name: string, holds: string) {
    super('ENVIRONMENT', `${stage} needs the environment variable ${name}: ${holds}`, { retryable: false });
  }
}

/** A bus refused an event after all attempts. */
export class PublishError extends DomainError {
  constructor(event: string, code: string, message: string) {
    super('PUBLISH', `${event} was not accepted by the bus: ${code} ${message}`, { retryable: true });
  }
}

/** A stage answered another number of outcomes than it was given records: a defect of the stage. */
export class OutcomeCountError extends DomainError {
  constructor(stage: string, given: number, answered: number) {
    super('OUTCOME_COUNT', `${stage} was given ${given} records and answered ${answered} outcomes`, {
      retryable: false,
    });
  }
}

/** A stage made a record that breaks its contract, outside of any consumed record: a defect of the stage. */
export class OutputInvalidError extends DomainError {
  constructor(stage: string, explanation: string) {
    super('OUTPUT_INVALID', `${stage}: ${explanation}`, { retryable: false });
  }
}

/** Something outside failed for some records of an invocation that has to succeed or fail as a whole. */
export class RecordsFailedError extends DomainError {
  constructor(stage: string, count: number, cause: unknown) {
    super('RECORDS_FAILED', `${stage} could not process ${count} records now: ${messageOf(cause)}`, {
      retryable: true,
      cause,
    });
  }
}

/** The message of whatever was thrown. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
