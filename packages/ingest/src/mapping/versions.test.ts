import { describe, expect, it } from '@jest/globals';
import { encodeMessage } from '../iso8583/encode-message.ts';
import { approved, lineWith, type PairDifference, readOne } from '../reading.fixture.ts';

const gbp = (minorUnits: string) => ({ minorUnits, currency: 'GBP' });
const profiles = ['A', 'B', 'C'] as const;

/** What a pair of 1993 says otherwise than one of 1987. */
const REQUEST_1993 = {
  12: '261115101500',
  13: undefined,
  18: undefined,
  22: '510101510C00',
  26: '5812',
  43: 'BISTRO\\12 RUE X\\PARIS\\75001         FRA',
};
/** What a pair of 2003 says otherwise: amounts with currency and decimals, twelve digits of trace number. */
const REQUEST_2003 = {
  ...REQUEST_1993,
  4: '8262000000002599',
  11: '000000100001',
  12: '20261115101500',
  15: '20261116',
  21: '1ABC1234560704  010000',
  22: '00000010000000010000000100000001',
  41: 'TERM000000000001',
  42: 'MERCH00000001',
  49: undefined,
};
const RESPONSE_2003 = { 4: '8262000000002599', 11: '000000100001', 39: '0000', 49: undefined };

function pair1993({ request, response, ...rest }: PairDifference = {}): PairDifference {
  return {
    mti: ['1100', '1110'],
    ...rest,
    request: { ...REQUEST_1993, ...request },
    response: { 39: '000', ...response },
  };
}

function pair2003({ request, response, ...rest }: PairDifference = {}): PairDifference {
  return {
    mti: ['2100', '2110'],
    ...rest,
    request: { ...REQUEST_2003, ...request },
    response: { ...RESPONSE_2003, ...response },
  };
}

describe('ISO 8583:1993', () => {
  it.each(profiles)('is read in profile %s', async (profile) => {
    const response = { 39: '002', 4: '000000001000' };
    const { authorization } = await approved(pair1993({ profile, line: { wireProfile: profile }, response }));
    expect(authorization).toMatchObject({
      mti: '1100',
      responseCode: '002',
      localDate: '2026-11-15',
      localTime: '10:15:00',
      amounts: { transaction: gbp('1000'), requested: gbp('2599') },
      merchant: { name: 'BISTRO', city: 'PARIS', country: 'FR', categoryCode: '5812' },
    });
    expect(authorization.posEntryMode).toBe('510101510C00');
    // DE26 is the merchant category here, and no length of a PIN.
    expect(authorization).not.toHaveProperty('pinLengthCapability');
  });

  it('bills the cardholder a fee in the currency of billing, and DE28 to DE31 are no fees', async () => {
    const { authorization } = await approved(
      pair1993({
        request: { 6: '000000002599', 8: '00000125', 28: '261116', 29: '001', 31: 'REF', 51: '826' },
      }),
    );
    expect(authorization.fees).toEqual([{ type: '08', direction: 'DEBIT', amount: gbp('125') }]);
  });

  it('says a partial reversal the other way round', async () => {
    const { authorization } = await approved(
      pair1993({
        mti: ['1420', '1430'],
        request: { 4: '000000000500', 30: `000000002599${'0'.repeat(12)}` },
        response: { 39: '400', 4: '000000000500' },
      }),
    );
    expect(authorization.amounts.transaction).toEqual(gbp('2599'));
    expect(authorization.replacement).toEqual({ transaction: gbp('500') });
  });

  it.each([
    ['with its length', '110010000126111510150006412345'],
    ['without', '1100100001261115101500412345'],
  ])('names its original by the local time at the acceptor, the acquirer %s', async (_, original) => {
    const { authorization } = await approved(
      pair1993({ mti: ['1420', '1430'], request: { 56: original }, response: { 39: '400' } }),
    );
    expect(authorization.original).toEqual({
      mti: '1100',
      stan: '100001',
      localDate: '2026-11-15',
      localTime: '10:15:00',
      acquirerId: '412345',
    });
  });

  it('says no local time of an original that the sender did not know', async () => {
    const original = `1100100001${'0'.repeat(12)}`;
    const { authorization } = await approved(
      pair1993({ mti: ['1420', '1430'], request: { 56: original }, response: { 39: '400' } }),
    );
    expect(authorization.original).toEqual({ mti: '1100', stan: '100001' });
  });

  it.each([
    ['of another form', '1100'],
    ['of a day that is none', '1100100001261315101500'],
    ['of a time that is none', '1100100001261115241500'],
  ])('refuses an original %s', async (_, original) => {
    const row = await readOne(
      lineWith(pair1993({ mti: ['1420', '1430'], request: { 56: original }, response: { 39: '400' } })),
    );
    expect(row).toMatchObject({ reason: 'INVALID_ELEMENT', explanation: expect.stringContaining('DE56') });
  });
});

