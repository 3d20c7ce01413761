import type { Find } from './find.ts';

/** Three or four digits that a name before them calls the code printed on a card. */
const SECURITY_CODE =
  /(?<![A-Za-z])(?:cvv2?|cvc2?|cvn2?|csc|cav2|card[_ -]?(?:verification|security)[_ -]?(?:value|code|number)|security[_ -]?code)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?(\d{3,4})(?!\d)/gi;
/** Eight bytes in hexadecimal that a name before them calls a PIN block (ISO 9564). */
const PIN_BLOCK = /pin[_ -]?block\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?([0-9a-f]{16})(?![0-9a-f])/gi;

/** Security codes and PIN blocks in a text: digits that nothing but their name gives away. */
export function securityCodesIn(text: string): Find[] {
  return [
    ...[...text.matchAll(SECURITY_CODE)].map(
      (match): Find => ({
        kind: 'security code',
        at: match.index,
        length: match[0].length,
        digits: match[1] ?? '',
      }),
    ),
    ...[...text.matchAll(PIN_BLOCK)].map(
      (match): Find => ({
        kind: 'PIN block',
        at: match.index,
        length: match[0].length,
        digits: match[1] ?? '',
      }),
    ),
  ];
}
