import { recordKeyOf } from '@payments/domain';
import type {
  Authorization,
  CainBody,
  CainDocument,
  TransactionAuthorizedRecord,
  TransactionStandardizedRecord,
} from '@payments/schemas';
import { additionalFeesOf } from './additional-fees.ts';
import { amountText, CREDIT_DEBIT, currencyNumber, rateText } from './cain-amount.ts';
import { cardAcceptorOf } from './card-acceptor.ts';
import { cardDataEntryOf } from './card-data-entry.ts';
import { StandardizeError } from './errors.ts';
import { exchangeIdOf } from './exchange-id.ts';
import { lifecycleIdOf } from './lifecycle-id.ts';
import { messageFunctionOf } from './message-function.ts';
import { originalDataOf, replacementOf } from './original-data.ts';
import { presentMembers } from './present-members.ts';
import { transactionIdsOf } from './transaction-ids.ts';

/** The version of the message layout, which cain leaves to the parties. */
const PROTOCOL_VERSION = '1.0';

/** DE3, digits 1-2 transaction type, 3-4 account from, 5-6 account to. */
const TRANSACTION_TYPE = [0, 2] as const;
const ACCOUNT_FROM = [2, 4] as const;
const ACCOUNT_TO = [4, 6] as const;

/** cain.001, cain.003 and cain.005 by what the ISO 8583 message was. */
const ROOT: Readonly<Record<Authorization['messageClass'], keyof CainDocument>> = {
  AUTHORIZATION: 'AuthstnInitn',
  FINANCIAL: 'FinInitn',
  REVERSAL: 'RvslInitn',
};

/** ISO 8583 amount type 57: the amount that was asked for, where less was approved. */
const ORIGINAL_AMOUNT = '57';

/** DE39 of ISO 8583:1993 has three digits, of 2003 four (ISO8583ActionCode). */
const ACTION_CODE = /^\d{3,4}$/;

/** The merchant category of cash machines (ISO 18245). */
const CASH_MACHINE = '6011';

/**
 * Says an authorized transaction in ISO 20022: cain.001, cain.003 or cain.005, version 05, after the mapping of
 * ISO 8583 data elements that ISO's own element definitions name.
 *
 * @throws StandardizeError when an element that the message needs is missing
 * @throws UnknownCurrencyError when a currency is not of ISO 4217
 */
export function standardizeTransaction(record: TransactionAuthorizedRecord): TransactionStandardizedRecord {
  const { transactionId, scheme, loggedAt, card, authorization } = record;
  return {
    transactionId,
    idempotencyKey: recordKeyOf('TransactionStandardized', transactionId),
    scheme,
    loggedAt,
    lifecycleId: lifecycleIdOf(record),
    mti: authorization.mti,
    card,
    document: { [ROOT[authorization.messageClass]]: bodyOf(record) },
  };
}

/** The building blocks, in the order of the message definition, so that an XML rendering needs no other. */
function bodyOf({ transactionId, loggedAt, card, authorization }: TransactionAuthorizedRecord): CainBody {
  const { processingCode, merchant } = authorization;
  return presentMembers({
    Hdr: presentMembers({
      MsgFctn: messageFunctionOf(authorization),
      PrtcolVrsn: PROTOCOL_VERSION,
      XchgId: exchangeIdOf(transactionId),
      ReTrnsmssnCntr: authorization.repeat ? '1' : undefined,
      CreDtTm: loggedAt,
      InitgPtyId: authorization.acquirerId,
    }),
    TxChrtcs: presentMembers({
      TxTp: processingCode.slice(...TRANSACTION_TYPE),
      TxAttr: authorization.incremental ? (['INCR'] as ['INCR']) : undefined,
      TxDesc: authorization.description,
    }),
    Acqrr: presentMembers({ Id: authorization.acquirerId, Ctry: authorization.acquirerCountry }),
    Sndr: authorization.forwarderId === undefined ? undefined : { Id: authorization.forwarderId },
    Card: presentMembers({
      PAN: card.token,
      CardSeqNb: card.sequenceNumber,
      Ctry: authorization.panCountry,
      Schme: card.scheme,
    }),
    AcctFr: { Tp: processingCode.slice(...ACCOUNT_FROM) },
    AcctTo: { Tp: processingCode.slice(...ACCOUNT_TO) },
    Rcvr: authorization.receiverId === undefined ? undefined : { Id: authorization.receiverId },
    TxId: transactionIdsOf(authorization),
    ConvsDtTm: authorization.conversionDate === undefined ? undefined : { Dt: authorization.conversionDate },
    TxAmts: amountsOf(authorization),
    AddtlAmt: additionalAmountsOf(authorization),
    OrgnlDataElmts: originalDataOf(authorization),
    Accptr: cardAcceptorOf(merchant, authorization.nameAndLocation),
    Termnl: terminalOf(authorization),
    Cntxt: presentMembers({
      ...cardDataEntryOf(authorization),
      MrchntCtgyCd: merchant.categoryCode,
      POSCondCd: authorization.posConditionCode,
      CaptrDt: authorization.captureDate,
    }),
    SttlmSvc: authorization.settlementDate === undefined ? undefined : { Dt: authorization.settlementDate },
    AddtlFee: additionalFeesOf(authorization),
    PrcgRslt: resultOf(authorization),
  });
}

