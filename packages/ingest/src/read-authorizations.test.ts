import { describe, expect, it } from '@jest/globals';
import { passesLuhn } from '@payments/schemas';
import { readAuthorizations } from './read-authorizations.ts';
import {
  approved,
  LastDigitsVault,
  lineWith,
  mastercardCard,
  readingPorts,
  readOne,
  sampleCardNumbers,
  sampleLines,
  visaCard,
} from './reading.fixture.ts';

const lines = sampleLines('authorizations.jsonl');

describe('the 13 sample pairs', () => {
  it('are read: twelve approved, one declined', async () => {
    const rows = await readAuthorizations(lines, readingPorts());
    expect(rows.map((row) => row.outcome)).toEqual([
      ...Array.from({ length: 11 }, () => 'APPROVED'),
      'DECLINED',
      'APPROVED',
    ]);
    expect(rows[11]).toEqual({
      outcome: 'DECLINED',
      transactionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      scheme: 'VISA',
      loggedAt: '2026-11-15T10:15:01Z',
      responseCode: '51',
    });
  });

  it('ask the vault once, and not for the declined one', async () => {
    const vault = new LastDigitsVault();
    await readAuthorizations(lines, readingPorts(vault));
    expect(vault.asked).toHaveLength(1);
    expect(vault.asked[0]).toHaveLength(12);
  });

  it('give their amounts, rates, fees and originals', async () => {
    const rows = await readAuthorizations(lines, readingPorts());
    const authorizations = rows.flatMap((row) =>
      row.outcome === 'APPROVED' ? [row.record.authorization] : [],
    );
    const [
      domestic,
      repeat,
      fx,
      cash,
      refund,
      reversal,
      partialReversal,
      partial,
      jpy,
      kwd,
      cashback,
      advice,
    ] = authorizations;
    expect(domestic).toEqual({
      mti: '0100',
      messageClass: 'AUTHORIZATION',
      messageFunction: 'REQUEST',
      repeat: false,
      processingCode: '000000',
      amounts: { transaction: { minorUnits: '2599', currency: 'GBP' } },
      transmittedAt: '2026-11-15T10:15:00Z',
      stan: '100001',
      acquirerId: '412345',
      responseCode: '00',
      standIn: false,
      merchant: {
        name: 'CORNER FOODS',
        categoryCode: '5411',
        id: 'MERCH00000001',
        city: 'LONDON',
        country: 'GB',
      },
      localDate: '2026-11-15',
      localTime: '10:15:00',
      acquirerCountry: '826',
      posEntryMode: '051',
      posConditionCode: '00',
      forwarderId: '400001',
      retrievalReference: '631910100001',
      approvalCode: 'A10001',
      terminalId: 'TERM0001',
      nameAndLocation: 'CORNER FOODS             LONDON       GB',
    });
    expect(repeat).toEqual({ ...domestic, mti: '0101', repeat: true });
    expect(fx).toMatchObject({
      amounts: {
        transaction: { minorUnits: '10000', currency: 'USD' },
        settlement: { minorUnits: '7912', currency: 'GBP' },
        billing: { minorUnits: '7912', currency: 'GBP' },
      },
      rates: { settlement: { digits: '7912000', scale: 7 }, billing: { digits: '7912000', scale: 7 } },
      conversionDate: '2026-11-15',
    });
    expect(cash).toMatchObject({
      processingCode: '010000',
      amounts: { billing: { minorUnits: '17234', currency: 'GBP' } },
      fees: [{ type: '28', direction: 'DEBIT', amount: { minorUnits: '250', currency: 'EUR' } }],
    });
    expect(refund?.processingCode).toBe('200000');
    expect(reversal).toMatchObject({
      messageClass: 'REVERSAL',
      original: {
        mti: '0100',
        stan: '100001',
        transmittedAt: '2026-11-15T10:15:00Z',
        acquirerId: '412345',
        forwarderId: '400001',
      },
    });
    expect(partialReversal).toMatchObject({
      messageFunction: 'ADVICE',
      standIn: false,
      replacement: {
        transaction: { minorUnits: '6000', currency: 'USD' },
        settlement: { minorUnits: '4747', currency: 'GBP' },
      },
    });
    expect(partial).toMatchObject({
      responseCode: '10',
      amounts: {
        transaction: { minorUnits: '5000', currency: 'GBP' },
        requested: { minorUnits: '8000', currency: 'GBP' },
      },
      additionalAmounts: [
        {
          type: '57',
          direction: 'DEBIT',
          amount: { minorUnits: '8000', currency: 'GBP' },
          accountType: '00',
        },
      ],
    });
    expect(jpy).toMatchObject({
      amounts: { transaction: { minorUnits: '12345', currency: 'JPY' } },
      rates: { billing: { digits: '5300122', scale: 9 } },
    });
    expect(kwd?.amounts.transaction).toEqual({ minorUnits: '12345', currency: 'KWD' });
    expect(cashback).toMatchObject({
      messageClass: 'FINANCIAL',
      additionalAmounts: [{ type: '40', amount: { minorUnits: '2000', currency: 'GBP' } }],
    });
    expect(advice).toMatchObject({ messageFunction: 'ADVICE', standIn: true, approvalCode: 'S20005' });
  });

  it('leave no card number, track, chip data or expiry date in any row', async () => {
    const text = JSON.stringify(await readAuthorizations(lines, readingPorts()));
    for (const cardNumber of sampleCardNumbers) expect(text).not.toContain(cardNumber);
    // DE35, the beginning and the cryptogram of DE55, DE14.
    for (const secret of ['D2912', '9F26', '1122334455667788', '"2912"']) expect(text).not.toContain(secret);
    const values = text.match(/"[^"]*"/g) ?? [];
    const suspicious = values
      .flatMap((value) => value.match(/\d{13,19}/g) ?? [])
      .filter((digits) => passesLuhn(digits));
    expect(suspicious).toEqual([]);
  });
});

