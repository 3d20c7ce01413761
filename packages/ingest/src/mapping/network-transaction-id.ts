import { type InputLine, isPanFree } from '@payments/schemas';
import { LATIN1_TO_CP500 } from '../iso8583/cp500.ts';
import { hexFromBytes } from '../iso8583/hex.ts';
import type { Iso8583Message } from '../iso8583/message.ts';
import { lifeCycleParts } from '../iso8583/original-parts.ts';
import { versionOf } from '../iso8583/versions.ts';

/**
 * Visa, DE62: a bitmap of eight bytes, then the fields that it names; field 1 has one character, and field 2 is the
 * transaction id, 15 digits packed into eight bytes. Not verified: the network's manual is not public.
 */
const VISA_FIELD_1 = 0x80;
const VISA_FIELD_2 = 0x40;
const BITMAP_HEX = 16;
const BYTE_HEX = 2;
const PACKED_ID = /^0(\d{15})/;
/** Mastercard, DE63: a product code, then the Banknet reference; DE15 is the date that makes it unique. */
const BANKNET = /^[A-Z][A-Z0-9]{2}[A-Z0-9]{6,9}$/;
const DATE = /^\d{4}$/;
const GROUP_OF_DIGITS = /\d{5}(?=\d)/g;

/**
 * The network's own id of a life cycle, which an authorization, what adds to it, what completes it and what takes it
 * back have in common: DE21 of ISO 8583:2003, and what Visa and Mastercard put into private elements. Nothing else of
 * these elements leaves memory.
 *
 * An id that could pass for a card number is written in groups, always the same way: it still matches itself, and a
 * scanner that looks for card numbers does not take it for one.
 *
 * @returns undefined when the message has none, or one of another form
 */
export function networkTransactionIdOf(
  { scheme, wireProfile }: Pick<InputLine, 'scheme' | 'wireProfile'>,
  { mti, elements }: Iso8583Message,
): string | undefined {
  const id = idOf(scheme, wireProfile, mti, elements);
  return id === undefined || isPanFree(id) ? id : id.replace(GROUP_OF_DIGITS, '$&.');
}

function idOf(
  scheme: string,
  wireProfile: string,
  mti: string,
  elements: Iso8583Message['elements'],
): string | undefined {
  const version = versionOf(mti);
  if (version === '2003') {
    const traceId = lifeCycleParts(elements.get(21) ?? '')?.traceId;
    return traceId !== undefined && /^[!-~]+$/.test(traceId) ? traceId : undefined;
  }
  if (version !== '1987') return undefined;
  if (scheme === 'VISA' && wireProfile === 'B') return visaTransactionId(elements.get(62) ?? '');
  if (scheme !== 'MASTERCARD') return undefined;
  const reference = elements.get(63)?.trimEnd() ?? '';
  const date = elements.get(15) ?? '';
  return BANKNET.test(reference) && DATE.test(date) ? `${reference}${date}` : undefined;
}

/** @param text DE62, as its bytes read in EBCDIC */
function visaTransactionId(text: string): string | undefined {
  const hex = hexFromBytes([...text].map((character) => LATIN1_TO_CP500[character.charCodeAt(0)] ?? 0));
  const firstFields = Number.parseInt(hex.slice(0, BYTE_HEX), 16);
  if (hex.length < BITMAP_HEX || (firstFields & VISA_FIELD_2) === 0) return undefined;
  const start = BITMAP_HEX + ((firstFields & VISA_FIELD_1) === 0 ? 0 : BYTE_HEX);
  return PACKED_ID.exec(hex.slice(start))?.[1];
}
