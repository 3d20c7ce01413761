import { validationError } from './dynamodb-error.ts';

/** DynamoDB numbers: 38 significant digits, magnitudes from 1E-130 to 9.99…E+125 (HowItWorks.NamingRulesDataTypes). */
const SIGNIFICANT_DIGITS_MAX = 38;
const EXPONENT_MAX = 126;
const EXPONENT_MIN = -129;

/** Decimal texts of at most this many characters keep their order and identity as IEEE doubles. */
const EXACT_AS_DOUBLE_LENGTH = 15;

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

/** A number taken apart: 0.`digits` times ten to the power of `exponent`. Zero has no digits. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/**
 * The one way in which DynamoDB writes a number: no exponent, no needless zero.
 *
 * @throws AwsError ValidationException when the text is no number or too large, small or precise
 */
export function canonicalNumber(text: string): string {
  return isPlainInteger(text) ? text : write(parse(text));
}

/** The usual case, recognized without taking the number apart. */
function isPlainInteger(text: string): boolean {
  const length = text.length;
  if (length === 0 || length > EXACT_AS_DOUBLE_LENGTH) return false;
  const first = text.charCodeAt(0);
  if (first === 48) return length === 1;
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function parse(text: string): Decimal {
  const match = NUMBER.exec(text.trim());
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (match === null || whole.length + fraction.length === 0) {
    const shown = text === '' ? '' : `: ${text}`;
    throw validationError(`The parameter cannot be converted to a numeric value${shown}`);
  }
  const all = whole + fraction;
  const leadingZeros = all.length - all.replace(/^0+/, '').length;
  const digits = all.slice(leadingZeros).replace(/0+$/, '');
  if (digits === '') return { negative: false, digits, exponent: 0 };
  const exponent = whole.length - leadingZeros + Number(match[4] ?? 0);
  if (exponent > EXPONENT_MAX) {
    throw validationError(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    );
  }
  if (exponent < EXPONENT_MIN) {
    throw validationError(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  }
  if (digits.length > SIGNIFICANT_DIGITS_MAX) {
    throw validationError('Attempting to store more than 38 significant digits in a Number');
  }
  return { negative: match[1] === '-', digits, exponent };
}

function write({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return sign + digits + '0'.repeat(exponent - digits.length);
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

/** Compares two numbers as `canonicalNumber` writes them: negative, 0 or positive. */
export function compareNumbers(left: string, right: string): number {
  if (left === right) return 0;
  if (left.length <= EXACT_AS_DOUBLE_LENGTH && right.length <= EXACT_AS_DOUBLE_LENGTH) {
    return Number(left) - Number(right);
  }
  const leftNegative = left.startsWith('-');
  if (leftNegative !== right.startsWith('-')) return leftNegative ? -1 : 1;
  return leftNegative ? -compareMagnitudes(left.slice(1), right.slice(1)) : compareMagnitudes(left, right);
}

function compareMagnitudes(left: string, right: string): number {
  const leftPoint = pointOf(left);
  const rightPoint = pointOf(right);
  if (leftPoint !== rightPoint) return leftPoint - rightPoint;
  return left < right ? -1 : left > right ? 1 : 0;
}

function pointOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? text.length : point;
}

/**
 * Adds two canonical numbers exactly.
 *
 * @throws AwsError ValidationException when the sum needs more than 38 digits or is out of range
 */
export function addNumbers(left: string, right: string): string {
  if (left.length <= EXACT_AS_DOUBLE_LENGTH && right.length <= EXACT_AS_DOUBLE_LENGTH) {
    const sum = Number(left) + Number(right);
    if (Number.isSafeInteger(sum) && !left.includes('.') && !right.includes('.')) return String(sum);
  }
  const scale = Math.max(scaleOf(left), scaleOf(right));
  const sum = scaled(left, scale) + scaled(right, scale);
  return write(parse(`${sum}e-${scale}`));
}

/** Subtracts exactly; see `addNumbers`. */
export function subtractNumbers(left: string, right: string): string {
  return addNumbers(left, negate(right));
}

function negate(text: string): string {
  if (text === '0') return text;
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}

function scaleOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

function scaled(text: string, scale: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(scale - scaleOf(text)));
}

/** How many bytes DynamoDB counts for a canonical number: one for two digits, and one (CapacityUnitCalculations). */
export function numberSize(text: string): number {
  let digits = 0;
  let zeros = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 48) zeros += digits > 0 ? 1 : 0;
    else if (code > 48) {
      digits += zeros + 1;
      zeros = 0;
    }
  }
  return ((digits + 1) >> 1) + 1 + (text.charCodeAt(0) === 45 ? 1 : 0);
}

/**
 * Bytes that sort as the number does: the exponent in base 100, then two decimal digits a byte, complemented
 * for negative numbers. Also what the number is hashed by to find its scan segment.
 */
export function sortableNumber(text: string): Uint8Array {
  const { negative, digits, exponent } = parse(text);
  if (digits === '') return Uint8Array.of(0x80);
  const odd = exponent % 2 !== 0;
  let pairs = odd ? `0${digits}` : digits;
  if (pairs.length % 2 !== 0) pairs += '0';
  const first = 0x80 + 64 + (exponent + (odd ? 1 : 0)) / 2;
  const bytes = [negative ? 0xff - first : first];
  for (let index = 0; index < pairs.length; index += 2) {
    const pair = Number(pairs.slice(index, index + 2));
    bytes.push(negative ? 101 - pair : pair + 1);
  }
  if (negative && bytes.length <= 20) bytes.push(102);
  return Uint8Array.from(bytes);
}
