import { describe, expect, it } from '@jest/globals';
import type { PatchRule } from '@payments/schemas';
import type { Break } from './break.ts';
import { decidePatch, type PatchDecision } from './decide-patch.ts';
import { brokenCase, OPENED_AT, postedEntry, rowOf } from './finding.fixture.ts';
import { preparePolicy } from './prepare-policy.ts';
import policy from './reconciliation-policy.json' with { type: 'json' };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const OPENED = Date.parse(OPENED_AT);
/** Late enough for every rule to have waited. */
const LATER = OPENED + 60 * MINUTE_MS;

const prepared = preparePolicy(policy);

function changed(id: string, change: Partial<PatchRule>) {
  return preparePolicy({
    ...policy,
    rules: policy.rules.map((rule) => (rule.id === id ? { ...rule, ...change } : rule)),
  });
}

/** What was decided, in short. */
function short(decision: PatchDecision): string {
  if (decision.kind === 'PATCH') return `PATCH ${decision.plan.action} by ${decision.plan.decidedBy}`;
  if (decision.kind === 'PARK') return `PARK ${decision.reason} for ${decision.rule.owner}`;
  return decision.kind;
}

function decide(change: Partial<Break>, { now = LATER, counts = {}, by = prepared } = {}): string {
  return short(decidePatch(brokenCase(change), by, new Map(Object.entries(counts)), now));
}

const posted = [postedEntry(1), postedEntry(2)];
const second = rowOf(postedEntry(2));
const wrongAmount = (minorUnits: string) => ({
  posted,
  booked: [rowOf(postedEntry(1), { minorUnits }), second],
});
const doubled = {
  posted,
  booked: [...posted.map((entry) => rowOf(entry)), rowOf(postedEntry(1), { rowId: 'again' })],
};
const wrongAccount = { posted, booked: [rowOf(postedEntry(1), { accountId: 'ACC-0666' }), second] };
const fxPosition = postedEntry(1, { role: 'FXPOS' });
const wrongFxPosition = {
  posted: [fxPosition, postedEntry(2)],
  booked: [rowOf(fxPosition, { minorUnits: '1' }), second],
};
const gbp = (minorUnits: string) => ({ minorUnits, currency: 'GBP' });

