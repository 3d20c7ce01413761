import type { MismatchType } from '@payments/reconcile/break';
import type { PatchRule } from '@payments/schemas';
import { netByAccount } from './booked-sequences.ts';
import type { Damage } from './damage.ts';
import type { DrillCase } from './drill-cases.ts';
import type { DrillRun } from './drill-run.ts';
import { endByPolicy, endOf } from './policy-end.ts';

/** How many problems of one sort are told one by one. */
const TOLD_MAX = 5;

/** What is found where a transaction, whichever it is, does not come to be posted. */
const NOT_POSTED: ReadonlySet<MismatchType> = new Set(['A_NOT_P', 'ORIGINAL_WITHOUT_REVERSAL']);

/** What became of one damage. */
export interface DamageVerdict {
  readonly damage: string;
  readonly does: string;
  /** How many transactions were hit. */
  readonly planted: number;
  /** The types of their cases, with how many. */
  readonly foundAs: Readonly<Partial<Record<MismatchType, number>>>;
  readonly patched: number;
  /** Proposed by policy and approved by a person, and patched then. */
  readonly approved: number;
  /** Left to people. */
  readonly parked: number;
  /** Whether the accounts of those that are not with people stand as if nothing had happened. */
  readonly ledgerEqual: boolean;
}

/** What a drill came to. */
export interface DrillVerdict {
  readonly damages: readonly DamageVerdict[];
  /** Cases of transactions that nothing was done to. */
  readonly falseAlarms: number;
  /** Every invariant that does not hold, in a sentence; nothing when all do. */
  readonly problems: readonly string[];
}

/** Holds a damaged run against an undamaged one of the same load, and against the policy. */
export function judgeDrill(
  undamaged: DrillRun,
  damaged: DrillRun,
  damages: readonly Damage[],
  rules: readonly PatchRule[],
): DrillVerdict {
  const problems = new ProblemList();
  for (const [name, run] of [
    ['undamaged', undamaged],
    ['damaged', damaged],
  ] as const)
    for (const problem of runProblems(run)) problems.add('run', `${name}: ${problem}`);
  const casesOf = Map.groupBy(damaged.cases, ({ transactionId }) => transactionId);
  const withPeople = new Set(
    damaged.cases.filter((each) => endOf(each) !== 'patched').map(({ transactionId }) => transactionId),
  );
  const standing = new Standing(undamaged, damaged);
  const damagesOf = damagesByTransaction(damaged, damages);
  const verdicts = damages.map((damage): DamageVerdict => {
    const planted = [...(damaged.planted.get(damage.name) ?? [])];
    const cases = planted.flatMap((id) => casesOf.get(id) ?? []);
    if (planted.length === 0) problems.add(damage.name, `${damage.name}: nothing was planted`);
    const healed = cases.filter((each) => endOf(each) === 'patched');
    const unequal = planted.filter((id) => !withPeople.has(id) && !standing.isEqual(id));
    for (const id of unequal)
      problems.add(damage.name, `${damage.name}: the accounts of ${id} stand otherwise`);
    return {
      damage: damage.name,
      does: damage.does,
      planted: planted.length,
      foundAs: countsOf(cases.map(({ type }) => type)),
      patched: healed.filter(({ breakId }) => !damaged.approved.has(breakId)).length,
      approved: healed.filter(({ breakId }) => damaged.approved.has(breakId)).length,
      parked: cases.length - healed.length,
      ledgerEqual: unequal.length === 0,
    };
  });
  for (const [id, done] of damagesOf) {
    const cases = casesOf.get(id) ?? [];
    // What is replayed for one that was lost in the same event puts the others right, which may be before they are due.
    const isHealed = [...(damaged.lostTogether.get(id) ?? [])].some((other) => casesOf.has(other));
    if (cases.length === 0 && !isHealed && mustBeFound(undamaged, id))
      problems.add('found', `${namesOf(done)}: no case of ${id}`);
    for (const each of cases)
      for (const problem of caseProblems(each, done, rules, damaged)) problems.add('case', problem);
  }
  const alarms = falseAlarms(undamaged, damaged, damagesOf);
  for (const { transactionId, type, explanation } of alarms)
    problems.add('alarm', `a case of ${transactionId}, to which nothing was done: ${type}, ${explanation}`);
  for (const problem of standing.problems(withPeople)) problems.add('ledger', problem);
  return { damages: verdicts, falseAlarms: alarms.length, problems: problems.told() };
}

function runProblems({ evidence, changedByRepeating, detected, cases }: DrillRun): string[] {
  const problems = changedByRepeating.map((change) => `reconciled once more, ${change}`);
  if (evidence.firstBad !== undefined) problems.push(`the evidence breaks at entry ${evidence.firstBad}`);
  if (evidence.entries === 0 && cases.length > 0) problems.push('there are cases, and no evidence');
  for (const { breakId, type } of cases) {
    const times = detected.get(breakId) ?? 0;
    if (times !== 1) problems.push(`the case ${breakId} (${type}) was said ${times} times`);
  }
  return problems;
}

