import { describe, expect, it } from '@jest/globals';
import { approved, lineWith, mastercardCard, readOne, visaCard } from '../reading.fixture.ts';
import { nearestDate, nearestInstant } from './infer-date.ts';

const gbp = (minorUnits: string) => ({ minorUnits, currency: 'GBP' });

describe('the year of a date', () => {
  const newYear = Date.parse('2027-01-01T00:00:05Z');
  const newYearsEve = Date.parse('2026-12-31T23:59:55Z');

  it.each([
    ['1231235959', newYear, '2026-12-31T23:59:59Z'],
    ['0101000001', newYear, '2027-01-01T00:00:01Z'],
    ['0101000001', newYearsEve, '2027-01-01T00:00:01Z'],
    ['0229120000', Date.parse('2028-03-01T00:00:00Z'), '2028-02-29T12:00:00Z'],
    ['0229120000', Date.parse('2027-03-01T00:00:00Z'), undefined],
    ['0230120000', newYear, undefined],
    ['1115240000', newYear, undefined],
    ['1115106000', newYear, undefined],
  ])('of %s is the nearest one', (value, near, expected) => {
    expect(nearestInstant(value, near)).toBe(expected);
  });

  it('is found for a date alone', () => {
    expect(nearestDate('1231', newYear)).toBe('2026-12-31');
    expect(nearestDate('0102', newYearsEve)).toBe('2027-01-02');
  });
});

