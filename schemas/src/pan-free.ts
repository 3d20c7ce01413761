/** A run of digits, with single blanks or dashes between them, long enough for a card number. */
const DIGIT_RUN = /\d(?:[ -]?\d){12,}/g;
/**
 * A UUID is never a card number, although one in some four hundred has digits, over a dash, that pass Luhn;
 * explanations name sequences and transactions by theirs.
 */
const UUID = /(\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)/i;
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
 * Says whether a text holds nothing that looks like a card number: 13 to 19 digits that pass Luhn, together or
 * in groups with single blanks or dashes between them. The JSON Schema format `pan-free` is this function.
 */
export function isPanFree(text: string): boolean {
  if (!hasDigits(text, PAN_DIGITS_MIN) || text.search(DIGIT_RUN) === -1) return true;
  for (const [index, part] of text.split(UUID).entries()) {
    if (isUuid(index)) continue;
    for (const [run] of part.matchAll(DIGIT_RUN)) if (holdsPan(run)) return false;
  }
  return true;
}

/** Says whether a text has so many digits at all: most have not, and this is said faster than any pattern can. */
function hasDigits(text: string, least: number): boolean {
  let digits = 0;
  for (let index = 0; index < text.length; index += 1) {
    const value = text.charCodeAt(index) - DIGIT_ZERO;
    if (value >= 0 && value <= 9) digits += 1;
  }
  return digits >= least;
}

/** Gives the text with every run of digits that holds what looks like a card number replaced by `*`. */
export function withoutPans(text: string): string {
  return text
    .split(UUID)
    .map((part, index) =>
      isUuid(index) ? part : part.replace(DIGIT_RUN, (run) => (holdsPan(run) ? '*'.repeat(run.length) : run)),
    )
    .join('');
}

/** Split at a pattern that captures, a text alternates: what lies between, a match, what lies between. */
function isUuid(index: number): boolean {
  return index % 2 === 1;
}

/**
 * Looks at every sequence of whole groups, because a number that stands beside a card number must not hide it:
 * `ORDER 10 4111 1111 1111 1111`. It does not look inside a group: a token holds shorter digits that pass Luhn
 * by chance.
 */
function holdsPan(run: string): boolean {
  const groups = run.split(/[ -]/);
  for (let first = 0; first < groups.length; first += 1) {
    let digits = '';
    // Every group has a digit, so no more groups than these can matter.
    for (const group of groups.slice(first, first + PAN_DIGITS_MAX)) {
      digits += group;
      const { length } = digits;
      if (length >= PAN_DIGITS_MIN && length <= PAN_DIGITS_MAX && passesLuhn(digits)) return true;
    }
  }
  return false;
}
