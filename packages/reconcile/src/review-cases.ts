import { bookedSidesOf } from './booked-side.ts';
import type { Break, Finding, LedgerRow } from './break.ts';
import { breakIdOf } from './break-id.ts';
import { compareSequence } from './compare-sequence.ts';
import { correctionIdOf } from './correcting-entries.ts';
import type { LedgerLookup } from './ledger-statement.ts';
import type { SideReader } from './pass-ports.ts';
import type { CaseReview, CaseStanding } from './ports.ts';
import { rowsByTransaction } from './reconcile-reports.ts';
import { reconcileTransaction } from './reconcile-transaction.ts';
import { mergeSides, type TransactionSides } from './transaction-sides.ts';

/** Looks at cases again by what reconciliation knows of their transactions and by the rows of the ledger. */
export function caseReview(sides: SideReader, ledger: LedgerLookup): CaseReview {
  return {
    review: async (all) => {
      // What a bank has booked is known by its statements alone: until the next one it differs as it did.
      const cases = all.filter(({ statement }) => statement === undefined);
      const inStatements = all.filter(({ statement }) => statement !== undefined);
      const ids = [...new Set(cases.map(({ transactionId }) => transactionId))];
      const known = new Map((await sides.find(ids)).map((each) => [each.transactionId, each]));
      const rows = await rowsByTransaction([...known.values()], ledger);
      const corrections = await correctionsOf(cases, ledger);
      const strange = cases.filter(({ transactionId }) => !known.has(transactionId));
      const orphans = await orphanRows(strange, ledger);
      return new Map([
        ...inStatements.map((each) => [each.breakId, { kind: 'differs', finding: each }] as const),
        ...cases.map((each) => {
          const of = known.get(each.transactionId);
          const standing =
            of === undefined
              ? orphanStanding(each, orphans.get(each.sequenceId ?? '') ?? [])
              : standingOf(each, of, [
                  ...(rows.get(each.transactionId) ?? []),
                  ...(corrections.get(each.breakId) ?? []),
                ]);
          return [each.breakId, standing] as const;
        }),
      ]);
    },
  };
}

/** How a case stands of whose transaction something is known. */
function standingOf(each: Break, sides: TransactionSides, found: readonly LedgerRow[]): CaseStanding {
  const rows = [...new Map(found.map((row) => [row.rowId, row])).values()];
  // The ledger's own word counts, also where its stream has not brought it yet.
  const told = bookedSidesOf(rows).reduce(mergeSides, sides);
  const reconciliation = reconcileTransaction(told, true, rows);
  if (reconciliation.kind !== 'mismatch') return { kind: 'agrees', after: sidesNow(told, rows) };
  const { finding } = reconciliation;
  return { kind: breakIdOf(finding) === each.breakId ? 'differs' : 'moved', finding };
}

/** How a case stands of which nothing is known but rows of the ledger. */
function orphanStanding(each: Break, rows: readonly LedgerRow[]): CaseStanding {
  const found = compareSequence(undefined, rows);
  if (found === undefined) return { kind: 'agrees', after: { booked: rows } };
  const { transactionId, scheme, loggedAt, lifecycleId, sequenceId } = each;
  const about = {
    transactionId,
    scheme,
    loggedAt,
    lifecycleId,
    ...(sequenceId !== undefined && { sequenceId }),
  };
  const finding: Finding = { ...about, ...found, sides: { booked: rows } };
  return { kind: breakIdOf(finding) === each.breakId ? 'differs' : 'moved', finding };
}

/** What corrects each case, also where nobody has said yet that it is booked. */
async function correctionsOf(
  cases: readonly Break[],
  ledger: LedgerLookup,
): Promise<ReadonlyMap<string, readonly LedgerRow[]>> {
  const tried = cases.filter(({ attempts, sequenceId }) => attempts > 0 && sequenceId !== undefined);
  const breaks = new Map(tried.map(({ breakId }) => [correctionIdOf(breakId), breakId]));
  const rows = breaks.size === 0 ? [] : await ledger.rowsOf([...breaks.keys()]);
  return Map.groupBy(rows, ({ sequenceId }) => breaks.get(sequenceId) ?? '');
}

async function orphanRows(
  cases: readonly Break[],
  ledger: LedgerLookup,
): Promise<ReadonlyMap<string, readonly LedgerRow[]>> {
  const ids = [...new Set(cases.flatMap(({ sequenceId }) => sequenceId ?? []))];
  const rows = ids.length === 0 ? [] : await ledger.rowsOf(ids);
  return Map.groupBy(rows, ({ sequenceId, corrects }) => corrects ?? sequenceId);
}

function sidesNow({ authorized, posted }: TransactionSides, rows: readonly LedgerRow[]): Finding['sides'] {
  return {
    ...(authorized === undefined ? {} : { authorized: { amount: authorized.amount } }),
    ...(posted === undefined ? {} : { posted: posted.entries ?? [] }),
    ...(rows.length === 0 ? {} : { booked: rows }),
  };
}