function caseProblems(
  each: DrillCase,
  done: readonly Damage[],
  rules: readonly PatchRule[],
  { byPolicy, approved, lostTogether }: DrillRun,
): string[] {
  const { breakId, transactionId, type, explanation } = each;
  // Where records travel together others are lost than was meant: all entries of a sequence, or a reversal.
  const isPacked = lostTogether.has(transactionId);
  const meant = done.find(
    ({ kind, foundAs }) =>
      foundAs.includes(type) || (isPacked && kind === 'lost-event' && NOT_POSTED.has(type)),
  );
  if (meant === undefined) return [`${namesOf(done)}: ${transactionId} was found as ${type}: ${explanation}`];
  const expected = endByPolicy(each, rules, meant);
  const left = byPolicy.get(breakId);
  const what = `${meant.name}: the case ${type} of ${transactionId}`;
  if (left === undefined || endOf(left) !== expected) {
    const { state = 'absent', parkedBecause = '' } = left ?? {};
    return [`${what} is ${`${state} ${parkedBecause}`.trimEnd()}; by policy it is ${expected}`];
  }
  const isHealed = endOf(each) === 'patched';
  return approved.has(breakId) && !isHealed
    ? [`${what} was approved, and is ${each.state} all the same`]
    : [];
}

/** What was posted, and what is in the damaged run alone, has to be found; of others it may be that nothing differs. */
function mustBeFound({ sides }: DrillRun, transactionId: string): boolean {
  const side = sides.get(transactionId);
  return side === undefined || side.result === 'RECONCILED';
}

/** Cases of what nothing was done to, and that the undamaged run does not have. */
function falseAlarms(
  undamaged: DrillRun,
  damaged: DrillRun,
  damagesOf: ReadonlyMap<string, readonly Damage[]>,
): readonly DrillCase[] {
  const usual = new Set(undamaged.cases.map(({ breakId }) => breakId));
  return damaged.cases.filter(
    ({ breakId, transactionId }) =>
      !damagesOf.has(transactionId) &&
      !usual.has(breakId) &&
      // Whoever else is on a closed account is refused with the others.
      undamaged.sides.get(transactionId)?.rejected?.reason ===
        damaged.sides.get(transactionId)?.rejected?.reason,
  );
}

function damagesByTransaction(
  { planted }: DrillRun,
  damages: readonly Damage[],
): ReadonlyMap<string, readonly Damage[]> {
  const byTransaction = new Map<string, Damage[]>();
  for (const damage of damages)
    for (const id of planted.get(damage.name) ?? [])
      byTransaction.set(id, [...(byTransaction.get(id) ?? []), damage]);
  return byTransaction;
}

/** The accounts of both runs, by transaction. */
class Standing {
  readonly #undamaged: ReadonlyMap<string, string>;
  readonly #damaged: ReadonlyMap<string, string>;
  readonly #run: DrillRun;

  constructor(undamaged: DrillRun, damaged: DrillRun) {
    this.#undamaged = netsByTransaction(undamaged);
    this.#damaged = netsByTransaction(damaged);
    this.#run = damaged;
  }

  isEqual(transactionId: string): boolean {
    return (this.#undamaged.get(transactionId) ?? '') === (this.#damaged.get(transactionId) ?? '');
  }

  /** What does not hold of the ledger without what is with people. */
  problems(withPeople: ReadonlySet<string>): string[] {
    const ids = new Set([...this.#undamaged.keys(), ...this.#damaged.keys()]);
    const unequal = [...ids].filter((id) => !withPeople.has(id) && !this.isEqual(id));
    const problems = unequal.map((id) => `the accounts of ${id} stand otherwise than in the undamaged run`);
    const sums = new Map<string, bigint>();
    for (const { entries } of this.#run.sequences) {
      for (const { transactionId, amount, direction } of entries) {
        if (withPeople.has(transactionId)) continue;
        const moved = direction === 'DEBIT' ? BigInt(amount.minorUnits) : -BigInt(amount.minorUnits);
        sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + moved);
      }
    }
    for (const [currency, sum] of sums)
      if (sum !== 0n) problems.push(`the ledger is out of balance by ${sum} in ${currency}`);
    return problems;
  }
}

/** What each transaction comes to on each account, as a text that can be compared; nothing where it comes to nothing. */
function netsByTransaction({ sequences }: DrillRun): ReadonlyMap<string, string> {
  const entries = Map.groupBy(
    sequences.flatMap((sequence) => sequence.entries),
    ({ transactionId }) => transactionId,
  );
  return new Map(
    [...entries].map(([id, rows]) => {
      const nets = [...netByAccount(rows)].filter(([, net]) => net !== 0n);
      return [
        id,
        nets
          .map(([place, net]) => `${place} ${net}`)
          .sort()
          .join(', '),
      ];
    }),
  );
}

/** Problems, of which each sort is told a few times and then counted. */
class ProblemList {
  readonly #bySort = new Map<string, string[]>();

  add(sort: string, problem: string): void {
    this.#bySort.set(sort, [...(this.#bySort.get(sort) ?? []), problem]);
  }

  told(): string[] {
    return [...this.#bySort.values()].flatMap((problems) => {
      const rest = problems.length - TOLD_MAX;
      return rest > 0 ? [...problems.slice(0, TOLD_MAX), `and ${rest} more of the sort`] : problems;
    });
  }
}

function countsOf(types: readonly MismatchType[]): Partial<Record<MismatchType, number>> {
  const counts: Partial<Record<MismatchType, number>> = {};
  for (const type of types) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

function namesOf(damages: readonly Damage[]): string {
  return damages.map(({ name }) => name).join(' and ');
}
