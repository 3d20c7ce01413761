import type { Authorization } from '@payments/schemas';
import { originalParts } from '../iso8583/original-parts.ts';
import { moneyAt, moneyOf } from './amounts.ts';
import { dateOf, dateOfCentury, nearestInstant, timeOfDay } from './infer-date.ts';
import { type PairElements, present, valid } from './pair-elements.ts';
import { presentMembers } from './present-members.ts';

/** DE95: transaction and settlement amount, then two fees, which nothing uses. */
const REPLACEMENT = /^(\d{12})(\d{12})/;
/** DE30 of 1993 and 2003: the original transaction and reconciliation amounts, equally long. */
const ORIGINAL_AMOUNTS_LENGTH = { '1993': 24, '2003': 32 } as const;
const NOTHING = /^0*$/;
const TIME_DIGITS = 'hhmmss'.length;

/**
 * The message that a reversal takes back, or that a financial advice completes: DE90 of ISO 8583:1987, DE56 of
 * 1993 and 2003, which say the local date and time at the acceptor and not when it was transmitted. What is all
 * zeros was not known to the sender.
 *
 * @throws UnreadableLineError INVALID_ELEMENT
 */
export function originalOf(elements: PairElements): Authorization['original'] {
  const number = elements.is1987 ? 90 : 56;
  const value = elements.asked(number);
  if (value === undefined) return undefined;
  const parts = valid(
    number,
    originalParts(elements.version, value),
    'is not in the form of original data elements',
  );
  const { mti, stan, transmitted, local, acquirerId, forwarderId } = parts;
  if (NOTHING.test(mti) || NOTHING.test(stan)) return undefined;
  if (transmitted !== undefined && NOTHING.test(transmitted)) return undefined;
  return presentMembers({
    mti,
    stan,
    transmittedAt:
      transmitted === undefined
        ? undefined
        : valid(number, nearestInstant(transmitted, elements.loggedAt), 'holds no date and time'),
    ...(local !== undefined && !NOTHING.test(local) && localMomentOf(local, elements)),
    acquirerId,
    forwarderId,
  });
}

/** @throws UnreadableLineError INVALID_ELEMENT */
function localMomentOf(local: string, { version, loggedAt }: PairElements) {
  const [day, time] = [local.slice(0, -TIME_DIGITS), local.slice(-TIME_DIGITS)];
  const localDate = version === '2003' ? dateOf(day) : dateOfCentury(day, loggedAt);
  return {
    localDate: valid(56, localDate, 'holds no date'),
    localTime: valid(56, timeOfDay(time), 'holds no time of day'),
  };
}

/**
 * The amounts that stay after a partial reversal (DE95), in the currencies of DE49 and DE50; a network that
 * settles in the billing currency does not send DE50, and the currency is then that of DE51.
 *
 * @throws UnreadableLineError
 */
export function replacementOf(elements: PairElements): Authorization['replacement'] {
  const value = elements.is1987 ? elements.asked(95) : undefined;
  if (value === undefined) return undefined;
  const match = valid(95, REPLACEMENT.exec(value) ?? undefined, 'does not begin with 24 digits');
  const [, transaction = '', settlement = ''] = match;
  const settlementCurrency = elements.asked(50) ?? elements.asked(51);
  // Zero where something stays means that the settlement amount was not said.
  const isSettlementSaid = !NOTHING.test(settlement) || NOTHING.test(transaction);
  return presentMembers({
    transaction: moneyOf(transaction, present(49, elements.asked(49)), 49),
    settlement:
      isSettlementSaid && settlementCurrency !== undefined
        ? moneyOf(settlement, settlementCurrency, 50)
        : undefined,
  });
}

/**
 * A partial reversal of ISO 8583:1993 and 2003 says it the other way round: DE4 is what stays and DE30 what was.
 * We keep the 1987 way.
 *
 * @returns the amounts of the original and what stays of them; undefined for anything else
 * @throws UnreadableLineError
 */
export function partialReversalOf(
  elements: PairElements,
  amounts: Authorization['amounts'],
): Pick<Authorization, 'amounts' | 'replacement'> | undefined {
  const { version } = elements;
  const value = elements.askedUnlessZero(30);
  if (version === '1987' || !elements.pair.request.mti.startsWith('4', 1) || value === undefined)
    return undefined;
  const length = ORIGINAL_AMOUNTS_LENGTH[version];
  const isTwoAmounts = /^\d*$/.test(value) && value.length === length;
  const original = valid(
    30,
    isTwoAmounts ? value.slice(0, length / 2) : undefined,
    `is not ${length} digits`,
  );
  const transaction = moneyAt(elements, 4, original, 'asked');
  if (transaction.minorUnits === amounts.transaction.minorUnits) return undefined;
  return { amounts: { ...amounts, transaction }, replacement: { transaction: amounts.transaction } };
}
