import { fromWire, toDecimalText } from '@payments/domain';
import { isPanFree, type Money, type RuleOutcome, type TransactionEnrichedRecord } from '@payments/schemas';
import { isMoney } from './money-comparison.ts';

/** What a rule looked at, as its outcome tells it. */
export type ObservedValue = NonNullable<RuleOutcome['values']>[number];

/**
 * Where the values may be told that rules look at; of everything else an outcome says only that it was looked at.
 * The card's token, its last digits and the account's holder are not among them: outcomes travel further than the
 * transaction does, to people too.
 */
const TOLD: readonly string[] = [
  'outcome',
  'scheme',
  'loggedAt',
  'transaction',
  'merchant',
  'referenceVersion',
  'card.status',
  'card.scheme',
  'card.issuingCountry',
  'account.status',
  'account.currency',
  'account.productCode',
  'product',
  'facts',
];

/** Instead of a value: there is none, there is one that is no text, it may not be told. */
const ABSENT = '(none)';
const PRESENT = '(present)';
const WITHHELD = '(withheld)';

/** As `schemas/shared/text.v1.json` has it. */
const TEXT_LENGTH_MAX = 140;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a text may not hold.
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/g;

/** A member of a record that a rule looks at, taken apart once. */
export interface ObservedPath {
  readonly path: string;
  readonly members: readonly string[];
  readonly isTold: boolean;
}

/** Takes a dotted path apart. */
export function observedPath(path: string): ObservedPath {
  return {
    path,
    members: path.split('.'),
    isTold: TOLD.some((told) => path === told || path.startsWith(`${told}.`)),
  };
}

/** What a record has at the paths: a text each, in one line, at most 140 characters, without card numbers. */
export function observedValues(
  record: TransactionEnrichedRecord,
  paths: readonly ObservedPath[],
): ObservedValue[] {
  return paths.map(({ path, members, isTold }) => {
    const value = valueAt(record, members);
    if (value === undefined || value === null || value === '') return { path, value: ABSENT };
    return { path, value: isTold ? textOf(value) : WITHHELD };
  });
}

function valueAt(record: unknown, members: readonly string[]): unknown {
  let value = record;
  for (const member of members) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[member];
  }
  return value;
}

function textOf(value: unknown): string {
  if (typeof value === 'object') return isMoney(value) ? moneyText(value) : PRESENT;
  const text = String(value).replace(CONTROL_CHARACTERS, ' ').slice(0, TEXT_LENGTH_MAX);
  // A long amount, or another number, can look like a card number by chance.
  return isPanFree(text) ? text : WITHHELD;
}

function moneyText(money: Money): string {
  return `${money.currency} ${toDecimalText(fromWire(money))}`;
}
