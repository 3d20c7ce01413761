import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { identifierOf } from '@payments/domain';
import { resourceName } from '@payments/infra/names';
import { openBreaks } from '@payments/reconcile/open-breaks';
import type { BreakChange, KeptBreak } from '@payments/reconcile/ports';
import { amountFinding, environment, purchaseEntries, ReconcileCloud } from './reconcile-cloud.fixture.ts';

const HOUR_MS = 3_600_000;
const cloud = new ReconcileCloud();
afterAll(() => cloud.remove());

/** So long ago: ages are told from now. */
const ago = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();
const opened = { parked: '', open: '', patched: '' };

/** A case that waits for its owner, one that is open, and one that was patched; each by the stage's own store. */
beforeAll(async () => {
  await cloud.fill(
    async ({ breaks, sides }) => {
      const parked = await openOne(amountFinding('parked', '2599', '125999', ago(30)), ago(26));
      const open = await openOne(amountFinding('open', '1000', '1001', ago(2)), ago(1));
      const patched = await openOne(amountFinding('patched', '500', '600', ago(4)), ago(3));
      Object.assign(opened, { parked: parked.breakId, open: open.breakId, patched: patched.breakId });
      await breaks.change([
        step(parked, 'PARKED', {
          state: 'PARKED',
          owner: 'posting-operations',
          parkedBecause: 'AMOUNT_CAP',
          ruleId: 'amount-beyond-rounding',
        }),
      ]);
      const patching = await breaks.change([step(patched, 'INTENDED', { state: 'PATCHING', attempts: 1 })]);
      for (const each of patching)
        if (each.kind === 'changed') await breaks.change([step(each.kept, 'PATCHED', { state: 'PATCHED' })]);

      const {
        transactionId,
        scheme,
        loggedAt,
        lifecycleId,
        sequenceId = '',
      } = amountFinding('open', '1000', '1001', ago(2));
      const controlTotals = {
        count: 2,
        currencies: [{ currency: 'GBP', debits: '1000', credits: '1000' }],
        hashTotal: '1',
      };
      const bookingDate = loggedAt.slice(0, 10);
      const posted = {
        sequenceId,
        controlTotals,
        bookingDate,
        valueDate: bookingDate,
        entries: purchaseEntries('1000'),
        saidAt: loggedAt,
      };
      await sides.add([
        { transactionId, scheme, loggedAt, lifecycleId, posted },
        {
          transactionId: identifierOf('transaction', 'fine'),
          scheme,
          loggedAt,
          authorized: { amount: { minorUnits: '1234567', currency: 'GBP' }, saidAt: loggedAt },
          rejected: { reason: 'ACCOUNT_BLOCKED', saidAt: loggedAt },
        },
      ]);
      await sides.settle([
        { transactionId, result: 'AMOUNT_MISMATCH' },
        { transactionId: identifierOf('transaction', 'fine'), result: 'CLOSED' },
      ]);

      async function openOne(
        finding: Parameters<typeof openBreaks>[0][number],
        at: string,
      ): Promise<KeptBreak> {
        const [kept] = await openBreaks([finding], breaks, at);
        if (kept === undefined) throw new Error('the case was not opened');
        return kept;
      }
    },
    { tables: true },
  );
});

function step(
  before: KeptBreak,
  kind: BreakChange['evidence']['kind'],
  after: Partial<KeptBreak>,
): BreakChange {
  const { version: _version, evidence: _evidence, ...rest } = before;
  const { breakId, transactionId, type, sides } = before;
  return {
    before,
    after: { ...rest, ...after },
    evidence: {
      kind,
      at: before.openedAt,
      breakId,
      transactionId,
      type,
      policyVersion: '2026-11-22.1',
      ruleId: 'amount-beyond-rounding',
      decidedBy: 'policy',
      reason: `it is ${kind.toLowerCase()}`,
      before: sides,
    },
  };
}

describe('payments reconcile breaks', () => {
  it('lists those that wait, oldest first, with amount and age', async () => {
    const { status, out } = await cloud.payments('reconcile', 'breaks');
    expect(status).toBe(0);
    const [head, first, second, , total] = out.split('\n');
    expect(head).toMatch(/^break +type +state +owner +at risk +age +transaction +what differs$/);
    expect(first).toMatch(
      /^[0-9a-f]{8} {2}AMOUNT_MISMATCH {2}PARKED AMOUNT_CAP {2}posting-operations {2}1,234.00 GBP +1 d 2 h/,
    );
    expect(second).toMatch(/OPEN +0.01 GBP +1 h /);
    expect(total).toBe('2 breaks, the oldest of 1 d 2 h.');
  });

  it('lists a state, a type, an owner, an age', async () => {
    const ids = async (...options: string[]): Promise<string[]> => {
      const { out } = await cloud.payments('reconcile', 'breaks', '--json', ...options);
      return (JSON.parse(out) as KeptBreak[]).map(({ breakId }) => breakId);
    };
    expect(await ids('--state', 'patched')).toEqual([opened.patched]);
    expect(await ids('--state', 'ALL')).toEqual([opened.parked, opened.patched, opened.open]);
    expect(await ids('--type', 'P_NOT_L')).toEqual([]);
    expect(await ids('--owner', 'posting-operations')).toEqual([opened.parked]);
    expect(await ids('--older-than', '2h')).toEqual([opened.parked]);
    expect((await cloud.payments('reconcile', 'breaks', '--owner', 'nobody')).out).toBe(
      'There is no such break.',
    );
  });

  it('understands no other state and no other time', async () => {
    expect(await cloud.payments('reconcile', 'breaks', '--state', 'LOST')).toMatchObject({ status: 2 });
    expect(await cloud.payments('reconcile', 'breaks', '--older-than', 'long')).toMatchObject({ status: 2 });
  });
});

