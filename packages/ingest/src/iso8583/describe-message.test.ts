import { describe, expect, it } from '@jest/globals';
import { mastercardCard, sampleLines, visaCard } from '../reading.fixture.ts';
import { describeMessage } from './describe-message.ts';
import { encodeMessage } from './encode-message.ts';
import { inspectMessage } from './inspect-message.ts';

type Elements = Readonly<Record<number, string>>;

function described(mti: string, elements: Elements, profile: 'A' | 'B' | 'C' = 'A') {
  const map = new Map(Object.entries(elements).map(([number, value]) => [Number(number), value]));
  return describeMessage(inspectMessage(encodeMessage({ mti, elements: map }, profile), profile));
}

function elementOf(mti: string, elements: Elements, number: number) {
  const found = described(mti, { 2: visaCard, ...elements }).elements.find((each) => each.number === number);
  if (found === undefined) throw new Error(`the message lacks DE${number}`);
  return found;
}

describe('the meaning of an element', () => {
  it.each([
    [
      '0100',
      { 3: '092030' },
      3,
      [
        'transaction type 09 goods and services with cashback',
        'from 20 current account',
        'to 30 credit account',
      ],
    ],
    ['0100', { 4: '000000002599', 49: '826' }, 4, ['25.99 GBP, 2 decimals']],
    ['0100', { 4: '000000012345', 49: '392' }, 4, ['12345 JPY, 0 decimals']],
    ['0100', { 6: '000000000007', 51: '414' }, 6, ['0.007 KWD, 3 decimals']],
    ['0100', { 4: '000000002599', 49: '001' }, 4, ['2599 minor units of currency 001']],
    ['0100', { 4: '000000002599' }, 4, ['2599 minor units of a currency that is not said']],
    ['2100', { 4: '8262000000002599' }, 4, ['25.99 GBP, 2 decimals']],
    ['0100', { 10: '95300122' }, 10, ['rate 0.005300122']],
    ['0100', { 10: '00000000' }, 10, ['no conversion']],
    ['0100', { 22: '071' }, 22, ['card read: 07 contactless chip', 'PIN can be entered']],
    ['0100', { 8: '00000125', 49: '826', 51: '978' }, 8, ['1.25 EUR, 2 decimals']],
    ['0100', { 8: '00000125', 49: '826' }, 8, ['1.25 GBP, 2 decimals']],
    ['2100', { 8: '978200000125' }, 8, ['1.25 EUR, 2 decimals']],
    ['0100', { 28: 'D00000250', 49: '978' }, 28, ['debit of 2.50 EUR, 2 decimals']],
    ['0110', { 39: '51' }, 39, ['51 not sufficient funds']],
    ['1110', { 39: '116' }, 39, ['116 not sufficient funds']],
    ['2110', { 39: '0002' }, 39, ['0002 approved for a part of the amount']],
    ['0110', { 39: 'ZZ' }, 39, ['ZZ (a code of the network)']],
    [
      '0200',
      { 54: '0040826D0000000020002002826C000000100000' },
      54,
      [
        '40 cashback, 00 default account, debit: 20.00 GBP, 2 decimals',
        '02 available balance, 20 current account, credit: 1000.00 GBP, 2 decimals, a balance or limit: not carried',
      ],
    ],
    [
      '2200',
      { 54: '0040D8262000000002000' },
      54,
      ['40 cashback, 00 default account, debit: 20.00 GBP, 2 decimals'],
    ],
    [
      '0420',
      { 90: '010010000211151015000000041234500000400001' },
      90,
      [
        'message 0100',
        'trace number 100002',
        'transmitted 11-15 10:15:00 UTC',
        'acquirer 412345',
        'forwarder 400001',
      ],
    ],
    [
      '1420',
      { 56: '110010000226111510150006412345' },
      56,
      ['message 1100', 'trace number 100002', 'local 26-11-15 10:15:00', 'acquirer 412345'],
    ],
    [
      '2420',
      { 56: '210000000010000220261115101500412345' },
      56,
      ['message 2100', 'trace number 000000100002', 'local 2026-11-15 10:15:00', 'acquirer 412345'],
    ],
    [
      '0420',
      { 49: '840', 51: '826', 95: '000000006000000000004747C00000000C00000000' },
      95,
      [
        'transaction amount that stays: 60.00 USD, 2 decimals',
        'settlement amount that stays: 47.47 GBP, 2 decimals',
        'transaction fee that stays: C00000000',
        'settlement fee that stays: C00000000',
      ],
    ],
    [
      '1420',
      { 30: `000000002599${'0'.repeat(12)}`, 49: '826', 50: '826' },
      30,
      [
        'original transaction amount: 25.99 GBP, 2 decimals',
        'original reconciliation amount: 0.00 GBP, 2 decimals',
      ],
    ],
    [
      '2100',
      { 21: '1ABC1234560704  010000' },
      21,
      ['support 1', 'trace identifier ABC1234560704', 'sequence number 01'],
    ],
    [
      '0100',
      { 43: 'CORNER FOODS             LONDON       GB' },
      43,
      ['name CORNER FOODS', 'city LONDON', 'country GB'],
    ],
  ] as const)('%s %j', (mti, elements, number, meaning) => {
    expect(elementOf(mti, elements, number).meaning).toEqual(meaning);
  });
});

