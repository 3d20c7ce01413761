import type { DetokenizationAudit } from '../ports.ts';

/** The one method of a logger that the audit needs, with the members that a log line may have. */
export interface AuditLog {
  info(
    line: { readonly reason: string; readonly explanation: string; readonly records: number },
    message: string,
  ): void;
}

/**
 * The audit as lines of the function's own log, which the environment keeps. `reason` is what was said, `explanation`
 * who asked and for which last four digits, `records` how many cards.
 */
export class LoggedDetokenizationAudit implements DetokenizationAudit {
  readonly #log: AuditLog;

  constructor(log: AuditLog) {
    this.#log = log;
  }

  async requested({ reason, requestedBy, lastFours }: Parameters<DetokenizationAudit['requested']>[0]) {
    const explanation = `${requestedBy} asks for the cards ending ${lastFours.join(', ')}`;
    this.#log.info({ reason, explanation, records: lastFours.length }, 'card numbers asked for');
  }

  async answered({ reason, requestedBy, count }: Parameters<DetokenizationAudit['answered']>[0]) {
    this.#log.info({ reason, explanation: `${requestedBy} gets them`, records: count }, 'card numbers given');
  }
}
