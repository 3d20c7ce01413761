import { encodeMessage } from '../iso8583/encode-message.ts';
import type { WireProfileName } from '../iso8583/wire-profiles.ts';

/** A request and its response before they are encoded. */
export interface Exchange {
  readonly scheme: string;
  /** Message types of request and response. */
  readonly mti: readonly [string, string];
  readonly request: ReadonlyMap<number, string>;
  readonly response: ReadonlyMap<number, string>;
  /** Epoch milliseconds, whole seconds. */
  readonly loggedAt: number;
}

const PROFILES: Readonly<Record<string, WireProfileName>> = { VISA: 'B', MASTERCARD: 'C' };
const OTHER_PROFILE: WireProfileName = 'A';

/** The exchange as a line of an input file. */
export function lineOf({ scheme, mti, request, response, loggedAt }: Exchange): string {
  const wireProfile = PROFILES[scheme] ?? OTHER_PROFILE;
  return JSON.stringify({
    scheme,
    wireProfile,
    request: encodeMessage({ mti: mti[0], elements: request }, wireProfile),
    response: encodeMessage({ mti: mti[1], elements: response }, wireProfile),
    loggedAt: `${new Date(loggedAt).toISOString().slice(0, 19)}Z`,
  });
}

/** `MMDDhhmmss` in UTC, as DE7 carries it. */
export function transmissionTimeOf(moment: number): string {
  return new Date(moment).toISOString().slice(5, 19).replaceAll(/\D/g, '');
}

/** The elements of a map with others in their place or added; undefined takes one out. */
export function withElements(
  elements: ReadonlyMap<number, string>,
  others: Readonly<Record<number, string | undefined>>,
): ReadonlyMap<number, string> {
  const changed = new Map(elements);
  for (const [number, value] of Object.entries(others))
    if (value === undefined) changed.delete(Number(number));
    else changed.set(Number(number), value);
  return changed;
}

/** A whole number as so many digits, with zeros before it. */
export function digits(value: number | bigint, length: number): string {
  return value.toString().padStart(length, '0').slice(-length);
}

/** DE11 of the exchange at an index: six digits, never all zeros, which in DE90 would say that it is not known. */
export function traceNumberOf(index: number): string {
  return digits((index % 999_999) + 1, 6);
}
