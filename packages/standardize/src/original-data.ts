import type { Authorization, CainBody } from '@payments/schemas';
import { amountText, currencyNumber } from './cain-amount.ts';
import { StandardizeError } from './errors.ts';
import { presentMembers } from './present-members.ts';

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
 * the message's own, which a life cycle keeps. The transmission time is absent where the network names the original
 * by its local time (DE56 of ISO 8583:1993). There is no `LifeCyclId`: that is exactly 15 characters there, and the
 * id that ties the messages together may be longer; the record's `lifecycleId` does it.
 *
 * @throws StandardizeError ORIGINAL_DATA_MISSING, ORIGINAL_MESSAGE_TYPE_UNKNOWN
 */
export function originalDataOf(authorization: Authorization): OriginalData | undefined {
  const { messageClass, original, retrievalReference, amounts } = authorization;
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
      TrnsmssnDtTm: original.transmittedAt,
      SysTracAudtNb: original.stan,
      RtrvlRefNb: retrievalReference,
    }),
    TxAmts: partial
      ? { Amt: amountText(amounts.transaction), Ccy: currencyNumber(amounts.transaction) }
      : undefined,
  });
}
