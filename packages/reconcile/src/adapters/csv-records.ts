import { StatementUnreadableError } from '../statement-line.ts';

/** No field of an extract is longer than this; a quote without an end is not kept in memory. */
const FIELD_MAX = 64 * 1024;

/** A record of a text with separated fields. */
export interface CsvRecord {
  readonly fields: readonly string[];
  /** The line that it begins in, from 1. */
  readonly line: number;
}

/**
 * The records of a text of comma-separated values (RFC 4180) of any length: fields may be quoted, hold separators and
 * ends of lines then, and quotes twice. Lines without anything are passed over.
 *
 * @throws StatementUnreadableError when a quote has no end
 */
export async function* csvRecords(
  chunks: AsyncIterable<string>,
  separator: string,
): AsyncGenerator<CsvRecord> {
  let fields: string[] = [];
  let field = '';
  let [line, begins] = [1, 1];
  /** Within quotes; or after a quote within them, which ends them or is the first of two. */
  let state: 'plain' | 'quoted' | 'quote' = 'plain';
  for await (const chunk of chunks) {
    for (const character of chunk) {
      if (character === '\n') line += 1;
      if (state === 'quoted') {
        if (character === '"') state = 'quote';
        else field += character;
        if (field.length > FIELD_MAX) throw unended(begins);
        continue;
      }
      if (state === 'quote' && character === '"') {
        field += '"';
        state = 'quoted';
        continue;
      }
      state = 'plain';
      if (character === separator) {
        fields.push(field);
        field = '';
      } else if (character === '\n') {
        if (fields.length > 0 || field !== '') yield { fields: [...fields, field], line: begins };
        fields = [];
        field = '';
        begins = line;
      } else if (character === '"' && field === '') state = 'quoted';
      // The mark of the byte order, and the first half of an end of a line.
      else if (character !== '\r' && character !== '\ufeff') field += character;
    }
  }
  if (state === 'quoted') throw unended(begins);
  if (fields.length > 0 || field !== '') yield { fields: [...fields, field], line: begins };
}

function unended(line: number): StatementUnreadableError {
  return new StatementUnreadableError(`line ${line}: a quote has no end`);
}
