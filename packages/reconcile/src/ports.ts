import type { EventName, Metadata, PostingEntry, PostingEntryCreatedRecord } from '@payments/schemas';
import type { Break, BreakState, Finding, MismatchType, PatchAction } from './break.ts';
import type { TransactionSides } from './transaction-sides.ts';

/** The current time, and waiting for it to pass. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** How a transaction was found to stand, as it is kept. */
export interface KeptResult {
  readonly transactionId: string;
  /** `RECONCILED`, `CLOSED`, or the type of a mismatch. */
  readonly result: string;
}

/** What is known of every transaction, by side. */
export interface SideStore {
  /** Adds what was heard and gives all that is known then of those transactions; at most one report for each. */
  add(reports: readonly TransactionSides[]): Promise<readonly TransactionSides[]>;
  /** Keeps how transactions stand; they are no longer due. */
  settle(results: readonly KeptResult[]): Promise<void>;
  /** Transactions that are due and not settled, at most so many. */
  overdue(max: number): Promise<readonly TransactionSides[]>;
}

/** Who is given events once more. */
export type ReplayStage = 'standardize' | 'account-interface' | 'reconcile';

/** A time of the archive of which one stage gets events once more. */
export interface ReplayWindow {
  readonly stage: ReplayStage;
  /** Epoch milliseconds, `from` before `to`. */
  readonly from: number;
  readonly to: number;
}

/** What is done about a case, as it was decided: doing it again does the same. */
export interface PlannedPatch {
  readonly ruleId: string;
  readonly action: PatchAction;
  /** `policy`, or who approved it. */
  readonly decidedBy: string;
  readonly explanation: string;
  /** RFC 3339: when it was decided. */
  readonly decidedAt: string;
  /** Which time it is tried, from 1. */
  readonly attempt: number;
  /** RE_EMIT and RESEND: what is given once more, and to whom. */
  readonly window?: ReplayWindow;
  /** CONTRA, REVERSE_AND_REPOST and ROUND: the correcting sequence and its entries. */
  readonly sequenceId?: string;
  readonly entries?: readonly PostingEntry[];
  /** RFC 3339: when it was done; absent while it is only meant to be. */
  readonly sentAt?: string;
}

/** Which event a change of a case is to be said by. */
export type BreakSaying = 'DETECTED' | 'PATCHED' | 'PARKED';

/** A case as it is kept. */
export interface KeptBreak extends Break {
  /** Goes up with each change, so that of two changes of the same state one fails. */
  readonly version: number;
  /** `YYYY-MM-DD`: the day whose report it is in. */
  readonly businessDate: string;
  readonly patch?: PlannedPatch;
  /** What its last change is to be said by. */
  readonly says?: BreakSaying;
  /** The number of the last entry of the evidence that is about it. */
  readonly evidence?: number;
  /** Why it is parked or closed, in words. */
  readonly remark?: string;
}

export type EvidenceKind =
  /** It is about to be patched: what was there, what will be done, by which rule. */
  | 'INTENDED'
  /** It was done. */
  | 'SENT'
  | 'PATCHED'
  | 'CLOSED'
  | 'PARKED'
  | 'PROPOSED'
  | 'APPROVED'
  | 'REJECTED';

/** What is kept for good of one step of a case. */
export interface Evidence {
  readonly kind: EvidenceKind;
  /** RFC 3339. */
  readonly at: string;
  readonly breakId: string;
  readonly transactionId: string;
  readonly sequenceId?: string;
  readonly type: MismatchType;
  readonly policyVersion: string;
  readonly ruleId?: string;
  /** `policy`, or a person. */
  readonly decidedBy: string;
  readonly reason: string;
  readonly before?: Finding['sides'];
  readonly after?: Finding['sides'];
  readonly patch?: PlannedPatch;
}

/** An entry of the evidence in its place in the chain. */
export interface ChainedEvidence {
  /** From 1, without gaps. */
  readonly number: number;
  /** Canonical JSON of an `Evidence`. */
  readonly content: string;
  /** Of the entry before; of the first one 64 zeros. */
  readonly previousHash: string;
  /** SHA-256 over number, previous hash and content, in hexadecimal. */
  readonly hash: string;
}

