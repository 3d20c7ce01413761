import { describe, expect, it } from '@jest/globals';
import { identifierOf } from '@payments/domain';
import fc from 'fast-check';
import type { Finding, LedgerRow } from './break.ts';
import { compareSequence, inOrder } from './compare-sequence.ts';
import { isInWindow, type StatementScope } from './ledger-statement.ts';
import { EVERYTHING, MemoryPosted, MemoryStatement } from './memory-sides.fixture.ts';
import type { PostedSequence } from './pass-ports.ts';
import type { PassResult } from './pass-result.ts';
import { anyDamage, anySequence, DAMAGES, type DamageType, rowsOf } from './posted-sequence.fixture.ts';
import { type PassInput, runPass } from './run-pass.ts';

const SETTLED = '2026-12-01T00:00:00Z';
const BANK: StatementScope = { scheme: false, eventCode: false, valueDate: false };

async function passOf(input: PassInput): Promise<{ findings: Finding[]; result: PassResult }> {
  const pass = runPass(input);
  const findings: Finding[] = [];
  for await (const page of pass.findings) findings.push(...page);
  return { findings, result: pass.result() };
}

/** What a comparison of everything with everything finds: sequence and type, in order. */
function naively(
  posted: readonly PostedSequence[],
  rows: readonly LedgerRow[],
  scope: StatementScope,
): string[] {
  const ids = new Set([
    ...posted.filter(({ corrects }) => corrects === undefined).map(({ sequenceId }) => sequenceId),
    ...rows.map(({ sequenceId, corrects }) => corrects ?? sequenceId),
  ]);
  return [...ids].flatMap((id) => {
    const sequence = posted.find(({ sequenceId }) => sequenceId === id);
    const found = compareSequence(
      sequence && { ...sequence, entries: sequence.entries ?? [] },
      rows.filter(({ sequenceId, corrects }) => (corrects ?? sequenceId) === id),
      scope,
    );
    return found === undefined ? [] : [`${id} ${found.type} ${found.explanation}`];
  });
}

function textsOf(findings: readonly Finding[]): string[] {
  return findings.map(({ sequenceId, type, explanation }) => `${sequenceId} ${type} ${explanation}`);
}

/** Sequences, each with what happened to its rows; some are corrected. */
const anyBooks = fc
  .uniqueArray(anySequence, { selector: ({ sequenceId }) => sequenceId, minLength: 1, maxLength: 12 })
  .chain((posted) =>
    fc.record({
      posted: fc.constant(posted),
      damages: fc.array(
        fc.option(fc.record({ type: anyDamage, place: fc.nat(), corrected: fc.boolean() }), { freq: 2 }),
        { minLength: posted.length, maxLength: posted.length },
      ),
      unknown: fc.array(fc.nat(posted.length - 1), { maxLength: 2 }),
    }),
  )
  .map(({ posted, damages, unknown }) => {
    const forgotten = new Set(unknown.map((index) => posted[index]?.sequenceId));
    const corrections: PostedSequence[] = [];
    const rows = posted.flatMap((sequence, index) => {
      const damage = damages[index];
      const own = rowsOf(sequence);
      const hit = own[(damage?.place ?? 0) % own.length];
      if (damage == null || hit === undefined) return own;
      const wrong: LedgerRow[] = DAMAGES[damage.type](hit);
      const damaged = [...own.filter((row) => row !== hit), ...wrong];
      if (!damage.corrected || damage.type === 'DATE_ONLY') return damaged;
      const correction = correctionOf(sequence, wrong, hit);
      corrections.push(correction);
      return [...damaged, ...rowsOf(correction)];
    });
    return {
      posted: [...posted.filter(({ sequenceId }) => !forgotten.has(sequenceId)), ...corrections],
      rows,
    };
  });

function correctionOf(
  sequence: PostedSequence,
  wrong: readonly LedgerRow[],
  right: LedgerRow,
): PostedSequence {
  const contra = wrong.map((row): LedgerRow => {
    return { ...row, direction: row.direction === 'DEBIT' ? 'CREDIT' : 'DEBIT' };
  });
  const entries = [...contra, right].map(
    ({ accountId, direction, minorUnits, currency }, index) =>
      ({
        number: index + 1,
        role: 'CUST',
        accountId,
        branch: 'LDN01',
        direction,
        minorUnits,
        currency,
        amountTag: 'PRINCIPAL',
        eventCode: 'CORR',
      }) as const,
  );
  const sequenceId = identifierOf('correction', sequence.sequenceId);
  return {
    ...sequence,
    sequenceId,
    corrects: sequence.sequenceId,
    entries,
    bookingDate: '2026-11-27',
    valueDate: '2026-11-27',
  };
}

function shuffled<Item>(items: readonly Item[], order: readonly number[]): Item[] {
  return items
    .map((item, index) => ({ item, rank: order[index % Math.max(1, order.length)] ?? 0 }))
    .toSorted((left, right) => left.rank - right.rank)
    .map(({ item }) => item);
}

const anyOrder = fc.array(fc.nat(), { minLength: 1, maxLength: 40 });

