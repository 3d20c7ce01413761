import type { LedgerRow } from '../break.ts';
import { type EntryReference, entryReferenceOf, sequenceReferenceOf } from '../entry-reference.ts';
import { DATE_FORMATS, type ExtractColumns, type ExtractFormat } from '../extract-format.ts';
import type { BadLine, StatementScope } from '../ledger-statement.ts';
import {
  type BankStatement,
  dateOf,
  FieldProblem,
  lineOf,
  minorUnitsOf,
  required,
  type StatementLine,
  StatementUnreadableError,
  type TextSource,
} from '../statement-line.ts';
import { csvRecords } from './csv-records.ts';

const ROWS_PAGE = 1_000;
const MINOR_UNITS = /^(0|[1-9]\d{0,17})$/;
const NUMBER = /^[1-9]\d?$/;

/** An extract of a core as comma-separated values as a ledger, with the names of columns by configuration. */
export class ExtractStatement implements BankStatement {
  readonly scope: StatementScope;
  readonly badLines: readonly BadLine[];
  readonly foreign: number;
  readonly #source: TextSource;
  readonly #format: ExtractFormat;

  private constructor(
    source: TextSource,
    format: ExtractFormat,
    found: { badLines: readonly BadLine[]; foreign: number },
  ) {
    this.#source = source;
    this.#format = format;
    this.badLines = found.badLines;
    this.foreign = found.foreign;
    const { scheme, eventCode, valueDate } = format.columns;
    this.scope = {
      scheme: scheme !== undefined,
      eventCode: eventCode !== undefined,
      valueDate: valueDate !== undefined,
    };
  }

  /**
   * Reads an extract once, for what of it cannot be read.
   *
   * @throws StatementUnreadableError when a column is not there, or a quote has no end
   */
  static async open(source: TextSource, format: ExtractFormat): Promise<ExtractStatement> {
    const badLines: BadLine[] = [];
    let foreign = 0;
    for await (const line of linesOf(source(), format)) {
      if (line.kind === 'bad') badLines.push(line.bad);
      if (line.kind === 'foreign') foreign += 1;
    }
    return new ExtractStatement(source, format, { badLines, foreign });
  }

  async *read(): AsyncGenerator<readonly LedgerRow[]> {
    let page: LedgerRow[] = [];
    for await (const line of linesOf(this.#source(), this.#format)) {
      if (line.kind === 'row') page.push(line.row);
      if (page.length < ROWS_PAGE) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }
}

async function* linesOf(chunks: AsyncIterable<string>, format: ExtractFormat): AsyncGenerator<StatementLine> {
  const { columns, separator = ',' } = format;
  let places: ReadonlyMap<string, number> | undefined;
  for await (const { fields, line } of csvRecords(chunks, separator)) {
    if (places === undefined) {
      places = placesOf(fields, columns);
      continue;
    }
    const known = places;
    const count = known.size === 0 ? 0 : Math.max(...known.values()) + 1;
    yield lineOf(line, () => {
      if (fields.length < count)
        throw new FieldProblem('line', `${fields.length} fields, ${count} are needed`);
      const at = (name: string): string => (fields[known.get(name) ?? -1] ?? '').trim();
      return rowOf(at, format, line);
    });
  }
  if (places === undefined)
    throw new StatementUnreadableError('the extract is empty: its first line names the columns');
}

function placesOf(head: readonly string[], columns: ExtractColumns): ReadonlyMap<string, number> {
  const names = head.map((name) => name.trim());
  const wanted = Object.values(columns) as string[];
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new StatementUnreadableError(`there is no column ${missing.join(', ')}`);
  return new Map(wanted.map((name) => [name, names.indexOf(name)]));
}

function rowOf(at: (name: string) => string, format: ExtractFormat, line: number): LedgerRow | undefined {
  const { columns, debit = 'D', credit = 'C', amounts = 'DECIMAL', dates = 'YYYY-MM-DD' } = format;
  const reference = referenceOf(at, columns);
  if (reference === undefined) return undefined;
  const direction = at(columns.direction);
  if (direction !== debit && direction !== credit)
    throw new FieldProblem(columns.direction, `"${direction}" is neither ${debit} nor ${credit}`);
  const currency = required(columns.currency, at(columns.currency));
  const amount = at(columns.amount);
  if (amounts === 'MINOR_UNITS' && !MINOR_UNITS.test(amount))
    throw new FieldProblem(columns.amount, `"${amount}" is no amount in minor units`);
  const date = (name: string): string => {
    const [pattern, order] = DATE_FORMATS[dates];
    const text = at(name);
    return dateOf(name, pattern.test(text) ? text.replace(pattern, order) : text);
  };
  const bookingDate = date(columns.bookingDate);
  const own = columns.rowId === undefined ? '' : at(columns.rowId);
  return {
    ...reference,
    rowId: own === '' ? `line/${String(line).padStart(9, '0')}` : own,
    accountId: required(columns.account, at(columns.account)),
    direction: direction === debit ? 'DEBIT' : 'CREDIT',
    minorUnits: amounts === 'MINOR_UNITS' ? amount : minorUnitsOf(columns.amount, amount, currency),
    currency,
    bookingDate,
    valueDate: columns.valueDate === undefined ? bookingDate : date(columns.valueDate),
    ...(columns.eventCode !== undefined && { eventCode: required(columns.eventCode, at(columns.eventCode)) }),
    ...(columns.scheme !== undefined && { scheme: required(columns.scheme, at(columns.scheme)) }),
  };
}

/** Undefined where it is not of ours. @throws FieldProblem when a sequence of ours has no place in it */
function referenceOf(at: (name: string) => string, columns: ExtractColumns): EntryReference | undefined {
  const text = at(columns.reference);
  if (columns.number === undefined) return entryReferenceOf(text);
  const sequenceId = sequenceReferenceOf(text);
  if (sequenceId === undefined) return undefined;
  const number = at(columns.number);
  if (!NUMBER.test(number)) throw new FieldProblem(columns.number, `"${number}" is no place in a sequence`);
  return { sequenceId, number: Number(number) };
}
