import type { PostedEntry } from '@payments/schemas';
import {
  type Correction,
  mergeSides,
  SAID_SIDES,
  standing,
  type TransactionSides,
} from './transaction-sides.ts';

/** What a report changes in the row of its transaction: attributes to set, and members to add to sets of strings. */
export interface SideUpdate {
  readonly sets: Readonly<Record<string, unknown>>;
  readonly adds: Readonly<Record<string, readonly string[]>>;
}

/**
 * The row of a transaction. Attributes are set to what does not change when it is said again; what a repetition may
 * change stands in sets of strings, which take members in any order and each once. So the row is the same in whatever
 * order and however often it was heard, without a condition on any write.
 */
export interface SideRow extends Omit<TransactionSides, 'posted' | 'corrections'> {
  readonly posted?: Omit<NonNullable<TransactionSides['posted']>, 'entries'>;
  /** The entries as JSON text: a table of millions is read many times faster than with an attribute for each member. */
  readonly postedEntries?: string;
  /** Every correction that was said, as JSON text with its sequence id. */
  readonly corrections?: ReadonlySet<string>;
  /** When each side was said, and what where a stage may change its mind: `<side> <JSON>`. */
  readonly heard?: ReadonlySet<string>;
  readonly result?: string;
}

/** Sides of which every statement is kept whole; of the others when it was said is enough. */
const WHOLE: ReadonlySet<string> = new Set(['rejected', 'delayed', 'failed', 'notPosted', 'held']);

/** What a report changes in the row of its transaction. */
export function sideUpdateOf(report: TransactionSides): SideUpdate {
  const { transactionId: _, posted, corrections, ...rest } = report;
  const sets: Record<string, unknown> = { ...rest };
  if (posted !== undefined) {
    const { entries, ...header } = posted;
    sets['posted'] = header;
    if (entries !== undefined) sets['postedEntries'] = JSON.stringify(entries);
  }
  const heard = SAID_SIDES.flatMap((side) => {
    const said = report[side];
    if (said === undefined) return [];
    return [`${side} ${JSON.stringify(WHOLE.has(side) ? said : { saidAt: said.saidAt })}`];
  });
  const corrected = Object.entries(corrections ?? {}).map(([sequenceId, correction]) =>
    JSON.stringify({ sequenceId, ...correction }),
  );
  return {
    sets: Object.fromEntries(Object.entries(sets).filter(([, value]) => value !== undefined)),
    adds: {
      ...(heard.length > 0 && { heard }),
      ...(corrected.length > 0 && { corrections: corrected }),
    },
  };
}

/** What is known of a transaction by its row. */
export function sidesOfRow(row: SideRow): TransactionSides {
  const { posted, postedEntries, corrections, heard } = row;
  const sides: Record<string, unknown> = {
    transactionId: row.transactionId,
    scheme: row.scheme,
    loggedAt: row.loggedAt,
    ...(row.lifecycleId !== undefined && { lifecycleId: row.lifecycleId }),
    ...(row.authorized !== undefined && { authorized: row.authorized }),
    ...(row.approved !== undefined && { approved: row.approved }),
    ...(row.booked !== undefined && { booked: row.booked }),
  };
  if (posted !== undefined) {
    const entries = postedEntries === undefined ? {} : { entries: postedEntriesOf(postedEntries) };
    sides['posted'] = { ...posted, ...entries };
  }
  for (const [side, said] of statementsOf(heard ?? new Set())) {
    sides[side] = WHOLE.has(side) ? said : { ...(sides[side] as object), ...said };
  }
  const known = sides as unknown as TransactionSides;
  return [...(corrections ?? [])].reduce((merged, text) => {
    const { sequenceId, ...correction } = JSON.parse(text) as Correction & { sequenceId: string };
    return mergeSides(merged, { ...known, corrections: { [sequenceId]: correction } });
  }, known);
}

/** The entries that `postedEntries` holds. */
export function postedEntriesOf(text: string): readonly PostedEntry[] {
  return JSON.parse(text) as PostedEntry[];
}

/** Of each side the statement that stands. */
function statementsOf(heard: ReadonlySet<string>): Map<string, { readonly saidAt: string }> {
  const standingOnes = new Map<string, { readonly saidAt: string }>();
  for (const text of heard) {
    const [name = ''] = text.split(' ', 1);
    const side = SAID_SIDES.find((each) => each === name);
    if (side === undefined) continue;
    const said = JSON.parse(text.slice(name.length + 1)) as { saidAt: string };
    const known = standingOnes.get(side);
    standingOnes.set(side, known === undefined ? said : standing(side, known, said));
  }
  return standingOnes;
}
