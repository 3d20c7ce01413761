/** ISO 13616: country, check digits, and the account as its country writes it. */
const IBAN = /^([A-Z]{2})(\d{2})([A-Z0-9]{11,30})$/;
const MODULUS = 97n;
/** What the check digits are taken from; 0, 1 and 99 would give the same remainders as 97, 98 and 2. */
const CHECK_MINUEND = 98n;

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
  const digits = [...`${account}${country}00`].map((each) => Number.parseInt(each, 36)).join('');
  return String(CHECK_MINUEND - (BigInt(digits) % MODULUS)).padStart(2, '0');
}
