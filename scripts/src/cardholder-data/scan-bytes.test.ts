import { describe, expect, it } from '@jest/globals';
import { maskedFind } from './find.ts';
import { scanBytes } from './scan-bytes.ts';

const VISA = '4111111111111111';

function told(text: string): string[] {
  return scanBytes(Buffer.from(text)).map(({ find, offset, encodings }) =>
    `${find.kind} ${maskedFind(find)} ${offset} ${encodings.join(' > ')}`.trimEnd(),
  );
}

describe('a scan', () => {
  it('tells the place and the way it is wrapped, masked', () => {
    expect(told(`id 12 ${VISA}`)).toEqual(['card number 411111••••••1111 6']);
    expect(told(`{"b":"${Buffer.from(`pan=${VISA}`).toString('base64')}"}`)).toEqual([
      'card number 411111••••••1111 6 base64',
    ]);
  });

  it('finds a number beside other digits', () => {
    expect(told('ORDER 10 4111 1111 1111 1111 2 items')).toEqual(['card number 411111••••••1111 9']);
  });

  it('tells track data once, and not also its number', () => {
    expect(told(`;${VISA}=27121011000000000000?`)).toEqual(['track data 411111••••••1111 1']);
    expect(told(`${VISA}D2712101100`)).toEqual(['track data 411111••••••1111 0']);
    expect(told(`%B${VISA}^MORGAN/ALEX^2712101110000?`)).toEqual(['track data 411111••••••1111 1']);
  });

  it.each([
    '"cvv":"123"',
    "cvv2='1234'",
    'CVC: 123',
    '"cardSecurityCode": 123',
    '{\\"cvv2\\":\\"123\\"}',
    'csc=999',
  ])('finds a security code by its name in text %#', (text) => {
    expect(told(text)).toEqual([expect.stringMatching(/^security code •{3,4} \d+$/)]);
  });

  it('counts digits of pages only between signs, since an id that is cut shows no longer that it is one', () => {
    const inPages = (text: string): number => scanBytes(Buffer.from(text, 'latin1'), 'pages').length;
    expect(inPages('"traceparent":"00-6632188962595f8a9\u0003\b')).toBe(0);
    expect(inPages(`\u0003${VISA}"`)).toBe(0);
    // The last byte of a page number, over what was text before.
    expect(inPages(`\u0000\u0000\u0006*${VISA}","CardSeqNb":"001"`)).toBe(0);
    expect(inPages('"S":"39304672-6135-5366-acec-ca1db275.\u0003')).toBe(0);
    expect(inPages('"dedupKey":"2af56313c40229644223156812a6c55N\u0003')).toBe(0);
    expect(inPages(`{"card":"${VISA}","x":1}`)).toBe(1);
    expect(inPages(`card 4111-1111-1111-1111, the second`)).toBe(1);
  });

  it('finds a PIN block by its name', () => {
    expect(told('{"pinBlock":"0412AC89ABCDEF67"}')).toEqual(['PIN block •••••••••••••••• 2']);
  });

  it.each([
    ['digits that fail Luhn', '4111111111111112'],
    ['digits that no issuer begins a number with', '1000000000000008'],
    ['an IBAN', 'GB87PYMT40120731926847 DE89370400440532013000 DE89 3704 0044 0532 0130 00'],
    ['a time', '2026-11-15 10:15:00 20261115101500 2026-11-15T10:15:00.123456789Z'],
    ['a fraction', '0.4111111111111111 and -12.4111111111111111'],
    ['a UUID whose digits would do', '41111111-1111-1111-8111-111111111111'],
    ['a trace parent', '00-dab07606a52ffbada80b5b3cd00ab123-502379744723553c-01'],
    ['a UUID that other text stands beside', 'E\u000530c1bcd1-321a-4046-8992-83484a8c85a9HqH/JA'],
    [
      'a hash that other text stands beside',
      'd0643a1f3f5afbadd63aa4a71a18d391b6675019542204517e62d7ce59505268xF',
    ],
    ['letters that read as a message', '"XchgId":"AVJQISNRRRQWJRNJIYAUYQCPWPPQ"'],
    ['a hash that holds the digits', `a${VISA}${'b'.repeat(47)}`],
    ['names of codes without a code', 'cvv checked, csc="off", "cvv":null, pinBlock=none'],
    ['more digits than a card has', `9${VISA}999`],
  ])('says nothing of %s', (_what, text) => {
    expect(told(text)).toEqual([]);
  });
});
