import { StatementUnreadableError } from './statement-line.ts';

/** How dates may be written in an extract, and how they are put in our order. */
export const DATE_FORMATS = {
  'YYYY-MM-DD': [/^(\d{4})-(\d{2})-(\d{2})/, '$1-$2-$3'],
  YYYYMMDD: [/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'],
  'DD/MM/YYYY': [/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$2-$1'],
} as const satisfies Record<string, readonly [RegExp, string]>;

/** The names that the columns of an extract have in its first line. */
export interface ExtractColumns {
  /** Our reference of an entry, `<sequence>/<number>-<count>`; or the sequence alone, with `number`. */
  readonly reference: string;
  readonly number?: string;
  readonly account: string;
  readonly direction: string;
  readonly amount: string;
  readonly currency: string;
  readonly bookingDate: string;
  /** Value dates are compared where there is a column for them; so are event code and scheme. */
  readonly valueDate?: string;
  readonly eventCode?: string;
  readonly scheme?: string;
  /** The ledger's own key of the row; where there is none, the line. */
  readonly rowId?: string;
}

/** How an extract is written. */
export interface ExtractFormat {
  readonly columns: ExtractColumns;
  /** One character. Default a comma. */
  readonly separator?: string;
  /** What a debit and a credit are called. Default `D` and `C`. */
  readonly debit?: string;
  readonly credit?: string;
  /** Amounts are decimal, like 25.99, or in minor units. Default decimal. */
  readonly amounts?: 'DECIMAL' | 'MINOR_UNITS';
  /** Default YYYY-MM-DD. */
  readonly dates?: keyof typeof DATE_FORMATS;
}

const NEEDED = ['reference', 'account', 'direction', 'amount', 'currency', 'bookingDate'] as const;
const OPTIONAL = ['number', 'valueDate', 'eventCode', 'scheme', 'rowId'] as const;
const SETTINGS = ['columns', 'separator', 'debit', 'credit', 'amounts', 'dates'];
const AMOUNTS = ['DECIMAL', 'MINOR_UNITS'];

/**
 * Reads the format of an extract from configuration, strictly: what is misspelt would silently not be compared.
 *
 * @throws StatementUnreadableError with all that is wrong
 */
export function extractFormatOf(value: unknown): ExtractFormat {
  if (!isObject(value)) throw new StatementUnreadableError('the format of an extract is an object');
  const { columns, separator, amounts, dates } = value;
  const names: Record<string, unknown> = isObject(columns) ? columns : {};
  const texts = [
    ...Object.entries(names).map(([name, text]) => [`columns.${name}`, text] as const),
    ...['separator', 'debit', 'credit'].flatMap((name) =>
      value[name] === undefined ? [] : [[name, value[name]] as const],
    ),
  ];
  const problems = [
    ...unknownNames(value, SETTINGS).map((name) => `there is no ${name}`),
    ...unknownNames(names, [...NEEDED, ...OPTIONAL]).map((name) => `there is no columns.${name}`),
    ...NEEDED.filter((name) => names[name] === undefined).map((name) => `columns.${name} is needed`),
    ...texts
      .filter(([, text]) => typeof text !== 'string' || text === '')
      .map(([name]) => `${name} is a text`),
    ...(typeof separator === 'string' && separator.length !== 1 ? ['separator is one character'] : []),
    ...(amounts === undefined || AMOUNTS.includes(String(amounts))
      ? []
      : [`amounts is ${AMOUNTS.join(' or ')}`]),
    ...(dates === undefined || Object.hasOwn(DATE_FORMATS, String(dates))
      ? []
      : [`dates is ${Object.keys(DATE_FORMATS).join(', ')}`]),
  ];
  if (problems.length > 0)
    throw new StatementUnreadableError(`the format of the extract: ${problems.join('; ')}`);
  return value as unknown as ExtractFormat;
}

function unknownNames(value: Record<string, unknown>, known: readonly string[]): string[] {
  return Object.keys(value).filter((name) => !known.includes(name));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