describe('payments reconcile show', () => {
  it('shows both sides of each entry, the evidence, and what comes next', async () => {
    const { status, out } = await cloud.payments('reconcile', 'show', opened.parked.slice(0, 8));
    expect(status).toBe(0);
    expect(out).toMatch(/1 +ACC-0001 +25.99 GBP Dr +≠ +ACC-0001 +1,259.99 GBP Dr/);
    expect(out).toMatch(/2 +GL-SUSP-VISA-GBP +25.99 GBP Cr +=/);
    expect(out).toMatch(/ 1 +[-0-9]+ [:0-9]+ +PARKED +policy +amount-beyond-rounding +it is parked/);
    expect(out).toContain('It waits for posting-operations.');
    expect(out).not.toMatch(/undefined|\[object/);
  });

  it('gives the steps of one break and of no other, in their order', async () => {
    const { out } = await cloud.payments('reconcile', 'show', opened.patched, '--json');
    const { evidence } = JSON.parse(out) as { evidence: { number: number; kind: string }[] };
    expect(evidence.map(({ number, kind }) => [number, kind])).toEqual([
      [2, 'INTENDED'],
      [3, 'PATCHED'],
    ]);
  });

  it.each([
    ['0', /^"0" is no id of a break: it takes at least 4 of its hexadecimal digits\.$/],
    ['ffff0000', /^There is no break ffff0000 in local\.$/],
    [
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      /^There is no break ffffffff-ffff-ffff-ffff-ffffffffffff in local\.$/,
    ],
  ])('says in one sentence that %s is none', async (id, sentence) => {
    const { status, err } = await cloud.payments('reconcile', 'show', id);
    expect(status).toBe(1);
    expect(err).toMatch(sentence);
  });
});

describe('payments reconcile status', () => {
  it('counts by type and state', async () => {
    const { status, out } = await cloud.payments('reconcile', 'status');
    expect(status).toBe(0);
    expect(out).toMatch(/AMOUNT_MISMATCH +1 +· +· +1 +1 +· +1 d 2 h/);
    expect(out).toContain('Breaks that wait      2, the oldest for 1 d 2 h');
    expect(out).toContain('Transactions on way   0, of which overdue 0');
    expect(out).toContain('Steps of evidence     3');
  });
});

describe('payments reconcile explain', () => {
  it('says what each side says and which breaks there are', async () => {
    const transactionId = identifierOf('transaction', 'open');
    const { status, out } = await cloud.payments('reconcile', 'explain', transactionId);
    expect(status).toBe(0);
    expect(out).toMatch(/posted +[-0-9]+ [:0-9]+ +2 entries, 10.00 GBP, booked on/);
    expect(out).toMatch(/authorized +not heard of/);
    expect(out).toContain(opened.open.slice(0, 8));
    expect(out).toContain('It is broken: one break waits.');
  });

  it('says of one without entries that it ended so', async () => {
    const { out } = await cloud.payments('reconcile', 'explain', identifierOf('transaction', 'fine'));
    expect(out).toMatch(/authorized +[-0-9]+ [:0-9]+ +12,345.67 GBP/);
    expect(out).toMatch(/rejected +[-0-9]+ [:0-9]+ +ACCOUNT_BLOCKED/);
    expect(out).toContain('It ended without entries, as it should.');
  });

  it('knows no other transaction', async () => {
    const { status, err } = await cloud.payments('reconcile', 'explain', 'ffffffff');
    expect(status).toBe(1);
    expect(err).toBe('There is no transaction ffffffff in local.');
  });
});

describe('payments reconcile approve and reject', () => {
  it('want a name and a reason', async () => {
    for (const decision of ['approve', 'reject'])
      expect(await cloud.payments('reconcile', decision, opened.parked, '--by', 'a.jones')).toMatchObject({
        status: 2,
        err: expect.stringContaining('--by with your name and --reason with why'),
      });
  });
});

describe('what the stage itself does', () => {
  it.each([
    ['approve', () => [opened.parked, '--by', 'a.jones', '--reason', 'agrees with the receipt']],
    ['run', () => []],
    ['rebuild', () => ['--yes']],
  ])('is not done by %s where nothing runs', async (command, args) => {
    const { status, err } = await cloud.payments('reconcile', command, ...args());
    expect(status).toBe(1);
    expect(err).toMatch(/^[^.]+: run "npm start" on this data directory first\.$/);
  });
});

describe('payments reconcile verify', () => {
  it('says that the evidence is what was written, then names the first entry that is not', async () => {
    const intact = await cloud.payments('reconcile', 'verify');
    expect(intact.status).toBe(0);
    expect(intact.out).toMatch(
      /^The evidence is what was written: 3 entries, the last with hash [0-9a-f]{64}\.$/,
    );
    await cloud.fill(async ({ documents }) => {
      await documents.send(
        new UpdateCommand({
          TableName: resourceName(environment, 'reconcile', 'evidence'),
          Key: { chain: 'RECONCILE', number: '000000000002' },
          UpdateExpression: 'SET content = :content',
          ExpressionAttributeValues: { ':content': '{"decidedBy":"nobody"}' },
        }),
      );
    });
    const tampered = await cloud.payments('reconcile', 'verify');
    expect(tampered.status).toBe(1);
    expect(tampered.out).toBe(
      'The evidence was tampered with at entry 2: it does not say what it said when it was written. What comes after it proves nothing.',
    );
  });
});
