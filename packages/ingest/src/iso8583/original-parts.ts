import type { Iso8583Version } from './versions.ts';

/** What a message says of the one that it follows: DE90 of 1987, DE56 of 1993 and 2003. */
export interface OriginalParts {
  readonly mti: string;
  readonly stan: string;
  /** `MMDDhhmmss` in UTC; 1987 alone says it. */
  readonly transmitted: string | undefined;
  /** The local time at the acceptor with its year, `YYMMDDhhmmss` or `YYYYMMDDhhmmss`; 1993 and 2003 say it. */
  readonly local: string | undefined;
  /** Without the zeros that fill it up on the left; undefined when it is not said. */
  readonly acquirerId: string | undefined;
  readonly forwarderId: string | undefined;
}

/** Message type, trace number, transmission time, acquirer, forwarder. */
const ORIGINAL_1987 = /^(\d{4})(\d{6})(\d{10})(\d{11})(\d{11})$/;
/** Message type, trace number, local date and time, acquirer. */
const ORIGINAL_1993 = /^(\d{4})(\d{6})(\d{12})(\d{0,13})$/;
const ORIGINAL_2003 = /^(\d{4})(\d{12})(\d{14})(\d{0,11})$/;
const LENGTH_DIGITS = 2;

/** @returns undefined for a value of another form */
export function originalParts(version: Iso8583Version, value: string): OriginalParts | undefined {
  if (version === '1987') {
    const match = ORIGINAL_1987.exec(value);
    if (match === null) return undefined;
    const [, mti = '', stan = '', transmitted, acquirer = '', forwarder = ''] = match;
    const institutions = { acquirerId: institutionOf(acquirer), forwarderId: institutionOf(forwarder) };
    return { mti, stan, transmitted, local: undefined, ...institutions };
  }
  const match = (version === '1993' ? ORIGINAL_1993 : ORIGINAL_2003).exec(value);
  if (match === null) return undefined;
  const [, mti = '', stan = '', local, rest = ''] = match;
  const acquirer = version === '1993' ? withoutLength(rest) : rest;
  return {
    mti,
    stan,
    transmitted: undefined,
    local,
    acquirerId: institutionOf(acquirer),
    forwarderId: undefined,
  };
}

/** In 1993 the acquirer has a length of its own within the element, which some senders leave out. */
function withoutLength(digits: string): string {
  return Number(digits.slice(0, LENGTH_DIGITS)) === digits.length - LENGTH_DIGITS
    ? digits.slice(LENGTH_DIGITS)
    : digits;
}

/** An institution is sent with zeros on its left here, and without them in DE32 and DE33. */
function institutionOf(digits: string): string | undefined {
  const id = digits.replace(/^0+/, '');
  return id === '' ? undefined : id;
}

/** DE21 of 2003. */
export interface LifeCycleParts {
  /** Where in its life the transaction got its id. */
  readonly support: string;
  /** 15 characters, blanks taken off. */
  readonly traceId: string;
  readonly sequenceNumber: string;
}

/** Support indicator, trace identifier, sequence number, and a token of four digits, which is left alone. */
const LIFE_CYCLE = /^(.)(.{15})(\d{2})\d{4}$/;

/** @returns undefined for a value of another form, or one without a trace identifier */
export function lifeCycleParts(value: string): LifeCycleParts | undefined {
  const match = LIFE_CYCLE.exec(value);
  const traceId = match?.[2]?.trim() ?? '';
  if (match === null || traceId === '' || /^0*$/.test(traceId)) return undefined;
  return { support: match[1] ?? '', traceId, sequenceNumber: match[3] ?? '' };
}
