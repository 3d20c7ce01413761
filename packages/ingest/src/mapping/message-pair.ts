import type { InputLine } from '@payments/schemas';
import { Iso8583FormatError, UnreadableLineError } from '../errors.ts';
import { decodeMessage } from '../iso8583/decode-message.ts';
import { isForbidden } from '../iso8583/element-notes.ts';
import type { Iso8583Message } from '../iso8583/message.ts';
import { versionOf } from '../iso8583/versions.ts';
import type { WIRE_PROFILES } from '../iso8583/wire-profiles.ts';
import { DESCRIPTION_ELEMENT, namesCard } from './description.ts';
import { networkTransactionIdOf } from './network-transaction-id.ts';

/**
 * A request and its response that belong together, without what must not be kept: what `isForbidden` names, and a
 * description that names a card.
 */
export interface MessagePair {
  readonly request: Iso8583Message;
  readonly response: Iso8583Message;
}

/** A pair with what is taken out of the elements that leave it: they are on no other path out of a message. */
export interface DecodedPair {
  readonly pair: MessagePair;
  readonly cardNumber: string;
  /** The network's own id of the life cycle, which stands in private elements. */
  readonly networkTransactionId: string | undefined;
}

/** What a response repeats of its request: card, transmission time, trace number, acquirer, reference. */
const REPEATED_ELEMENTS = [2, 32, 37] as const;
/** What it must repeat, or nothing says that the two belong together. */
const IDENTIFYING_ELEMENTS = [7, 11] as const;

const CARD_NUMBER = /^\d{12,19}$/;
const TRACK_2_SEPARATOR = /[D=]/;
/** Third digit of the MTI of a request, advice or notification, with that of its response. */
const RESPONSE_FUNCTION: Readonly<Record<string, string>> = { '0': '1', '2': '3', '4': '5' };

/**
 * Decodes both messages of a line, makes sure that they belong together, and takes out what must not be kept.
 *
 * @throws UnreadableLineError
 */
export function decodePair(line: InputLine): DecodedPair {
  const request = decode(line, 'request');
  const response = decode(line, 'response');
  requireAnswer(request.mti, response.mti);
  for (const number of IDENTIFYING_ELEMENTS) {
    if (request.elements.get(number) === undefined)
      throw new UnreadableLineError('MISSING_ELEMENT', `the request lacks DE${number}`);
    if (request.elements.get(number) !== response.elements.get(number)) throw mismatch(`DE${number}`);
  }
  for (const number of REPEATED_ELEMENTS) {
    const repeated = response.elements.get(number);
    const original = request.elements.get(number);
    if (repeated !== undefined && original !== undefined && repeated !== original)
      throw mismatch(`DE${number}`);
  }
  const cardNumber = cardNumberOf(request) ?? cardNumberOf(response);
  if (cardNumber === undefined) throw new UnreadableLineError('MISSING_ELEMENT', 'the messages lack DE2');
  if (!CARD_NUMBER.test(cardNumber))
    throw new UnreadableLineError('INVALID_ELEMENT', 'DE2 is not 12 to 19 digits');
  const networkTransactionId =
    networkTransactionIdOf(line, response) ?? networkTransactionIdOf(line, request);
  if (networkTransactionId?.replace(/\D/g, '').includes(cardNumber))
    throw new UnreadableLineError('PAN_IN_FREE_TEXT', 'the id of the life cycle is the card number');
  return {
    pair: {
      request: withoutForbidden(request, cardNumber),
      response: withoutForbidden(response, cardNumber),
    },
    cardNumber,
    networkTransactionId,
  };
}

function decode(line: InputLine, side: 'request' | 'response'): Iso8583Message {
  try {
    return decodeMessage(line[side], line.wireProfile satisfies keyof typeof WIRE_PROFILES);
  } catch (error) {
    if (error instanceof Iso8583FormatError)
      throw new UnreadableLineError(error.code, `the ${side}: ${error.message}`);
    throw error;
  }
}

function requireAnswer(requestMti: string, responseMti: string): void {
  const [version, messageClass, messageFunction = ''] = requestMti;
  const answer = RESPONSE_FUNCTION[messageFunction];
  if (answer === undefined || (messageClass !== '1' && messageClass !== '2' && messageClass !== '4'))
    throw new UnreadableLineError('UNSUPPORTED_MESSAGE', `${requestMti} is no request that can be posted`);
  if (!responseMti.startsWith(`${version}${messageClass}${answer}`)) throw mismatch('the message type');
}

/** DE2, or the number in track 2 where a terminal sent nothing else. */
function cardNumberOf({ elements }: Iso8583Message): string | undefined {
  return elements.get(2) ?? elements.get(35)?.split(TRACK_2_SEPARATOR)[0];
}

function withoutForbidden({ mti, elements }: Iso8583Message, cardNumber: string): Iso8583Message {
  const version = versionOf(mti);
  const isKept = ([number, value]: [number, string]): boolean => {
    // Without a version nothing is known of any element, so nothing may stay.
    if (version === undefined || isForbidden(version, number)) return false;
    return number !== DESCRIPTION_ELEMENT || !namesCard(value, cardNumber);
  };
  return { mti, elements: new Map([...elements].filter(isKept)) };
}

function mismatch(what: string): UnreadableLineError {
  return new UnreadableLineError('PAIR_MISMATCH', `${what} of the response is not that of the request`);
}
