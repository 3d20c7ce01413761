import type { AuthorizationLoggedRecord, Identifier, Instant, Scheme } from '@payments/schemas';

/** Gives surrogates for card numbers and keeps which is whose. */
export interface TokenVault {
  /**
   * The token of each card number: the one that it has, or a new one.
   *
   * @param cardNumbers 12 to 19 digits each; the same number may stand there twice
   * @throws TokenContentionError, UnprocessedItemsError, VaultKeyError, all worth another try
   */
  tokensFor(cardNumbers: readonly string[]): Promise<ReadonlyMap<string, string>>;

  /**
   * A name for a text that may hold a card number: keyed, so that nobody without the key can find the number by
   * trying all of them. The same text has the same name as long as the vault has its key.
   *
   * @returns 64 hex digits
   * @throws VaultKeyError
   */
  fingerprintOf(text: string): Promise<string>;
}

/** Gives card numbers for tokens. It is no part of `TokenVault`: only the function that detokenizes has it. */
export interface CardNumbers {
  /**
   * The card numbers of the tokens that are of a card; a token of none is left out.
   *
   * @throws UnprocessedItemsError, VaultKeyError
   */
  numbersOf(tokens: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Keeps who asked for card numbers, and why; never a number. */
export interface DetokenizationAudit {
  /** Before anything is read. */
  requested(entry: {
    readonly reason: string;
    readonly requestedBy: string;
    readonly lastFours: readonly string[];
  }): Promise<void>;
  /** Before the answer is given. */
  answered(entry: {
    readonly reason: string;
    readonly requestedBy: string;
    readonly count: number;
  }): Promise<void>;
}

/** Hashes a text that holds nothing secret. */
export interface ContentHash {
  /** SHA-256 as 64 lower-case hex digits. */
  hashOf(text: string): string;
}

/** Knows the countries of ISO 3166-1. */
export interface Countries {
  /** The alpha-2 code of an alpha-3 code: `GBR` is `GB`. */
  alpha2Of(alpha3: string): string | undefined;
}

/** A row for an approved authorization; its stream feeds the pipeline. */
export interface ApprovedRow {
  readonly outcome: 'APPROVED';
  readonly transactionId: Identifier;
  readonly scheme: Scheme;
  readonly loggedAt: Instant;
  readonly record: AuthorizationLoggedRecord;
}

/** A row for a declined one: it is counted, and nothing else is kept of it. */
export interface DeclinedRow {
  readonly outcome: 'DECLINED';
  readonly transactionId: Identifier;
  readonly scheme: Scheme;
  readonly loggedAt: Instant;
  readonly responseCode: string;
}

/** A row for a line that could not be read: why, and nothing of the line. */
export interface UnreadableRow {
  readonly outcome: 'UNREADABLE';
  readonly transactionId: Identifier;
  readonly reason: string;
  readonly explanation: string;
}

export type AuthorizationRow = ApprovedRow | DeclinedRow | UnreadableRow;

/** The log that authorizations are written to; the same row again changes nothing. */
export interface AuthorizationLog {
  /** Writes all rows. @throws UnprocessedItemsError when some could not be written; all may be written again */
  write(rows: readonly AuthorizationRow[]): Promise<void>;
}