describe('identities', () => {
  it('are the content of the line: the same whatever the vault says, and for hex in either case', async () => {
    const [line = ''] = lines;
    const other = new LastDigitsVault();
    other.tokensFor = async (numbers) => new Map(numbers.map((number) => [number, '9123456789011111']));
    const { request, response, ...rest } = JSON.parse(line) as Record<string, string>;
    const lowerCase = { ...rest, request: request?.toLowerCase(), response: response?.toLowerCase() };
    const first = await readOne(line);
    const second = await readOne(line, readingPorts(other));
    const third = await readOne(JSON.stringify(lowerCase));
    expect(second.transactionId).toBe(first.transactionId);
    expect(third.transactionId).toBe(first.transactionId);
  });

  it('differ for another moment of logging, and ignore what must not be kept', async () => {
    const plain = await approved({});
    const later = await approved({ line: { loggedAt: '2026-11-15T10:15:09Z' } });
    const withTrack = await approved({
      request: { 35: `${visaCard}D2912`, 52: '0123456789ABCDEF', 48: 'x' },
    });
    expect(later.transactionId).not.toBe(plain.transactionId);
    expect(withTrack).toEqual(plain);
  });

  it('tell cards apart by their last four digits', async () => {
    const other = { 2: mastercardCard };
    const [first, second] = [await approved({}), await approved({ request: other, response: other })];
    expect(second.transactionId).not.toBe(first.transactionId);
  });

  it('share the dedup key with a repeat and with another amount, not with a reversal or another card', async () => {
    const keyOf = async (difference: Parameters<typeof approved>[0]) => (await approved(difference)).dedupKey;
    const key = await keyOf({});
    const amount = { 4: '000000009999' };
    const later = { loggedAt: '2026-11-15T10:16:00Z' };
    expect(await keyOf({ mti: ['0101', '0110'], line: later })).toBe(key);
    expect(await keyOf({ request: amount, response: amount })).toBe(key);
    const others = await Promise.all([
      keyOf({ mti: ['0400', '0410'] }),
      keyOf({ request: { 2: mastercardCard }, response: { 2: mastercardCard } }),
      keyOf({ line: { scheme: 'DISCOVER' } }),
      keyOf({ request: { 7: '1116101500' }, response: { 7: '1116101500' } }),
      keyOf({ request: { 11: '100002' }, response: { 11: '100002' } }),
      keyOf({ request: { 32: '412346' } }),
      keyOf({ request: { 37: '631910100002' } }),
    ]);
    expect(new Set([key, ...others]).size).toBe(8);
  });
});

