import type { Authorization } from '@payments/schemas';
import { moneyOf } from './amounts.ts';
import { nearestInstant } from './infer-date.ts';
import { type PairElements, present, valid } from './pair-elements.ts';
import { presentMembers } from './present-members.ts';

/** DE90: message type, trace number, transmission time, acquirer, forwarder. */
const ORIGINAL = /^(\d{4})(\d{6})(\d{10})(\d{11})(\d{11})$/;
/** DE95: transaction and settlement amount, then two fees, which nothing uses. */
const REPLACEMENT = /^(\d{12})(\d{12})/;
/** DE30 of 1993: the original transaction and reconciliation amounts. */
const ORIGINAL_AMOUNTS = /^(\d{12})(\d{12})$/;
const NOTHING = /^0*$/;

/**
 * DE90 of ISO 8583:1987. What is all zeros was not known to the sender. The 1993 version names the original by
 * its local time (DE56), from which its transmission time cannot be told: it is left out.
 *
 * @throws UnreadableLineError INVALID_ELEMENT
 */
export function originalOf(elements: PairElements): Authorization['original'] {
  const value = elements.is1987 ? elements.asked(90) : undefined;
  if (value === undefined) return undefined;
  const match = valid(90, ORIGINAL.exec(value) ?? undefined, 'is not 42 digits');
  const [, mti = '', stan = '', transmitted = '', acquirer = '', forwarder = ''] = match;
  if (NOTHING.test(mti) || NOTHING.test(stan) || NOTHING.test(transmitted)) return undefined;
  const transmittedAt = nearestInstant(transmitted, elements.loggedAt);
  return presentMembers({
    mti,
    stan,
    transmittedAt: valid(90, transmittedAt, 'holds no date and time'),
    acquirerId: institutionOf(acquirer),
    forwarderId: institutionOf(forwarder),
  });
}

/** An institution is sent with zeros on its left here, and without them in DE32 and DE33. */
function institutionOf(digits: string): string | undefined {
  const id = digits.replace(/^0+/, '');
  return id === '' ? undefined : id;
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
 * A partial reversal of ISO 8583:1993 says it the other way round: DE4 is what stays and DE30 what was. We
 * keep the 1987 way.
 *
 * @returns the amounts of the original and what stays of them; undefined for anything else
 * @throws UnreadableLineError
 */
export function partialReversal1993Of(
  elements: PairElements,
  amounts: Authorization['amounts'],
): Pick<Authorization, 'amounts' | 'replacement'> | undefined {
  const value = elements.askedUnlessZero(30);
  if (elements.is1987 || !elements.pair.request.mti.startsWith('4', 1) || value === undefined)
    return undefined;
  const match = valid(30, ORIGINAL_AMOUNTS.exec(value) ?? undefined, 'is not 24 digits');
  const transaction = moneyOf(match[1] ?? '', present(49, elements.asked(49)), 49);
  if (transaction.minorUnits === amounts.transaction.minorUnits) return undefined;
  return { amounts: { ...amounts, transaction }, replacement: { transaction: amounts.transaction } };
}
