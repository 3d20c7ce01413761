import type { Money } from '@payments/schemas';
import type { Finding, MismatchType } from './break.ts';
import type { DateWindow } from './ledger-statement.ts';

/** What one side of a group comes to. */
export interface GroupTotals {
  /** Entries. */
  readonly count: number;
  /** Sums in minor units. */
  readonly debits: string;
  readonly credits: string;
  /** Over the whole content of the entries, whatever their order: 16 hexadecimal digits. */
  readonly hashTotal: string;
}

/** What is checked together first. `scheme` and `eventCode` are there where the ledger says them. */
export interface PassGroup {
  readonly bookingDate: string;
  readonly currency: string;
  readonly scheme?: string;
  readonly eventCode?: string;
  readonly posted: GroupTotals;
  readonly booked: GroupTotals;
  /**
   * `AGREES`: the totals are equal. `CORRECTED`: they differ and every sequence agrees when what corrects it is counted
   * in. `DIFFERS`: there is a finding for it.
   */
  readonly standing: 'AGREES' | 'CORRECTED' | 'DIFFERS';
}

/** What a pass came to. */
export interface PassResult {
  readonly window: DateWindow;
  /** RFC 3339: what was posted later was left out. */
  readonly settledBefore: string;
  readonly groups: readonly PassGroup[];
  /** Sequences on each side, corrections included. */
  readonly sequences: { readonly posted: number; readonly compared: number };
  /** What was left out: it is too young, or nobody has said what was posted. */
  readonly leftOut: { readonly young: number; readonly withoutEntries: number };
  /** Buckets of sequences whose totals differ, of how many; what was read again to look into them. */
  readonly buckets: { readonly differing: number; readonly of: number; readonly readAgain: number };
  readonly findings: Readonly<Partial<Record<MismatchType, number>>>;
  /** By currency, what all findings come to. */
  readonly atRisk: readonly Money[];
}

/** A pass: its findings as they are found, page by page; the result when all of them were taken. */
export interface Pass {
  readonly findings: AsyncIterable<readonly Finding[]>;
  /** @throws Error before all findings were taken */
  result(): PassResult;
}