describe('a line that cannot be read', () => {
  it.each([
    ['no JSON', `${visaCard} is no JSON`, 'NOT_JSON', 'the line is not JSON'],
    ['another form', '{}', 'INVALID_INPUT_LINE', 'the record lacks scheme'],
    [
      'an unknown profile',
      lineWith({ line: { wireProfile: 'Z' as 'A' } }),
      'INVALID_INPUT_LINE',
      'wireProfile',
    ],
    [
      'a moment that is none',
      lineWith({ line: { loggedAt: '2026-02-30T00:00:00Z' } }),
      'INVALID_INPUT_LINE',
      'loggedAt',
    ],
    [
      'hex cut short',
      lineWith({ line: { request: '30313030' } }),
      'CUT_SHORT',
      'the request: BITMAP at byte 4',
    ],
    ['a response of another class', lineWith({ mti: ['0100', '0210'] }), 'PAIR_MISMATCH', 'the message type'],
    ['another trace number', lineWith({ response: { 11: '100002' } }), 'PAIR_MISMATCH', 'DE11'],
    ['another transmission time', lineWith({ response: { 7: undefined } }), 'PAIR_MISMATCH', 'DE7'],
    ['another card', lineWith({ response: { 2: mastercardCard } }), 'PAIR_MISMATCH', 'DE2'],
    ['a network message', lineWith({ mti: ['0800', '0810'] }), 'UNSUPPORTED_MESSAGE', '0800'],
    [
      'no card',
      lineWith({ request: { 2: undefined }, response: { 2: undefined } }),
      'MISSING_ELEMENT',
      'DE2',
    ],
    ['no verdict', lineWith({ response: { 39: undefined } }), 'MISSING_ELEMENT', 'DE39'],
    [
      'no amount',
      lineWith({ request: { 4: undefined }, response: { 4: undefined } }),
      'MISSING_ELEMENT',
      'DE4',
    ],
    ['a currency that is none', lineWith({ response: { 49: '001' } }), 'UNKNOWN_CURRENCY', 'DE49'],
    ['a date that is none', lineWith({ request: { 13: '0230' } }), 'INVALID_ELEMENT', 'DE13'],
    [
      'a changed amount without its billed amount',
      lineWith({ request: { 6: '000000002599', 51: '826' }, response: { 4: '000000001000' } }),
      'AMBIGUOUS_AMOUNT',
      'DE6',
    ],
    [
      'a card number among the additional amounts',
      lineWith({ request: { 54: `0040826D${visaCard}` } }),
      'INVALID_ELEMENT',
      'DE54',
    ],
    [
      'a card number as the name of a place',
      lineWith({ request: { 43: `CARD ${mastercardCard}`.padEnd(38).concat('GB') } }),
      'PAN_IN_FREE_TEXT',
      'DE43',
    ],
    [
      'its own card number in disguise',
      lineWith({ request: { 43: `ID ${visaCard.match(/..../g)?.join('.')}`.padEnd(38).concat('GB') } }),
      'PAN_IN_FREE_TEXT',
      'DE43',
    ],
    [
      'a control character in its text',
      lineWith({ request: { 43: '\u0007'.padEnd(38, 'X').concat('GB') } }),
      'CONTRACT',
      'merchant',
    ],
  ])('with %s is reported and keeps nothing of the content', async (_, text, reason, part) => {
    const row = await readOne(text);
    expect(row).toEqual({
      outcome: 'UNREADABLE',
      transactionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      reason,
      explanation: expect.stringContaining(part),
    });
    expect(JSON.stringify(row)).not.toMatch(new RegExp(`${visaCard}|${mastercardCard}`));
  });

  it('does not take its neighbours along', async () => {
    const rows = await readAuthorizations(sampleLines('bad-lines.jsonl'), readingPorts());
    expect(rows.map((row) => (row.outcome === 'UNREADABLE' ? row.reason : row.outcome))).toEqual([
      'APPROVED',
      'NOT_JSON',
      'CUT_SHORT',
      'INVALID_INPUT_LINE',
      'PAN_IN_FREE_TEXT',
      'APPROVED',
    ]);
  });

  it('with a card number for a member name is explained without it', async () => {
    const row = await readOne(lineWith({ line: { [visaCard]: 1 } as object }));
    expect(row).toMatchObject({ outcome: 'UNREADABLE', explanation: expect.stringContaining('****') });
  });
});
