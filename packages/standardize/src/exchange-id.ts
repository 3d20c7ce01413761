/** Twenty-six letters hold 128 bits in 28 places. */
const LETTERS = 26n;
const LETTER_A = 65;
const EXCHANGE_ID_LENGTH = 28;

/**
 * A transaction's id as `Hdr/XchgId`, which holds 35 characters: one less than a UUID has. It is in letters alone,
 * because thirty-two hex digits hold a run of decimal ones that passes for a card number once in some six hundred.
 *
 * @param transactionId a UUID
 */
export function exchangeIdOf(transactionId: string): string {
  let rest = BigInt(`0x${transactionId.replaceAll('-', '')}`);
  let letters = '';
  while (letters.length < EXCHANGE_ID_LENGTH) {
    letters = String.fromCharCode(LETTER_A + Number(rest % LETTERS)) + letters;
    rest /= LETTERS;
  }
  return letters;
}