describe('the policy that is in use decides', () => {
  it.each<[string, Partial<Break>, string]>([
    ['a missing posting', { type: 'A_NOT_P' }, 'PATCH RE_EMIT by policy'],
    ['an incomplete sequence', { type: 'SEQ_INCOMPLETE' }, 'PATCH RE_EMIT by policy'],
    ['what is posted and not booked', { type: 'P_NOT_L' }, 'PATCH RESEND by policy'],
    ['what is booked and was not said to be', { type: 'L_NOT_P' }, 'PATCH RESEND by policy'],
    ['a doubled row', { type: 'DUPLICATE_L', sides: doubled }, 'PATCH CONTRA by policy'],
    [
      'a doubled row of much',
      { type: 'DUPLICATE_L', sides: doubled, atRisk: gbp('50001') },
      'PARK AMOUNT_CAP for posting-operations',
    ],
    [
      'a doubled row in a currency without a cap',
      { type: 'DUPLICATE_L', sides: doubled, atRisk: { minorUnits: '1', currency: 'JPY' } },
      'PARK AMOUNT_CAP for posting-operations',
    ],
    ['rounding', { sides: wrongAmount('2598'), atRisk: gbp('1') }, 'PATCH ROUND by policy'],
    [
      'a wrong amount',
      { sides: wrongAmount('2499'), atRisk: gbp('100') },
      'PATCH REVERSE_AND_REPOST by policy',
    ],
    ['a very wrong amount', { sides: wrongAmount('1'), atRisk: gbp('10000') }, 'PROPOSE'],
    [
      'a wrong amount in a currency without a threshold',
      { sides: wrongAmount('1'), atRisk: { minorUnits: '2', currency: 'JPY' } },
      'PROPOSE',
    ],
    ['a wrong account', { type: 'ACCOUNT_MISMATCH', sides: wrongAccount }, 'PROPOSE'],
    [
      'a wrong direction',
      {
        type: 'DIRECTION_MISMATCH',
        sides: { posted, booked: [rowOf(postedEntry(1), { direction: 'CREDIT' }), second] },
      },
      'PROPOSE',
    ],
    [
      'a wrong currency',
      {
        type: 'CURRENCY_MISMATCH',
        sides: { posted, booked: [rowOf(postedEntry(1), { currency: 'EUR' }), second] },
      },
      'PROPOSE',
    ],
    [
      'a wrong amount on the position in a currency',
      { sides: wrongFxPosition },
      'PARK NOT_ALLOWED for posting-operations',
    ],
    ['another date', { type: 'DATE_ONLY' }, 'PATCH ACCEPT by policy'],
    ['a stale reference', { type: 'STALE_REFERENCE' }, 'PATCH RE_EMIT by policy'],
    [
      'a stale reference again',
      { type: 'STALE_REFERENCE', attempts: 1, state: 'PATCHING' },
      'PARK ATTEMPTS for customer-accounts',
    ],
    [
      'a reversal without original',
      { type: 'REVERSAL_WITHOUT_ORIGINAL' },
      'PARK NOT_AUTOMATIC for payments-operations',
    ],
    [
      'what was refused and is posted',
      {
        type: 'POSTED_UNAPPROVED',
        lastGood: { event: 'TransactionPosted', producedAt: '2026-11-22T09:00:01.000Z' },
      },
      'PARK NOT_POSSIBLE for incident-team',
    ],
    [
      'what is posted and was not heard to be approved',
      {
        type: 'POSTED_UNAPPROVED',
        lastGood: { event: 'TransactionPosted', producedAt: '2026-11-22T09:00:01.000Z' },
        unheard: ['approved'],
      },
      'PATCH RE_EMIT by policy',
    ],
    ['what does not balance', { type: 'UNBALANCED' }, 'PARK NOT_ALLOWED for incident-team'],
    [
      'what does not balance, though somebody approved it',
      { type: 'UNBALANCED', decidedBy: 'jane' },
      'PARK NOT_ALLOWED for incident-team',
    ],
    [
      'a wrong account that somebody approved',
      {
        type: 'ACCOUNT_MISMATCH',
        sides: wrongAccount,
        decidedBy: 'jane',
      },
      'PATCH REVERSE_AND_REPOST by jane',
    ],
    [
      'an approved patch that had no effect',
      { type: 'ACCOUNT_MISMATCH', sides: wrongAccount, decidedBy: 'jane', attempts: 1, state: 'PATCHING' },
      'PARK ATTEMPTS for posting-operations',
    ],
    [
      'a doubled row where another one is gone',
      { type: 'DUPLICATE_L', sides: { posted, booked: doubled.booked.toSpliced(1, 1) } },
      'PARK NOT_POSSIBLE for posting-operations',
    ],
    [
      'the same where somebody approved it',
      { type: 'DUPLICATE_L', sides: { posted, booked: doubled.booked.toSpliced(1, 1) }, decidedBy: 'jane' },
      'PATCH REVERSE_AND_REPOST by jane',
    ],
    [
      'rows that come to what was posted',
      { type: 'ACCOUNT_MISMATCH' },
      'PARK NOT_POSSIBLE for posting-operations',
    ],
    [
      'the same where somebody approved it',
      { type: 'ACCOUNT_MISMATCH', decidedBy: 'jane' },
      'PATCH ADOPT by jane',
    ],
    [
      'what nobody knows entry by entry',
      { sides: { posted: [], booked: [] } },
      'PARK NOT_POSSIBLE for posting-operations',
    ],
  ])('about %s', (_what, change, decision) => {
    expect(decide(change)).toBe(decision);
  });

  it('to give nothing once more of which no event is known', () => {
    const { lastGood: _, ...unknown } = brokenCase({ type: 'A_NOT_P' });
    expect(short(decidePatch(unknown, prepared, new Map(), LATER))).toBe(
      'PARK NOT_POSSIBLE for payments-operations',
    );
  });

  it('that another date is no matter of timing after two days', () => {
    const old = brokenCase({ type: 'DATE_ONLY' });
    const after = Date.parse(old.loggedAt) + 2 * DAY_MS;
    expect(decide({ type: 'DATE_ONLY' }, { now: after })).toBe('PATCH ACCEPT by policy');
    expect(decide({ type: 'DATE_ONLY' }, { now: after + 1 })).toBe('PARK TOO_OLD for posting-operations');
  });

  it('to wait as long as a rule says', () => {
    const wrong = { sides: wrongAmount('2499') };
    expect(decide(wrong, { now: OPENED + 5 * MINUTE_MS - 1 })).toBe('WAIT');
    expect(decide(wrong, { now: OPENED + 5 * MINUTE_MS })).toBe('PATCH REVERSE_AND_REPOST by policy');
  });

  it('to stop at what a rule may do in an hour, and after as many attempts as it may make', () => {
    const missing = { type: 'A_NOT_P' } as const;
    expect(decide(missing, { counts: { 'missing-posting': 4999 } })).toBe('PATCH RE_EMIT by policy');
    expect(decide(missing, { counts: { 'missing-posting': 5000 } })).toBe(
      'PARK COUNT_CAP for payments-operations',
    );
    expect(decide({ ...missing, attempts: 2, state: 'PATCHING' })).toBe('PATCH RE_EMIT by policy');
    expect(decide({ ...missing, attempts: 3, state: 'PATCHING' })).toBe(
      'PARK ATTEMPTS for payments-operations',
    );
  });

  it('nothing by itself where a rule is not automatic, unless somebody approved it', () => {
    const by = changed('missing-posting', { automatic: false });
    expect(decide({ type: 'A_NOT_P' }, { by })).toBe('PARK NOT_AUTOMATIC for payments-operations');
    expect(decide({ type: 'A_NOT_P', decidedBy: 'jane' }, { by })).toBe('PATCH RE_EMIT by jane');
  });
});
