/**
 * The traps of the cain schemas that are avoided where a message is made; libs/iso20022 holds what is written against
 * the schemas themselves, and names the traps by the same numbers.
 */
import { describe, expect, it } from '@jest/globals';
import { type CainBody, passesLuhn, type TransactionAuthorizedRecord } from '@payments/schemas';
import { TransactionStandardizedRecord } from '@payments/schemas/closed/transaction-standardized';
import { authorized, authorizedWithout } from './authorized.fixture.ts';
import { standardizeTransaction } from './standardize-transaction.ts';

function bodyOf(record: TransactionAuthorizedRecord): CainBody {
  const standardized = standardizeTransaction(record);
  expect(TransactionStandardizedRecord(standardized)).toBe(true);
  const { AuthstnInitn, FinInitn, RvslInitn } = standardized.document;
  const body = AuthstnInitn ?? FinInitn ?? RvslInitn;
  if (body === undefined) throw new Error('the document has no message');
  return body;
}

const FOREIGN = authorized({
  amounts: {
    transaction: { minorUnits: '12345', currency: 'KWD' },
    billing: { minorUnits: '3161', currency: 'GBP' },
  },
  rates: { billing: { digits: '25605000123456789', scale: 16 } },
});

describe('the traps of the cain schemas', () => {
  it('trap 1, 3, 4: neither chip data, nor a flag of encryption, nor last digits or expiry of a card', () => {
    const body = bodyOf(authorized());
    expect(Object.keys(body)).not.toContain('ICCRltdData');
    expect(Object.keys(body.Card)).toEqual(['PAN', 'CardSeqNb', 'Schme']);
  });

  it('trap 2: the number of the card is a surrogate of digits that no scanner takes for a card number', () => {
    const { PAN } = bodyOf(authorized()).Card;
    expect(PAN).toMatch(/^9\d{11,18}$/);
    expect(passesLuhn(PAN)).toBe(false);
  });

  it('trap 5: amounts are decimal text, their currencies are numeric and stand beside them', () => {
    expect(bodyOf(FOREIGN).TxAmts).toMatchObject({
      Amt: '12.345',
      Ccy: '414',
      CrdhldrBllgAmt: '31.61',
      CrdhldrBllgCcy: '826',
    });
  });

  it('trap 6: a rate has thirteen decimals at most', () => {
    expect(bodyOf(FOREIGN).TxAmts.CrdhldrBllgFctvXchgRate).toBe('2.5605000123457');
  });

  it('trap 7: approval code and reference keep the blanks that their lengths ask for', () => {
    const { TxId, PrcgRslt } = bodyOf(
      authorized({ approvalCode: 'A1    ', retrievalReference: '6319101     ' }),
    );
    expect(PrcgRslt.ApprvlCd).toBe('A1    ');
    expect(TxId.RtrvlRefNb).toBe('6319101     ');
  });

  it('trap 7, 8: local date and time are apart, and every date has its year', () => {
    const record = authorized({
      localDate: '2026-12-31',
      localTime: '23:59:59',
      transmittedAt: '2027-01-01T04:59:59Z',
      settlementDate: '2027-01-02',
    });
    const { TxId, SttlmSvc } = bodyOf(record);
    expect(TxId).toMatchObject({
      LclDt: '2026-12-31',
      LclTm: '23:59:59',
      TrnsmssnDtTm: '2027-01-01T04:59:59Z',
    });
    expect(SttlmSvc).toEqual({ Dt: '2027-01-02' });
  });

  it('trap 9: an original is not referred back to by a life cycle id that is too long for it', () => {
    const record = authorized({
      mti: '0400',
      messageClass: 'REVERSAL',
      networkTransactionId: 'A-LIFE-CYCLE-ID-OF-TWENTY-NINE',
      original: { mti: '0100', stan: '100001' },
    });
    expect(bodyOf(record).OrgnlDataElmts?.TxId).toEqual({
      SysTracAudtNb: '100001',
      RtrvlRefNb: '631910100001',
    });
    expect(bodyOf(record).TxId.LifeCyclId).toBe('A-LIFE-CYCLE-ID-OF-TWENTY-NINE');
    expect(standardizeTransaction(record).lifecycleId).toBe('VISA.A-LIFE-CYCLE-ID-OF-TWENTY-NINE');
  });

  it('trap 9: a life cycle id of cain.003, and of an original, has exactly fifteen characters', () => {
    const record = authorized({
      messageClass: 'FINANCIAL',
      networkTransactionId: 'MCC1234560704',
      original: { mti: '0100', stan: '100001' },
    });
    expect(bodyOf(record).TxId.LifeCyclId).toBe('MCC1234560704  ');
    expect(bodyOf(record).OrgnlDataElmts?.TxId.LifeCyclId).toBe('MCC1234560704  ');
  });

  it('trap 10: a message has an entry mode and a category, also where the network said none of the first', () => {
    expect(bodyOf(authorizedWithout('posEntryMode', 'posConditionCode')).Cntxt).toEqual({
      CardDataNtryMd: 'UNSP',
      MrchntCtgyCd: '5411',
    });
  });

  it('trap 10: an acceptor has an id and a name, or there is no message', () => {
    const { id: _id, ...nameless } = authorized().authorization.merchant;
    expect(() => standardizeTransaction(authorized({ merchant: nameless }))).toThrow(
      expect.objectContaining({ code: 'MERCHANT_ID_MISSING' }),
    );
    expect(bodyOf(authorized()).Accptr).toMatchObject({
      Id: 'MERCH00000001',
      NmAndLctn: 'CORNER FOODS             LONDON       GB',
    });
  });

  it('cuts no character of a long name in half', () => {
    const body = bodyOf(authorized({ nameAndLocation: `${'A'.repeat(98)}\u{1f355}\u{1f355}` }));
    expect(body.Accptr?.NmAndLctn).toBe(`${'A'.repeat(98)}\u{1f355}`);
  });
});
