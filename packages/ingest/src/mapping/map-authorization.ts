import type { Authorization } from '@payments/schemas';
import type { Countries } from '../ports.ts';
import { additionalAmountsOf, amountsOf, feesOf, ratesOf } from './amounts.ts';
import { descriptionOf } from './description.ts';
import { dateOf, dateOfCentury, nearestDate, nearestInstant, timeOfDay } from './infer-date.ts';
import { merchantOf } from './merchant.ts';
import { originalOf, partialReversalOf, replacementOf } from './original.ts';
import { type PairElements, valid } from './pair-elements.ts';
import { presentMembers } from './present-members.ts';
import type { Verdict } from './verdict.ts';

/** Second digit of the MTI. */
const MESSAGE_CLASSES: Readonly<Record<string, Authorization['messageClass']>> = {
  '1': 'AUTHORIZATION',
  '2': 'FINANCIAL',
  '4': 'REVERSAL',
};
/** Third digit of the MTI. */
const MESSAGE_FUNCTIONS: Readonly<Record<string, Authorization['messageFunction']>> = {
  '0': 'REQUEST',
  '2': 'ADVICE',
  '4': 'NOTIFICATION',
};
/** Fourth digit of the MTI: an odd origin repeats what the one before it said. */
const REPEATS = '135';
/** DE24 of 1993 and 2003: a supplementary authorization, its amount accurate or estimated. */
const SUPPLEMENTARY_FUNCTIONS: ReadonlySet<string> = new Set(['106', '107']);
/** Three digits in 1987, twelve digits and letters in 1993. */
const POS_ENTRY_MODE = /^[0-9A-Z]{3,12}$/;

/**
 * Merges an approved pair into one authorization. It holds no cardholder data.
 *
 * @param networkTransactionId the network's own id of the life cycle, where it says one
 * @throws UnreadableLineError
 */
export function mapAuthorization(
  elements: PairElements,
  verdict: Verdict,
  countries: Countries,
  networkTransactionId?: string,
): Authorization {
  const { mti } = elements.pair.request;
  const amounts = amountsOf(elements);
  const posEntryMode = elements.asked(22);
  return presentMembers({
    mti,
    messageClass: MESSAGE_CLASSES[mti.charAt(1)] ?? 'AUTHORIZATION',
    messageFunction: MESSAGE_FUNCTIONS[mti.charAt(2)] ?? 'REQUEST',
    repeat: REPEATS.includes(mti.charAt(3)),
    processingCode: elements.required(3),
    amounts,
    transmittedAt: valid(7, nearestInstant(elements.required(7), elements.loggedAt), 'is no date and time'),
    stan: elements.required(11),
    acquirerId: elements.required(32),
    responseCode: verdict.responseCode,
    standIn: verdict.isStandIn,
    merchant: merchantOf(elements, countries),
    rates: ratesOf(elements),
    ...datesOf(elements),
    acquirerCountry: elements.asked(19),
    panCountry: elements.asked(20),
    // 2003 has 128 bits, which the contract has no place for.
    posEntryMode: posEntryMode !== undefined && POS_ENTRY_MODE.test(posEntryMode) ? posEntryMode : undefined,
    // In 1993 and 2003 this number is the message reason.
    posConditionCode: elements.is1987 ? elements.asked(25) : undefined,
    // In 1993 and 2003 this number is the merchant category.
    pinLengthCapability: elements.is1987 ? elements.asked(26) : undefined,
    forwarderId: elements.asked(33),
    receiverId: elements.askedText(100),
    description: descriptionOf(elements),
    retrievalReference: elements.asked(37),
    approvalCode: verdict.approvalCode,
    terminalId: elements.askedText(41),
    nameAndLocation: elements.asked(43),
    networkTransactionId,
    incremental: isIncremental(elements) ? true : undefined,
    additionalAmounts: additionalAmountsOf(elements),
    fees: feesOf(elements),
    original: originalOf(elements),
    replacement: replacementOf(elements),
    ...partialReversalOf(elements, amounts),
  });
}

/** In 1987 the networks say it in private elements of their own, of which none is kept. */
function isIncremental(elements: PairElements): boolean {
  return !elements.is1987 && SUPPLEMENTARY_FUNCTIONS.has(elements.asked(24) ?? '');
}

/** DE12, 13, 15, 16 and 17; a date of zeros is none. */
function datesOf(elements: PairElements) {
  const date = (number: number): string | undefined => {
    const value = elements.askedUnlessZero(number);
    return value === undefined
      ? undefined
      : valid(number, nearestDate(value, elements.loggedAt), 'is no date');
  };
  const fullDate = (number: number): string | undefined => {
    const value = elements.askedUnlessZero(number);
    if (value === undefined) return undefined;
    const day =
      elements.version === '2003'
        ? dateOf(value.slice(0, 8))
        : dateOfCentury(value.slice(0, 6), elements.loggedAt);
    return valid(number, day, 'is no date');
  };
  const local = elements.asked(12);
  return {
    // In 1993 and 2003 one element holds the local date with its year and the time.
    localDate: elements.is1987 ? date(13) : fullDate(12),
    localTime:
      local === undefined ? undefined : valid(12, timeOfDay(local.slice(-6)), 'holds no time of day'),
    settlementDate: elements.is1987 ? date(15) : fullDate(15),
    conversionDate: date(16),
    captureDate: date(17),
  };
}
