import type {
  ControlTotals,
  HoldChangedRecord,
  Money,
  PostedEntry,
  TransactionNotPostedRecord,
} from '@payments/schemas';

/** When the event was made that tells of a side, RFC 3339; of the same said twice, see `mergeSides`. */
interface Said {
  readonly saidAt: string;
}

/** What a booked sequence was made of, as the posting system was given it. */
interface PostedContent {
  readonly controlTotals: ControlTotals;
  /** `YYYY-MM-DD`. */
  readonly bookingDate: string;
  readonly valueDate: string;
  /** Absent where a booked sequence was said to be posted once more without its entries at hand. */
  readonly entries?: readonly PostedEntry[];
}

/** A sequence that puts right what the ledger holds of another one. */
export interface Correction extends Said, PostedContent {
  /** The case that it patches. */
  readonly breakId: string;
}

/** What is known of one transaction, by side; each side is heard of on its own, in any order. */
export interface TransactionSides {
  readonly transactionId: string;
  readonly scheme: string;
  readonly loggedAt: string;
  readonly lifecycleId?: string;
  /** What the network was told: TransactionAuthorized. */
  readonly authorized?: Said & {
    readonly amount: Money;
    /** It refers to another transaction, and may wait for that. */
    readonly follows?: boolean;
    /** It takes another transaction back, whole or in part. */
    readonly reverses?: boolean;
  };
  /** What the rules let post: TransactionPostingApproved. */
  readonly approved?: Said & {
    readonly amount: Money;
    readonly billed: Money;
    /** It refers to another transaction, and books no more than the difference. */
    readonly follows?: boolean;
  };
  /** What the rules refused: TransactionPostingRejected. */
  readonly rejected?: Said & { readonly reason: string };
  /** That entries of its sequence have not come: TransactionPostingDelayed. */
  readonly delayed?: Said & {
    readonly sequenceId: string;
    readonly count: number;
    /** The numbers of the entries that came. */
    readonly present: readonly number[];
  };
  /** What the posting system said it booked: TransactionPosted. How long posting took can be told from `saidAt`. */
  readonly posted?: Said & PostedContent & { readonly sequenceId: string };
  /** What the posting system said it booked to correct it, by the id of the correcting sequence. */
  readonly corrections?: Readonly<Record<string, Correction>>;
  /** What the posting system refused: TransactionPostingFailed. */
  readonly failed?: Said & { readonly reason: string };
  /** That it ends without entries, properly or as a break: TransactionNotPosted. */
  readonly notPosted?: Said & Pick<TransactionNotPostedRecord, 'disposition' | 'reason' | 'explanation'>;
  /** That it moved a hold instead of the ledger: HoldChanged. */
  readonly held?: Said & { readonly action: HoldChangedRecord['hold']['action'] };
  /** What stands in the ledger: its own rows. */
  readonly booked?: { readonly sequenceId: string; readonly controlTotals: ControlTotals };
}

/** The names of the sides that are said by events, and by one event each. */
export const SAID_SIDES = [
  'authorized',
  'approved',
  'rejected',
  'delayed',
  'posted',
  'failed',
  'notPosted',
  'held',
] as const;

/** Of these the last word counts; of the others the first, for the same event is said again by a replay. */
const LAST_WORD_COUNTS: ReadonlySet<string> = new Set(['rejected', 'delayed', 'failed', 'notPosted', 'held']);

/**
 * Two reports of one transaction as one. It is the same in whatever order reports come and however often: of two reports
 * of one side the earlier stands, or the later where a stage may change its mind; what has entries stands before what
 * has none.
 */
export function mergeSides(one: TransactionSides, other: TransactionSides): TransactionSides {
  const merged: Record<string, unknown> = { ...one, ...other };
  if (one.lifecycleId !== undefined && other.lifecycleId !== undefined)
    merged['lifecycleId'] = lesser(one.lifecycleId, other.lifecycleId);
  for (const side of SAID_SIDES) {
    const [left, right] = [one[side], other[side]];
    if (left !== undefined && right !== undefined) merged[side] = standing(side, left, right);
  }
  if (one.posted !== undefined && other.posted !== undefined)
    merged['posted'] = withEntries(one.posted, other.posted);
  if (one.corrections !== undefined && other.corrections !== undefined)
    merged['corrections'] = mergedCorrections(one.corrections, other.corrections);
  return merged as unknown as TransactionSides;
}

/** Which of two statements of one side stands. */
export function standing<Statement extends Said>(
  side: (typeof SAID_SIDES)[number],
  one: Statement,
  other: Statement,
): Statement {
  const [first, last] = inOrder(one, other);
  return LAST_WORD_COUNTS.has(side) ? last : first;
}

/** The content with entries where one has them, said when it was first said. */
export function withEntries<Posted extends Said & PostedContent>(one: Posted, other: Posted): Posted {
  const [first, last] = inOrder(one, other);
  const content = first.entries === undefined && last.entries !== undefined ? last : first;
  return { ...content, saidAt: first.saidAt };
}

function mergedCorrections(
  one: Readonly<Record<string, Correction>>,
  other: Readonly<Record<string, Correction>>,
): Record<string, Correction> {
  const merged: Record<string, Correction> = { ...one };
  for (const [sequenceId, correction] of Object.entries(other)) {
    const known = merged[sequenceId];
    merged[sequenceId] = known === undefined ? correction : withEntries(known, correction);
  }
  return merged;
}

/** Two statements, the earlier first; of the same time, by what they say, so that the order does not depend on us. */
function inOrder<Statement extends Said>(one: Statement, other: Statement): [Statement, Statement] {
  if (one.saidAt !== other.saidAt)
    return Date.parse(one.saidAt) <= Date.parse(other.saidAt) ? [one, other] : [other, one];
  return JSON.stringify(one) <= JSON.stringify(other) ? [one, other] : [other, one];
}

function lesser(one: string, other: string): string {
  return one <= other ? one : other;
}
