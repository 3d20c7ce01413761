import { DomainError, fromDecimalText } from '@payments/domain';
import type { LedgerRow } from './break.ts';
import type { BadLine, LedgerStatement } from './ledger-statement.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_LENGTH = 10;

/** Where the text of a statement comes from; each call opens it anew. */
export type TextSource = () => AsyncIterable<string>;

/** A statement of a bank, with what of it could not be taken. */
export interface BankStatement extends LedgerStatement {
  /** Lines that could not be read; all others are there. */
  readonly badLines: readonly BadLine[];
  /** How many lines carry no reference of ours: the bank booked them for somebody else. */
  readonly foreign: number;
}

/** What a line of a statement came to. */
export type StatementLine =
  | { readonly kind: 'row'; readonly row: LedgerRow }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'bad'; readonly bad: BadLine };

/** A text is not the statement that it was said to be. */
export class StatementUnreadableError extends DomainError {
  constructor(message: string) {
    super('STATEMENT_UNREADABLE', message, { retryable: false });
  }
}

/** A field of a line that does not say what it should. */
export class FieldProblem extends Error {
  readonly field: string;

  constructor(field: string, problem: string) {
    super(problem);
    this.field = field;
  }
}

/** Reads a line; a field that cannot be read makes it a bad one. @throws whatever else `read` throws */
export function lineOf(line: number, read: () => LedgerRow | undefined): StatementLine {
  try {
    const row = read();
    return row === undefined ? { kind: 'foreign' } : { kind: 'row', row };
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error;
    return { kind: 'bad', bad: { line, field: error.field, problem: error.message } };
  }
}

/** Minor units of a decimal text like `25.99`. @throws FieldProblem */
export function minorUnitsOf(field: string, text: string, currency: string): string {
  try {
    return fromDecimalText(text, currency).minorUnits.toString();
  } catch {
    throw new FieldProblem(field, `"${text}" is no amount in ${currency === '' ? 'no currency' : currency}`);
  }
}

/** A date, or the date of an instant: `YYYY-MM-DD`. @throws FieldProblem */
export function dateOf(field: string, text: string): string {
  const date = text.slice(0, DATE_LENGTH);
  const time = Date.parse(`${date}T00:00:00Z`);
  // A day that there is not, such as the 30th of February, would become another one.
  if (!DATE.test(date) || Number.isNaN(time) || new Date(time).toISOString().slice(0, DATE_LENGTH) !== date)
    throw new FieldProblem(field, text === '' ? 'there is none' : `"${text}" is no date like 2026-11-22`);
  return date;
}

/** A text that must be there. @throws FieldProblem */
export function required(field: string, text: string | undefined): string {
  if (text === undefined || text === '') throw new FieldProblem(field, 'there is none');
  return text;
}