/**
 * DE4 to DE6, DE9, DE10 and DE49 to DE51. In a partial reversal the amounts are those that stay (DE95); what they
 * replace is in `OrgnlDataElmts`. DE6 says what the original billed, so it is left out there, but its currency
 * and rate hold for both.
 */
function amountsOf(authorization: Authorization): CainBody['TxAmts'] {
  const { amounts, rates } = authorization;
  const replacement = replacementOf(authorization);
  const transaction = replacement?.transaction ?? amounts.transaction;
  const settlement = replacement === undefined ? amounts.settlement : replacement.settlement;
  const billing = replacement === undefined ? amounts.billing : undefined;
  return presentMembers({
    AmtQlfr: 'ACTL' as const,
    Amt: amountText(transaction),
    Ccy: currencyNumber(transaction),
    CrdhldrBllgAmt: billing && amountText(billing),
    CrdhldrBllgCcy: amounts.billing && currencyNumber(amounts.billing),
    CrdhldrBllgFctvXchgRate: rates?.billing && rateText(rates.billing),
    RcncltnAmt: settlement && amountText(settlement),
    RcncltnCcy: settlement && currencyNumber(settlement),
    RcncltnFctvXchgRate: rates?.settlement && rateText(rates.settlement),
  });
}

/** DE54, and the amount that was asked for where the source gives it apart from DE54. */
function additionalAmountsOf({ amounts, additionalAmounts = [] }: Authorization): CainBody['AddtlAmt'] {
  const listed = additionalAmounts.map(({ type, amount, direction, accountType }) =>
    presentMembers({
      AcctTp: accountType,
      Tp: type,
      Amt: amountText(amount),
      Ccy: currencyNumber(amount),
      CdtDbt: CREDIT_DEBIT[direction],
    }),
  );
  const { requested } = amounts;
  if (requested !== undefined && !additionalAmounts.some(({ type }) => type === ORIGINAL_AMOUNT))
    listed.push({
      Tp: ORIGINAL_AMOUNT,
      Amt: amountText(requested),
      Ccy: currencyNumber(requested),
      CdtDbt: CREDIT_DEBIT.DEBIT,
    });
  return listed.length === 0 ? undefined : listed;
}

/** DE41 and DE26; a terminal without an id cannot be said. */
function terminalOf({ terminalId, merchant, pinLengthCapability }: Authorization): CainBody['Termnl'] {
  if (terminalId === undefined) return undefined;
  return presentMembers({
    Id: terminalId,
    Tp: merchant.categoryCode === CASH_MACHINE ? ('ATMT' as const) : ('POST' as const),
    PINLngthCpblty: pinLengthCapability,
  });
}

/**
 * DE38 and DE39, and who answered: the issuer, or the network standing in for it.
 *
 * @throws StandardizeError RESPONSE_CODE_UNREADABLE
 */
function resultOf({ standIn, responseCode, approvalCode }: Authorization): CainBody['PrcgRslt'] {
  const isResponseCode = responseCode.length === 2;
  if (!isResponseCode && !ACTION_CODE.test(responseCode))
    throw new StandardizeError(
      'RESPONSE_CODE_UNREADABLE',
      `DE39 ${responseCode} is neither a response code nor an action code`,
    );
  return presentMembers({
    RspnSrcTp: standIn ? ('CISP' as const) : ('CISS' as const),
    RspnCd: isResponseCode ? responseCode : undefined,
    ApprvlCd: approvalCode,
    ActnCd: isResponseCode ? undefined : responseCode,
  });
}