describe('ISO 8583:2003', () => {
  it.each(profiles)('is read in profile %s', async (profile) => {
    const { authorization } = await approved(pair2003({ profile, line: { wireProfile: profile } }));
    expect(authorization).toMatchObject({
      mti: '2100',
      messageClass: 'AUTHORIZATION',
      stan: '000000100001',
      responseCode: '0000',
      localDate: '2026-11-15',
      localTime: '10:15:00',
      settlementDate: '2026-11-16',
      amounts: { transaction: gbp('2599') },
      networkTransactionId: 'ABC1234560704',
      terminalId: 'TERM000000000001',
      merchant: { name: 'BISTRO', id: 'MERCH00000001', categoryCode: '5812', country: 'FR' },
    });
  });

  it('has each amount in the currency that it says, also of a partial approval', async () => {
    const { authorization } = await approved(
      pair2003({
        request: { 4: '8402000000010000', 5: '8262000000007912', 6: '8262000000007912', 10: '77912000' },
        response: { 4: '8402000000005000', 5: '8262000000003956', 6: '8262000000003956', 39: '0002' },
      }),
    );
    expect(authorization.amounts).toEqual({
      transaction: { minorUnits: '5000', currency: 'USD' },
      requested: { minorUnits: '10000', currency: 'USD' },
      settlement: gbp('3956'),
      billing: gbp('3956'),
    });
  });

  it.each([
    ['as many decimals as ISO 4217', '4143000000012345', { minorUnits: '12345', currency: 'KWD' }],
    ['fewer decimals', '4142000000012345', { minorUnits: '123450', currency: 'KWD' }],
    ['more decimals, which are zero', '3922000000012300', { minorUnits: '123', currency: 'JPY' }],
  ])('reads an amount that counts %s', async (_, amount, money) => {
    const { authorization } = await approved(pair2003({ request: { 4: amount }, response: { 4: amount } }));
    expect(authorization.amounts.transaction).toEqual(money);
  });

  it('refuses an amount that counts decimals which its currency does not have', async () => {
    const amount = { 4: '3922000000012345' };
    const row = await readOne(lineWith(pair2003({ request: amount, response: amount })));
    expect(row).toMatchObject({ reason: 'INVALID_ELEMENT', explanation: expect.stringContaining('DE4') });
  });

  it('reads additional amounts with their currency and decimals, without balances', async () => {
    const { authorization } = await approved(
      pair2003({ request: { 54: '0040D82620000000020000002C8262000000100000' } }),
    );
    expect(authorization.additionalAmounts).toEqual([
      { type: '40', direction: 'DEBIT', amount: gbp('2000'), accountType: '00' },
    ]);
  });

  it('says what a reversal takes back, and what of it stays', async () => {
    const { authorization } = await approved(
      pair2003({
        mti: ['2420', '2430'],
        request: {
          4: '8262000000000500',
          30: `8262000000002599${'0'.repeat(16)}`,
          56: '210000000010000120261115101500412345',
        },
        response: { 4: '8262000000000500', 39: '0400' },
      }),
    );
    expect(authorization).toMatchObject({
      messageClass: 'REVERSAL',
      original: {
        mti: '2100',
        stan: '000000100001',
        localDate: '2026-11-15',
        localTime: '10:15:00',
        acquirerId: '412345',
      },
      amounts: { transaction: gbp('2599') },
      replacement: { transaction: gbp('500') },
    });
  });

  it('bills the cardholder a fee in the currency that it says', async () => {
    const { authorization } = await approved(pair2003({ request: { 8: '978200000125' } }));
    const amount = { minorUnits: '125', currency: 'EUR' };
    expect(authorization.fees).toEqual([{ type: '08', direction: 'DEBIT', amount }]);
    const none = await approved(pair2003({ request: { 8: '0'.repeat(12) } }));
    expect(none.authorization).not.toHaveProperty('fees');
  });

  it('refuses a name that is a composite of datasets, and has room for the longest id', async () => {
    const composite = { 43: '\u0071\u0000\u0009\u0080BISTRO' };
    expect(await readOne(lineWith(pair2003({ request: composite })))).toMatchObject({
      reason: 'INVALID_ELEMENT',
      explanation: expect.stringContaining('DE43'),
    });
    const id = 'M'.repeat(35);
    const { authorization } = await approved(pair2003({ request: { 42: id } }));
    expect(authorization.merchant.id).toBe(id);
    // The bits of DE22 have no place in the contract.
    expect(authorization).not.toHaveProperty('posEntryMode');
  });
});

describe('a message that is not supported', () => {
  it.each([
    ['of a version that ISO reserves', '3100', '3110', 'UNSUPPORTED_VERSION'],
    ['of network management', '1804', '1814', 'UNSUPPORTED_MESSAGE'],
    ['of reconciliation, in 2003', '2500', '2510', 'UNSUPPORTED_MESSAGE'],
    ['of file actions', '0300', '0310', 'UNSUPPORTED_MESSAGE'],
  ])('%s says so', async (_, request, response, reason) => {
    const hexOf = (mti: string) =>
      mti.startsWith('3')
        ? Buffer.from(`${mti}${'0'.repeat(16)}`).toString('hex')
        : encodeMessage({ mti, elements: new Map() }, 'A');
    const row = await readOne(lineWith({ line: { request: hexOf(request), response: hexOf(response) } }));
    expect(row).toMatchObject({ outcome: 'UNREADABLE', reason });
  });
});

describe('an incremental authorization', () => {
  it('is said by the function code of 1993 and 2003', async () => {
    expect((await approved(pair1993({ request: { 24: '106' } }))).authorization.incremental).toBe(true);
    expect((await approved(pair2003({ request: { 24: '107' } }))).authorization.incremental).toBe(true);
    expect((await approved(pair1993({ request: { 24: '100' } }))).authorization).not.toHaveProperty(
      'incremental',
    );
  });
});
