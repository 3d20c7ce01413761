/** Twenty-six letters hold 128 bits in 28 places. */
const LETTERS = 26n;
const LETTER_A = 65;
const REFERENCE_LENGTH = 28;

/**
 * A UUID in letters alone, always 28 of them. ISO 20022 references hold 35 characters: one less than a UUID with its
 * dashes, and too few for one without them and a place in a sequence behind it. Letters, because a long run of hex
 * digits may be one of decimal digits, and then passes for a card number one time in ten.
 *
 * @param uuid with or without dashes
 */
export function letterReferenceOf(uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let letters = '';
  while (letters.length < REFERENCE_LENGTH) {
    letters = String.fromCharCode(LETTER_A + Number(rest % LETTERS)) + letters;
    rest /= LETTERS;
  }
  return letters;
}
