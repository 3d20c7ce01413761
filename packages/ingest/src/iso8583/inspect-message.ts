import { Iso8583FormatError } from '../errors.ts';
import { readMessage } from './decode-message.ts';
import { bytesFromHex } from './hex.ts';
import type { WireProfileName } from './wire-profiles.ts';

/** An element as it was decoded, with where it stood. */
export interface InspectedElement {
  readonly number: number;
  readonly value: string;
  /** Its first byte, its length prefix included, counted from the start of the message. */
  readonly byteOffset: number;
}

/** Where and how a message broke. */
export interface InspectedFault {
  readonly error: Iso8583FormatError;
  /** Bytes of the broken part before the fault; those of the message, when it broke before its elements. */
  readonly byteOfPart: number;
}

/** What could be decoded of a message. It holds card data: only `describeMessage` may show it. */
export interface Inspection {
  readonly profile: WireProfileName;
  readonly mti: string | undefined;
  readonly elements: readonly InspectedElement[];
  readonly fault: InspectedFault | undefined;
}

/**
 * Decodes a message as far as it goes, for people who look for what is wrong with it. It refuses exactly what
 * `decodeMessage` refuses, and never throws for what a message holds.
 *
 * @param hex the bytes in hex, without a network header
 */
export function inspectMessage(hex: string, profile: WireProfileName): Inspection {
  const elements: InspectedElement[] = [];
  let mti: string | undefined;
  let start = 0;
  const { bytes, error: hexError } = readableBytes(hex);
  let fault: Iso8583FormatError | undefined;
  try {
    readMessage(bytes, profile, {
      mti: (value) => {
        mti = value;
      },
      begins: (_, byteOffset) => {
        start = byteOffset;
      },
      element: (number, value) => elements.push({ number, value, byteOffset: start }),
    });
  } catch (error) {
    if (!(error instanceof Iso8583FormatError)) throw error;
    fault = error;
  }
  // Hex that cannot be read ends the message where it stands: the part that it cuts short is where it broke.
  if (hexError !== undefined)
    fault = new Iso8583FormatError(hexError.code, fault?.part ?? hexError.part, hexError.byteOffset);
  const isInElement = typeof fault?.part === 'number';
  return {
    profile,
    mti,
    elements,
    fault: fault && { error: fault, byteOfPart: isInElement ? fault.byteOffset - start : fault.byteOffset },
  };
}

/** The bytes up to the first that is no hex. */
function readableBytes(hex: string): { bytes: Uint8Array; error?: Iso8583FormatError } {
  try {
    return { bytes: bytesFromHex(hex) };
  } catch (error) {
    if (!(error instanceof Iso8583FormatError)) throw error;
    const readable = /^([0-9A-Fa-f]{2})*/.exec(hex)?.[0] ?? '';
    // An odd length is told of before a bad digit is; where both are, the digit comes first in the message.
    const isBadDigit = readable.length < hex.length - (hex.length % 2);
    const code = isBadDigit ? 'BAD_HEX' : error.code;
    return {
      bytes: bytesFromHex(readable),
      error: new Iso8583FormatError(code, 'MESSAGE', readable.length / 2),
    };
  }
}