/** A change of a case, with the evidence that is written with it or not at all. */
export interface BreakChange {
  readonly before: KeptBreak;
  readonly after: Omit<KeptBreak, 'version' | 'evidence'>;
  readonly evidence: Evidence;
  /** It counts against what a rule may do in the hour; at most `perHourMax`. */
  readonly counts?: { readonly ruleId: string; readonly hour: string; readonly perHourMax: number };
}

/** The result of a change. */
export type ChangeResult =
  | { readonly kind: 'changed'; readonly kept: KeptBreak }
  /** Somebody else changed the case meanwhile. */
  | { readonly kind: 'crossed' }
  /** The rule has done in this hour what it may do. */
  | { readonly kind: 'capped' };

/** The cases, each with its states one after the other. */
export interface BreakStore {
  /**
   * Opens cases that are not there; one that was ended before `seenAt` and differs again is opened again.
   *
   * @returns those that were opened now
   */
  open(cases: readonly KeptBreak[], seenAt: string): Promise<readonly KeptBreak[]>;
  find(breakIds: readonly string[]): Promise<ReadonlyMap<string, KeptBreak>>;
  /** Cases of a state, the oldest first. */
  inState(state: BreakState, max: number): Promise<readonly KeptBreak[]>;
  /** Changes cases under the condition that nobody else has, and writes the evidence with them; the results in order. */
  change(changes: readonly BreakChange[]): Promise<readonly ChangeResult[]>;
  /** How often each rule patched in an hour (`YYYY-MM-DDTHH`). */
  counts(ruleIds: readonly string[], hour: string): Promise<ReadonlyMap<string, number>>;
  /** How many cases of a state there are, and when the oldest was opened. */
  age(state: BreakState): Promise<{ readonly count: number; readonly oldest?: string }>;
}

/** What a replay of the archive is for: whose events are given to a stage once more. */
export interface Repetition {
  /** The replay's name: the same again is the same replay. */
  readonly name: string;
  readonly window: ReplayWindow;
  readonly transactionIds: readonly string[];
}

/** The archive of the bus. */
export interface EventReplays {
  /**
   * Starts replays to reconciliation's own rule, as many as may run now; one that was started before is started once.
   *
   * @returns the names of those that were started, now or before
   */
  start(repetitions: readonly Repetition[]): Promise<ReadonlySet<string>>;
}

/** What the replays of reconciliation are for. */
export interface Repetitions {
  /** Kept before the replay is started. @throws DomainError */
  keep(repetition: Repetition): Promise<void>;
  /** @returns nothing for a replay that somebody else started */
  find(name: string): Promise<Repetition | undefined>;
}

/** Records of one event that are given once more. */
export interface RepeatedEvent {
  readonly event: EventName;
  readonly metadata: Metadata;
  readonly records: readonly object[];
}

/** The queues of other stages. */
export interface StageQueues {
  /** Sends what the stage takes as if the bus had sent it. @throws DomainError */
  send(stage: Exclude<ReplayStage, 'reconcile'>, event: RepeatedEvent): Promise<void>;
}

/** How a case stands now. */
export type CaseStanding =
  /** The transaction agrees, or there is nothing to post. */
  | { readonly kind: 'agrees'; readonly after: Finding['sides'] }
  /** It differs as before; the finding is what is there now. */
  | { readonly kind: 'differs'; readonly finding: Finding }
  /** It does not differ as before, and does not agree yet: the finding is what it will be if nothing more comes. */
  | { readonly kind: 'moved'; readonly finding: Finding };

/** Looks at cases again, as things stand now. */
export interface CaseReview {
  /** @returns the standing of each case, by its id; a case that cannot be looked at now is not among them */
  review(cases: readonly Break[]): Promise<ReadonlyMap<string, CaseStanding>>;
}

/** Puts the entries of correcting sequences on the bus, as account-interface puts others. */
export interface EntryPublisher {
  /** @throws DomainError when some were not taken; all may be published again */
  publish(records: readonly PostingEntryCreatedRecord[]): Promise<void>;
}