describe('a pass', () => {
  it('finds exactly what a comparison of everything finds, in any order, with any ledger', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBooks,
        anyOrder,
        fc.constantFrom(EVERYTHING, BANK),
        async ({ posted, rows }, order, scope) => {
          // A bank does not say what a row corrects either.
          const told =
            scope === BANK ? rows.map(({ scheme: _, eventCode: __, corrects: ___, ...row }) => row) : rows;
          const { findings, result } = await passOf({
            posted: new MemoryPosted(shuffled(posted, order)),
            ledger: new MemoryStatement(shuffled(told, order), scope),
            settledBefore: SETTLED,
          });
          const expected = naively(posted, rows, scope);
          expect(textsOf(findings).sort()).toEqual(expected.sort());
          expect(Object.values(result.findings).reduce((sum, count) => sum + (count ?? 0), 0)).toBe(
            expected.length,
          );
          const differs = result.groups.some(({ standing }) => standing === 'DIFFERS');
          expect(differs).toBe(expected.length > 0);
        },
      ),
    );
  });

  it('reads each side once where all totals agree', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anySequence, { selector: ({ sequenceId }) => sequenceId, maxLength: 20 }),
        anyOrder,
        async (posted, order) => {
          const side = new MemoryPosted(posted);
          const ledger = new MemoryStatement(shuffled(posted.flatMap(rowsOf), order));
          const { findings, result } = await passOf({ posted: side, ledger, settledBefore: SETTLED });
          expect(findings).toEqual([]);
          expect(side.reads).toBe(1);
          expect(result.buckets).toMatchObject({ differing: 0, readAgain: 0 });
          expect(result.sequences).toEqual({ posted: posted.length, compared: 0 });
          for (const group of result.groups) {
            expect(group.standing).toBe('AGREES');
            expect(group.posted).toEqual(group.booked);
          }
          const entries = posted.flatMap(({ entries = [] }) => entries);
          const debits = entries.filter(({ direction }) => direction === 'DEBIT');
          const sum = debits.reduce((total, { minorUnits }) => total + BigInt(minorUnits), 0n);
          expect(result.groups.reduce((total, { posted: { count } }) => total + count, 0)).toBe(
            entries.length,
          );
          expect(result.groups.reduce((total, { booked }) => total + BigInt(booked.debits), 0n)).toBe(sum);
        },
      ),
    );
  });

  it('leaves out what is young, on its way, said without entries, or said while it looked', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySequence,
        fc.constantFrom('young', 'open', 'without-entries', 'came', 'young-row', 'logged-late'),
        async (sequence, how) => {
          const open = { sequenceId: sequence.sequenceId, isOpen: true } as const;
          const { entries: _, ...bare } = sequence;
          const side = new MemoryPosted(
            { young: [{ ...sequence, saidAt: SETTLED }], open: [open], 'without-entries': [bare] }[
              how as string
            ] ?? [],
          );
          if (how === 'came') side.came.set(sequence.transactionId, open);
          const late = { 'young-row': { bookedAt: SETTLED }, 'logged-late': { loggedAt: SETTLED } }[
            how as string
          ];
          // Half of its rows are there, as when the ledger is being written.
          const rows = rowsOf(sequence)
            .slice(1)
            .map((row) => ({ ...row, ...late }));
          const ledger = new MemoryStatement(rows);
          const { findings, result } = await passOf({ posted: side, ledger, settledBefore: SETTLED });
          expect(findings).toEqual([]);
          expect(result.groups.filter(({ standing }) => standing !== 'AGREES')).toEqual([]);
        },
      ),
    );
  });

  it('compares what either side has in the window, with all that there is of it', async () => {
    const window = { from: '2026-11-21', to: '2026-11-21' };
    await fc.assert(
      fc.asyncProperty(anyBooks, async ({ posted, rows }) => {
        const { findings } = await passOf({
          posted: new MemoryPosted(posted),
          ledger: new MemoryStatement(rows),
          settledBefore: SETTLED,
          window,
        });
        const inside = new Set([
          ...posted
            .filter(({ bookingDate }) => isInWindow(bookingDate, window))
            .map(({ sequenceId }) => sequenceId),
          ...rows
            .filter(({ bookingDate }) => isInWindow(bookingDate, window))
            .map(({ sequenceId }) => sequenceId),
        ]);
        const expected = naively(posted, rows, EVERYTHING).filter((text) =>
          inside.has(text.split(' ')[0] ?? ''),
        );
        expect(textsOf(findings).sort()).toEqual(expected.sort());
      }),
    );
  });

  it('says of a finding whose it is, what was there, and what it comes to', async () => {
    await fc.assert(
      fc.asyncProperty(anySequence, anyDamage, async (sequence, type: DamageType) => {
        const [row, ...rest] = rowsOf(sequence);
        if (row === undefined) return;
        const rows = [...DAMAGES[type](row), ...rest];
        const { findings, result } = await passOf({
          posted: new MemoryPosted([sequence]),
          ledger: new MemoryStatement(rows),
          settledBefore: SETTLED,
        });
        const { transactionId, sequenceId, lifecycleId, scheme, loggedAt, entries } = sequence;
        const about = { transactionId, sequenceId, lifecycleId, scheme, loggedAt, type };
        expect(findings).toMatchObject([{ ...about, sides: { posted: entries } }]);
        expect(findings[0]?.sides.booked ?? []).toEqual(inOrder(rows));
        expect(result.atRisk).toEqual(findings.map(({ atRisk }) => atRisk));
      }),
    );
  });

  it('has a result when its findings were taken', () => {
    const ledger = new MemoryStatement([]);
    expect(() =>
      runPass({ posted: new MemoryPosted([]), ledger, settledBefore: SETTLED }).result(),
    ).toThrow();
  });
});
