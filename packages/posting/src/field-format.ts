import {
  fromWire,
  rateFromWire,
  rateToText,
  toDecimalText,
  type WireMoney,
  type WireRate,
} from '@payments/domain';
import type { ControlTotals, PostingField } from '@payments/schemas';
import { PostingFieldError } from './errors.ts';
import type { SourceKind } from './posting-sources.ts';

export type FieldFormat = NonNullable<PostingField['format']>;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

interface Format {
  /** The sources that can be written so. */
  readonly of: readonly SourceKind[];
  /** The kind of what it writes: only a text has a length, and texts that stand for it. */
  readonly gives: 'text' | 'same';
  readonly write: (value: never) => unknown;
}

/** How values are written. Dates are ISO in the posting input, money is minor units with its currency. */
export const FORMATS: Readonly<Record<FieldFormat, Format>> = {
  AS_IS: {
    of: ['text', 'number', 'flag', 'date', 'money', 'rate', 'sums', 'structure'],
    gives: 'same',
    write: (value) => value,
  },
  TEXT: { of: ['text', 'number', 'flag', 'date'], gives: 'text', write: (value) => String(value) },
  MINOR_UNITS: { of: ['money'], gives: 'text', write: ({ minorUnits }: WireMoney) => minorUnits },
  DECIMAL: { of: ['money', 'sums'], gives: 'text', write: decimal },
  DATE_ISO: { of: ['date'], gives: 'text', write: (date) => date },
  DATE_YYYYMMDD: { of: ['date'], gives: 'text', write: (date: string) => date.replaceAll('-', '') },
  DATE_DD_MON_YYYY: { of: ['date'], gives: 'text', write: dayMonthYear },
  RATE_TEXT: { of: ['rate'], gives: 'text', write: (rate: WireRate) => rateToText(rateFromWire(rate)) },
};

/** Writes the value of a source that is there. */
export type WriteValue = (value: unknown) => unknown;

/**
 * How a field writes the value of its source: format, then texts, then length.
 *
 * @throws PostingFieldError (from what it gives) for a text that is longer than the field takes
 */
export function writerOf({ to, format = 'AS_IS', texts, length }: PostingField): WriteValue {
  const formatted = FORMATS[format].write as WriteValue;
  const byValue = texts === undefined ? undefined : new Map(texts.map(({ is, text }) => [is, text]));
  const named: WriteValue =
    byValue === undefined ? formatted : (value) => byValue.get(String(formatted(value))) ?? formatted(value);
  if (length === undefined) return named;
  const { minimum = 0, padWith = ' ', padAt = 'END', maximum = Number.POSITIVE_INFINITY, tooLong } = length;
  return (value) => {
    const text = String(named(value));
    if (text.length > maximum) {
      if (tooLong === 'CUT') return text.slice(0, maximum);
      throw new PostingFieldError(to, text.length, maximum);
    }
    return padAt === 'START' ? text.padStart(minimum, padWith) : text.padEnd(minimum, padWith);
  };
}

function decimal(value: WireMoney | ControlTotals['currencies']): unknown {
  if (!Array.isArray(value)) return toDecimalText(fromWire(value as WireMoney));
  return value.map(({ currency, debits, credits }) => ({
    currency,
    debits: toDecimalText(fromWire({ minorUnits: debits, currency })),
    credits: toDecimalText(fromWire({ minorUnits: credits, currency })),
  }));
}

function dayMonthYear(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day}-${MONTHS[Number(month) - 1] ?? month}-${year}`;
}
