/** ISO 13616: country, check digits, and the account as its country writes it. */
const IBAN = /^([A-Z]{2})(\d{2})([A-Z0-9]{11,30})$/;
const MODULUS = 97;
/** What the check digits are taken from; 0, 1 and 99 would give the same remainders as 97, 98 and 2. */
const CHECK_MINUEND = 98;
const LETTER_A = 65;
const VALUE_OF_A = 10;
const DIGIT_ZERO = 48;

/**
 * Says whether a text is an IBAN with right check digits (ISO 13616 with ISO/IEC 7064 MOD 97-10), without blanks. The
 * JSON Schema format `iban` is this function. How long an account is in its country is not looked at.
 */
export function isIban(text: string): boolean {
  const [, country = '', checkDigits, account = ''] = IBAN.exec(text) ?? [];
  return checkDigits !== undefined && checkDigits === checkDigitsOf(country, account);
}

/**
 * The IBAN of an account.
 *
 * @param country ISO 3166 alpha-2
 * @param account the basic bank account number, capital letters and digits
 */
export function ibanOf(country: string, account: string): string {
  return `${country}${checkDigitsOf(country, account)}${account}`;
}

/** With country and check digits behind the account and letters as numbers from 10, the whole is one modulo 97. */
function checkDigitsOf(country: string, account: string): string {
  const remainder = remainderOf('00', remainderOf(country, remainderOf(account, 0)));
  return String(CHECK_MINUEND - remainder).padStart(2, '0');
}

/** The remainder of a number with further digits behind it; every event with an account asks, so without big numbers. */
function remainderOf(text: string, before: number): number {
  let remainder = before;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isLetter = code >= LETTER_A;
    const value = isLetter ? code - LETTER_A + VALUE_OF_A : code - DIGIT_ZERO;
    remainder = (remainder * (isLetter ? 100 : 10) + value) % MODULUS;
  }
  return remainder;
}