describe('an approved pair', () => {
  it('takes the verdict of a stand-in advice from the advice, of anything else from the response', async () => {
    const advice = await approved({
      mti: ['0120', '0130'],
      request: { 38: 'S20005', 39: '08' },
      response: { 39: '00' },
    });
    expect(advice.authorization).toMatchObject({ responseCode: '08', approvalCode: 'S20005', standIn: true });
    const reversal = await approved({ mti: ['0420', '0430'], request: { 39: '17' } });
    expect(reversal.authorization).toMatchObject({ responseCode: '00', standIn: false });
  });

  it('names the authorization that a financial advice completes, and is no stand-in then', async () => {
    const { authorization } = await approved({
      mti: ['0220', '0230'],
      request: { 11: '100050', 38: 'A10001', 39: '00', 90: '010010000111151015000000041234500000000000' },
      response: { 11: '100050' },
    });
    expect(authorization).toMatchObject({
      messageClass: 'FINANCIAL',
      messageFunction: 'ADVICE',
      standIn: false,
      responseCode: '00',
      original: { mti: '0100', stan: '100001', transmittedAt: '2026-11-15T10:15:00Z', acquirerId: '412345' },
    });
  });

  it('is approved and logged for an account verification: no amount, no reason to decline', async () => {
    const amounts = { 3: '330000', 4: '000000000000', 25: '51' };
    const { authorization } = await approved({ request: amounts, response: { 4: '000000000000', 39: '85' } });
    expect(authorization).toMatchObject({
      processingCode: '330000',
      responseCode: '85',
      amounts: { transaction: gbp('0') },
    });
  });

  it('is declined when the stand-in advice says so, whatever the response says', async () => {
    const row = await readOne(lineWith({ mti: ['0120', '0130'], request: { 39: '05' } }));
    expect(row).toMatchObject({ outcome: 'DECLINED', responseCode: '05' });
  });

  it('takes the billed amount of a changed amount from the response', async () => {
    const { authorization } = await approved({
      request: { 5: '000000008000', 6: '000000008000', 50: '826', 51: '826' },
      response: { 4: '000000001000', 6: '000000001001', 39: '10', 51: '826' },
    });
    expect(authorization.amounts).toEqual({
      transaction: gbp('1000'),
      requested: gbp('2599'),
      billing: gbp('1001'),
    });
  });

  it('leaves out balances, zero fees, zero rates and zero dates', async () => {
    const { authorization } = await approved({
      request: { 10: '00000000', 15: '0000', 28: 'C00000000' },
      response: { 54: '0002826C000000100000' },
    });
    for (const member of ['additionalAmounts', 'fees', 'rates', 'settlementDate'])
      expect(authorization).not.toHaveProperty(member);
  });

  it('reads fees in the currency of their side', async () => {
    const { authorization } = await approved({ request: { 29: 'C00000030', 30: 'D00000012', 50: '978' } });
    expect(authorization.fees).toEqual([
      { type: '29', direction: 'CREDIT', amount: { minorUnits: '30', currency: 'EUR' } },
      { type: '30', direction: 'DEBIT', amount: gbp('12') },
    ]);
  });

  it.each([
    ['of billing', { 6: '000000002300', 8: '00000125', 51: '978' }, { minorUnits: '125', currency: 'EUR' }],
    ['of the transaction where no other is said', { 8: '00000125' }, gbp('125')],
  ])('reads the fee that the cardholder is billed in the currency %s', async (_, request, amount) => {
    const { authorization } = await approved({ request: { ...request, 28: 'D00000050' } });
    expect(authorization.fees).toEqual([
      { type: '08', direction: 'DEBIT', amount },
      { type: '28', direction: 'DEBIT', amount: gbp('50') },
    ]);
    const none = await approved({ request: { 8: '00000000' } });
    expect(none.authorization).not.toHaveProperty('fees');
  });

  it('says the receiver, how long a PIN the terminal takes, and the description without blanks around it', async () => {
    const { authorization } = await approved({ request: { 26: '12', 100: '498765', 104: '  TOP UP 77 ' } });
    expect(authorization).toMatchObject({
      receiverId: '498765',
      pinLengthCapability: '12',
      description: 'TOP UP 77',
    });
    const plain = await approved({});
    for (const member of ['receiverId', 'pinLengthCapability', 'description'])
      expect(plain.authorization).not.toHaveProperty(member);
  });

  it.each([
    ['is binary', 'W\u0000\u0009\u0080'],
    ['is blank', '   '],
    ['names its own card', `FROM ${visaCard.match(/..../g)?.join('.')}`],
    ['names its own card in hex', Buffer.from(visaCard).toString('hex').toUpperCase()],
    ['names another card', `FROM ${mastercardCard}`],
  ])('is posted without its description when that %s', async (_, description) => {
    const record = await approved({ request: { 104: description }, response: { 104: description } });
    expect(record.authorization).not.toHaveProperty('description');
    expect(record.authorization).toEqual((await approved({})).authorization);
  });

  it('keeps no account of the customer', async () => {
    const accounts = { 102: 'ACCOUNT-00012345', 103: 'ACCOUNT-00067890' };
    const record = await approved({ request: accounts, response: accounts });
    expect(record.authorization).toEqual((await approved({})).authorization);
    expect(JSON.stringify(record)).not.toContain('ACCOUNT');
  });

  it('takes the card number from track 2 where there is no DE2', async () => {
    const none = { 2: undefined };
    const { card } = await approved({
      request: { ...none, 35: `${visaCard}D2912`, 23: '001' },
      response: none,
    });
    expect(card).toEqual({
      token: `900000000000${visaCard.slice(-4)}`,
      lastFour: visaCard.slice(-4),
      scheme: 'VISA',
      sequenceNumber: '001',
    });
  });

  it('reads an acquirer that the original names with zeros on its left, and no original of zeros', async () => {
    const mti = ['0400', '0410'] as const;
    const known = await approved({ mti, request: { 90: '010010000111151015000000041234500000000000' } });
    expect(known.authorization.original).toEqual({
      mti: '0100',
      stan: '100001',
      transmittedAt: '2026-11-15T10:15:00Z',
      acquirerId: '412345',
    });
    const unknown = await approved({ mti, request: { 90: '0'.repeat(42) } });
    expect(unknown.authorization).not.toHaveProperty('original');
  });

  it('keeps a replacement of nothing, and no settlement amount that was not said', async () => {
    const request = { 50: '826', 95: `${'0'.repeat(24)}C00000000C00000000` };
    const all = await approved({ mti: ['0420', '0430'], request });
    expect(all.authorization.replacement).toEqual({ transaction: gbp('0'), settlement: gbp('0') });
    const some = { 50: '826', 95: `000000001000${'0'.repeat(12)}C00000000C00000000` };
    const part = await approved({ mti: ['0420', '0430'], request: some });
    expect(part.authorization.replacement).toEqual({ transaction: gbp('1000') });
  });
});
