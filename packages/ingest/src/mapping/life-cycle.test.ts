import { describe, expect, it } from '@jest/globals';
import { passesLuhn } from '@payments/schemas';
import { CP500_TO_LATIN1 } from '../iso8583/cp500.ts';
import { approved, lineWith, mastercardCard, readOne, visaCard } from '../reading.fixture.ts';

/** DE62 of Visa as it stands in a message of profile B: a bitmap, the character of field 1, the packed id. */
function visaField62(id: string, withField1 = true): string {
  const bytes = Buffer.from(
    `${withField1 ? 'C0' : '40'}${'00'.repeat(7)}${withField1 ? 'E8' : ''}0${id}`,
    'hex',
  );
  return [...bytes].map((byte) => String.fromCharCode(CP500_TO_LATIN1[byte] ?? 0)).join('');
}

/** The digits with a check digit. */
function passingLuhn(digits: string): string {
  const checked = [...'0123456789'].map((digit) => digits + digit).find((candidate) => passesLuhn(candidate));
  if (checked === undefined) throw new Error('one digit in ten is a check digit');
  return checked;
}

const onB = { profile: 'B', line: { wireProfile: 'B' } } as const;
const mastercard = { line: { scheme: 'MASTERCARD' } } as const;
const card = { 2: mastercardCard };

describe('the id of a life cycle', () => {
  it.each([
    ['with field 1', true],
    ['without', false],
  ])('is the transaction id of Visa, %s', async (_, withField1) => {
    const { authorization } = await approved({
      ...onB,
      request: { 62: visaField62('306281234567890', withField1) },
    });
    expect(authorization.networkTransactionId).toBe('306281234567890');
  });

  it('is the Banknet reference of Mastercard with its date, from the answer first', async () => {
    const { authorization } = await approved({
      ...mastercard,
      request: card,
      response: { ...card, 15: '0704', 63: 'MCC123456   ' },
    });
    expect(authorization.networkTransactionId).toBe('MCC1234560704');
  });

  it.each([
    ['Visa in another profile', { request: { 62: 'whatever' } }],
    ['a bitmap that does not name it', { ...onB, request: { 62: '\u0000'.repeat(8) } }],
    ['a reference without a date', { ...mastercard, request: { ...card, 63: 'MCC123456' }, response: card }],
    [
      'a reference of another form',
      { ...mastercard, request: { ...card, 15: '0704', 63: '123456789012' }, response: card },
    ],
  ])('is not there for %s', async (_, difference) => {
    expect((await approved(difference)).authorization).not.toHaveProperty('networkTransactionId');
  });

  it('that could pass for a card number is written in groups', async () => {
    const id = passingLuhn('30628123456789');
    const { authorization } = await approved({ ...onB, request: { 62: visaField62(id) } });
    expect(authorization.networkTransactionId).toBe(`30628.12345.6789${id.slice(-1)}`);
  });

  it('is refused when it is the card number', async () => {
    const short = passingLuhn(visaCard.slice(0, 14));
    const line = lineWith({ ...onB, request: { 2: short, 62: visaField62(short) }, response: { 2: short } });
    expect(await readOne(line)).toMatchObject({ reason: 'PAN_IN_FREE_TEXT' });
  });
});

describe('an authorization that adds to an earlier one', () => {
  it('has the same life cycle and another deduplication key, and the retrieval reference survives', async () => {
    const lifeCycle = { 62: visaField62('306281234567890') };
    const first = await approved({ ...onB, request: lifeCycle });
    const later = { 7: '1115181500', 11: '100077' };
    const amount = { 4: '000000001000' };
    const second = await approved({
      ...onB,
      line: { ...onB.line, loggedAt: '2026-11-15T18:15:01Z' },
      request: { ...lifeCycle, ...later, ...amount, 12: '181500' },
      response: { ...later, ...amount },
    });
    expect(second.dedupKey).not.toBe(first.dedupKey);
    expect(second.transactionId).not.toBe(first.transactionId);
    const { networkTransactionId, retrievalReference, acquirerId } = first.authorization;
    expect(second.authorization).toMatchObject({ networkTransactionId, retrievalReference, acquirerId });
    expect(second.authorization.amounts.transaction.minorUnits).toBe('1000');
  });
});

describe('what must not be kept', () => {
  const secret = 'SECRET-7731';
  const texts = [
    46,
    47,
    48,
    56,
    57,
    58,
    59,
    60,
    61,
    62,
    63,
    ...Array.from({ length: 23 }, (_, index) => 105 + index),
  ];
  const planted: Record<number, string> = {
    35: `${visaCard}=2912`,
    36: `${visaCard}=991`,
    45: `B${visaCard}^HOLDER/A^2912`,
    52: '7731773177317731',
    55: '9F260877317731',
    ...Object.fromEntries(texts.map((number) => [number, secret])),
  };

  it.each(['A', 'C'] as const)('is in no row, whatever a message of profile %s says', async (profile) => {
    const difference = { profile, line: { wireProfile: profile } } as const;
    const plain = await approved(difference);
    const full = await approved({ ...difference, request: planted, response: planted });
    // The rows are the same: nothing of these elements is in a member, an id or a key.
    expect(full).toEqual(plain);
    const text = JSON.stringify(full);
    for (const kept of [secret, '7731', visaCard, 'HOLDER']) expect(text).not.toContain(kept);
  });

  it('is in no row of a message that is declined or broken either', async () => {
    const declined = await readOne(lineWith({ request: planted, response: { 39: '05' } }));
    const broken = await readOne(lineWith({ request: { ...planted, 49: '001' }, response: { 49: '001' } }));
    for (const row of [declined, broken]) {
      const text = JSON.stringify(row);
      for (const kept of [secret, '7731', visaCard, 'HOLDER']) expect(text).not.toContain(kept);
    }
  });

  it('is in 2003 also the verification data, where 1987 has a currency', async () => {
    const pair = {
      mti: ['2100', '2110'],
      request: {
        4: '8262000000002599',
        11: '000000100001',
        12: '20261115101500',
        13: undefined,
        18: undefined,
        22: '00'.repeat(16),
        26: '5411',
        41: 'TERM000000000001',
        42: 'MERCH1',
      },
      response: { 4: '8262000000002599', 11: '000000100001', 39: '0000', 49: undefined },
    } as const;
    const plain = await approved({ ...pair, request: { ...pair.request, 49: undefined } });
    const verified = { 34: '7731', 49: '400000000000000007731F', 55: '9F2677', 104: '7731' };
    expect(await approved({ ...pair, request: { ...pair.request, ...verified } })).toEqual(plain);
  });
});
