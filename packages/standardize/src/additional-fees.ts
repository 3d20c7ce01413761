import type { Authorization, CainBody } from '@payments/schemas';
import { amountText, CREDIT_DEBIT, currencyNumber } from './cain-amount.ts';
import { presentMembers } from './present-members.ts';

type AdditionalFee = NonNullable<CainBody['AddtlFee']>[number];

/** What kind of fee a data element carries, and who takes it, where that is known. */
const FEES: Readonly<Record<string, Pick<AdditionalFee, 'Tp' | 'Assgnr'>>> = {
  // DE8 is what the issuer bills the cardholder for.
  '08': { Tp: '08', Assgnr: 'CISS' },
  // DE28, the transaction fee, is fee type 00: the surcharge of the acquirer.
  '28': { Tp: '00', Assgnr: 'ACQR' },
};

/** DE8 and DE28 to DE31; an element that no public list has a fee type for keeps its own number. */
export function additionalFeesOf({ fees = [] }: Authorization): AdditionalFee[] | undefined {
  if (fees.length === 0) return undefined;
  return fees.map(({ type, direction, amount }) => {
    const { Tp, Assgnr } = FEES[type] ?? { Tp: type };
    return presentMembers({
      Tp,
      CdtDbt: CREDIT_DEBIT[direction],
      Amt: amountText(amount),
      Ccy: currencyNumber(amount),
      Assgnr,
    });
  });
}
