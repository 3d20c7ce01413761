/** A run of digits, with single blanks or dashes between them, long enough for a card number. */
const DIGIT_RUN = /\d(?:[ -]?\d){12,}/g;
const PAN_DIGITS_MIN = 13;
const PAN_DIGITS_MAX = 19;
const DIGIT_ZERO = 48;

/**
 * Says whether digits satisfy the Luhn check (ISO/IEC 7812-1, annex B).
 *
 * @param digits ASCII digits only
 */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  let double = false;
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    let digit = digits.charCodeAt(index) - DIGIT_ZERO;
    if (double) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
    double = !double;
  }
  return sum % 10 === 0;
}

/**
 * Says whether a text holds nothing that looks like a card number: 13 to 19 digits that pass Luhn.
 * The JSON Schema format `pan-free` is this function.
 */
export function isPanFree(text: string): boolean {
  for (const [run] of text.matchAll(DIGIT_RUN)) {
    const digits = run.replace(/[ -]/g, '');
    if (digits.length >= PAN_DIGITS_MIN && digits.length <= PAN_DIGITS_MAX && passesLuhn(digits))
      return false;
  }
  return true;
}

/** Gives the text with everything that looks like a card number replaced by `*`. */
export function withoutPans(text: string): string {
  return text.replace(DIGIT_RUN, (run) => (isPanFree(run) ? run : '*'.repeat(run.length)));
}