describe('what is shown', () => {
  it('is the last four digits of a card number, and lengths of what must not be kept', () => {
    const { elements } = described('0100', {
      2: visaCard,
      14: '2912',
      35: `${visaCard}=29122010000000000`,
      48: 'a private element',
      52: '0123456789ABCDEF',
      55: '9F2608',
      102: 'ACCOUNT-00012345',
    });
    expect(elements.map(({ number, shown, pci }) => [number, shown, pci])).toEqual([
      [2, `************${visaCard.slice(-4)}`, 'TOKENIZE'],
      [14, '[4 characters, protected]', 'PROTECT'],
      [35, '[34 characters, never kept]', 'NEVER_STORE'],
      [48, '[17 characters, never kept]', 'NEVER_STORE'],
      [52, '[8 bytes, never kept]', 'NEVER_STORE'],
      [55, '[3 bytes, never kept]', 'NEVER_STORE'],
      [102, '************2345', 'NONE'],
    ]);
  });

  it('is the verification data of 2003, which stands where a currency did, by its length', () => {
    expect(elementOf('2100', { 49: '80000000000000001234' }, 49)).toMatchObject({
      shown: '[10 bytes, never kept]',
      pci: 'NEVER_STORE',
      meaning: [],
    });
  });

  it.each([
    ['its own card number with dots', visaCard.match(/..../g)?.join('.') ?? ''],
    ['its own card number as hex', Buffer.from(visaCard).toString('hex')],
    ['another card number', mastercardCard.match(/..../g)?.join(' ') ?? ''],
  ])('is no text that holds %s', (_, text) => {
    const { shown, meaning } = elementOf('0100', { 104: text }, 104);
    expect(shown).toBe(`[${text.length} characters, holds what looks like a card number]`);
    expect(meaning).toEqual([]);
  });

  it('holds no character that a terminal would act on', () => {
    expect(elementOf('0100', { 104: '\u001b[2J' }, 104).shown).toBe('\\x1b[2J');
  });

  it('names the cain path below the root of the message, and none for what is not carried', () => {
    const cainOf = (mti: string, number: number) =>
      elementOf(mti, { 4: '000000002599', 35: '1' }, number).cain;
    expect(cainOf('0100', 4)).toEqual(['AuthstnInitn/TxAmts/Amt']);
    expect(cainOf('0220', 4)).toEqual(['FinInitn/TxAmts/Amt']);
    expect(cainOf('0420', 4)).toEqual(['RvslInitn/TxAmts/Amt']);
    expect(cainOf('0800', 4)).toEqual([]);
    expect(cainOf('0100', 35)).toEqual([]);
  });
});

describe('a message that breaks', () => {
  const [line = ''] = sampleLines('authorizations.jsonl');
  const { request } = JSON.parse(line) as { request: string };
  const faultOf = (hex: string) => describeMessage(inspectMessage(hex, 'B'));

  it('says at which byte of which element, with what was decoded before it', () => {
    // MTI 2, bitmap 8, DE2 9, DE3 3, and then 2 of the 6 bytes of DE4.
    const { fault, elements } = faultOf(request.slice(0, 24 * 2));
    expect(fault).toEqual({
      code: 'CUT_SHORT',
      part: 'DE4',
      name: 'amount, transaction',
      byteOffset: 24,
      byteOfPart: 2,
      explanation: 'the message ends before the part does',
    });
    expect(elements.map(({ number, byteOffset }) => [number, byteOffset])).toEqual([
      [2, 10],
      [3, 19],
    ]);
  });

  it('says where a digit is none, and where hex ends', () => {
    const badDigit = `${request.slice(0, 46)}FF${request.slice(48)}`;
    expect(faultOf(badDigit).fault).toMatchObject({
      code: 'BAD_DIGIT',
      part: 'DE4',
      byteOffset: 23,
      byteOfPart: 1,
    });
    const badHex = `${request.slice(0, 46)}xy${request.slice(48)}`;
    expect(faultOf(badHex).fault).toMatchObject({
      code: 'BAD_HEX',
      part: 'DE4',
      byteOffset: 23,
      byteOfPart: 1,
    });
    expect(faultOf(request.slice(0, 47)).fault).toMatchObject({
      code: 'ODD_HEX',
      part: 'DE4',
      byteOffset: 23,
    });
    expect(faultOf(`${request}00`).fault).toMatchObject({ code: 'TRAILING_BYTES', part: 'MESSAGE' });
    expect(faultOf('3100').fault).toMatchObject({ code: 'UNSUPPORTED_VERSION', part: 'MTI', byteOffset: 0 });
  });

  it('shows no value when no card number stands where one belongs: what follows may be its digits', () => {
    // Without bit 2, the card number is read as the processing code and the amount.
    const withoutBit = `${request.slice(0, 4)}32${request.slice(6)}`;
    const { hidden, elements } = faultOf(withoutBit);
    expect(hidden).toBeDefined();
    expect(elements.length).toBeGreaterThan(0);
    for (const { shown, meaning } of elements) {
      expect(shown).toMatch(/^\[\d+ (characters|bytes), (not shown|protected|never kept)\]$/);
      expect(meaning).toEqual([]);
    }
  });
});
