import type { Authorization, CainBody } from '@payments/schemas';
import { amountText, currencyNumber } from './cain-amount.ts';
import { StandardizeError } from './errors.ts';
import { presentMembers } from './present-members.ts';
import { fixedLifecycleId } from './transaction-ids.ts';

type OriginalData = NonNullable<CainBody['OrgnlDataElmts']>;

/** Second digit of the original's message type. */
const MESSAGE_CLASS: Readonly<Record<string, OriginalData['MsgClss']>> = {
  '1': 'AUTH',
  '2': 'FINL',
};

/** Third digit of the original's message type; a response stands for its request. */
const MESSAGE_FUNCTION: Readonly<Record<string, OriginalData['MsgFctn']>> = {
  '0': 'REQU',
  '1': 'REQU',
  '2': 'ADVC',
  '3': 'ADVC',
  '4': 'NOTI',
  '5': 'NOTI',
};

/**
 * What DE95 says stays after a partial reversal; undefined for anything else. A replacement of nothing
 * reverses all, so it is a full reversal.
 */
export function replacementOf({
  messageClass,
  replacement,
}: Authorization): NonNullable<Authorization['replacement']> | undefined {
  if (messageClass !== 'REVERSAL' || replacement === undefined) return undefined;
  return replacement.transaction.minorUnits === '0' ? undefined : replacement;
}

/**
 * What a reversal takes back, or a financial advice completes: DE90 as `OrgnlDataElmts`. The retrieval reference is
 * the message's own, which a life cycle keeps; so is `LifeCyclId`, where its 15 characters hold the network's id. The
 * record's `lifecycleId` has every id whole. ISO 8583:1993 names the original by its local time (DE56), 1987 by its
 * transmission time.
 *
 * @throws StandardizeError ORIGINAL_DATA_MISSING, ORIGINAL_MESSAGE_TYPE_UNKNOWN
 */
export function originalDataOf(authorization: Authorization): OriginalData | undefined {
  const { messageClass, original, retrievalReference, networkTransactionId, amounts } = authorization;
  if (original === undefined) {
    if (messageClass === 'REVERSAL')
      throw new StandardizeError(
        'ORIGINAL_DATA_MISSING',
        'a reversal lacks its original data elements (DE90)',
      );
    return undefined;
  }
  const [, classDigit = '', functionDigit = ''] = original.mti;
  const MsgClss = MESSAGE_CLASS[classDigit];
  const MsgFctn = MESSAGE_FUNCTION[functionDigit];
  if (MsgClss === undefined || MsgFctn === undefined)
    throw new StandardizeError(
      'ORIGINAL_MESSAGE_TYPE_UNKNOWN',
      `the original's message type ${original.mti} is none that can be reversed`,
    );
  const partial = replacementOf(authorization) !== undefined;
  return presentMembers({
    MsgClss,
    MsgFctn,
    AcqrrId: original.acquirerId,
    SndrId: original.forwarderId,
    TxId: presentMembers({
      LclDt: original.localDate,
      LclTm: original.localTime,
      TrnsmssnDtTm: original.transmittedAt,
      SysTracAudtNb: original.stan,
      RtrvlRefNb: retrievalReference,
      LifeCyclId: fixedLifecycleId(networkTransactionId),
    }),
    TxAmts: partial ? originalAmountsOf(amounts) : undefined,
  });
}

/** DE4 to DE6 of a partial reversal, which say what its original was and cost; what stays is in `TxAmts`. */
function originalAmountsOf({
  transaction,
  billing,
  settlement,
}: Authorization['amounts']): OriginalData['TxAmts'] {
  return presentMembers({
    Amt: amountText(transaction),
    Ccy: currencyNumber(transaction),
    CrdhldrBllgAmt: billing && amountText(billing),
    CrdhldrBllgCcy: billing && currencyNumber(billing),
    RcncltnAmt: settlement && amountText(settlement),
    RcncltnCcy: settlement && currencyNumber(settlement),
  });
}
