import type { MismatchType } from '@payments/reconcile/break';
import type { EventName, PostingEntry, StageName } from '@payments/schemas';

/** A row of an entry as it lies in the ledger's table. */
export interface EntryRow extends PostingEntry {
  readonly sequenceId: string;
  readonly position: string;
  readonly transactionId: string;
}

/** A sequence as the ledger has it: its own row and its entries in their order. */
export interface BookedSequence {
  readonly sequenceId: string;
  readonly transactionId: string;
  readonly lifecycleId: string;
  readonly own: Readonly<Record<string, unknown>>;
  readonly entries: readonly EntryRow[];
}

/** What is written into the ledger's table past the posting stage, as nobody may, or given to posting by nobody. */
export interface LedgerChange {
  readonly put?: readonly EntryRow[];
  /** Entries that come to posting. */
  readonly send?: readonly EntryRow[];
  readonly remove?: readonly { readonly sequenceId: string; readonly position: string }[];
  /** The transaction that the ledger then speaks of, where it is not that of the sequence. */
  readonly transactionId?: string;
}

/** What a ledger damage has to choose with. */
export interface Chance {
  /** A number from 0 to below the limit, the same for the same seed and sequence. */
  below(limit: number): number;
  /** Another sequence that is booked and not damaged. */
  readonly other: BookedSequence;
  /** An id that is nobody's, the same for the same seed and sequence. */
  readonly unknownId: string;
}

interface Described {
  /** As `--only` takes it. */
  readonly name: string;
  /** What it does, for people. */
  readonly does: string;
  /** The types that it may be found as; the first is the one that is meant. */
  readonly foundAs: readonly MismatchType[];
  /** False where no patch can put it right, whatever policy says, so that it ends with people. */
  readonly curable: boolean;
}

/** An event that the bus took and that never comes to one stage. */
export interface LostEvent extends Described {
  readonly kind: 'lost-event';
  readonly stage: StageName;
  readonly event: EventName;
  /** Only one of the entries of the sequence is lost. */
  readonly oneEntry?: true;
  /** It is lost of what takes back another transaction. */
  readonly ofReversal?: true;
}

/** A change of the ledger after it was booked. */
export interface LedgerDamage extends Described {
  readonly kind: 'ledger';
  change(sequence: BookedSequence, chance: Chance): LedgerChange;
}

/** A reversal comes whose original never does. */
export interface LoneReversal extends Described {
  readonly kind: 'lone-reversal';
}

/** The account is closed after the authorization was given and before it is enriched. */
export interface ClosedAccount extends Described {
  readonly kind: 'closed-account';
}

export type Damage = LostEvent | LedgerDamage | LoneReversal | ClosedAccount;
