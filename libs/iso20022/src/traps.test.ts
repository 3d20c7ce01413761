/**
 * What goes wrong easily with these schemas, each shown on the official ones: the trap first, then that we keep out
 * of it. Those that standardization avoids are tested there.
 */
import { describe, expect, it } from '@jest/globals';
import type { CainDocument } from '@payments/schemas';
import { purchaseBody } from './cain.fixture.ts';
import { displayRateOf } from './display-rate.ts';
import { FX_PURCHASE, postedSequence } from './posted-sequence.fixture.ts';
import { renderCain } from './render-cain.ts';
import { CAMT054, renderCamt054 } from './render-camt054.ts';
import { describeWithSchemas, schemaOf, schemaProblems } from './schema-check.fixture.ts';

const CAIN_001 = 'cain.001.001.05';
const CAIN_005 = 'cain.005.001.05';
const authorization = (blocks: Parameters<typeof purchaseBody>[0] = {}) =>
  renderCain({ AuthstnInitn: purchaseBody(blocks) });

describe('what is never written', () => {
  it.each([
    ['trap 1: chip data', { ICCRltdData: '9F2608' }],
    [
      'trap 3: a flag that says the number is encrypted',
      { Card: { ...purchaseBody().Card, PrtctdPAN: true } },
    ],
    ['trap 4: the last four digits', { Card: { ...purchaseBody().Card, PANFourLastDgts: '1111' } }],
    ['trap 7: the expiry of the card', { Card: { ...purchaseBody().Card, XpryDt: '2029-12' } }],
  ])('%s', (_what, blocks) => {
    const document = { AuthstnInitn: { ...purchaseBody(), ...blocks } } as CainDocument;
    expect(() => renderCain(document)).toThrow(expect.objectContaining({ code: 'ELEMENT_UNKNOWN' }));
  });
});

describeWithSchemas('the traps of the official schemas', () => {
  it('trap 1: chip data is valid only with two blanks behind it', async () => {
    const withChip = (data: string) =>
      authorization().replace('</Cntxt>', `</Cntxt><ICCRltdData>${data}</ICCRltdData>`);
    expect(await schemaProblems(CAIN_001, [withChip('9F2608')])).not.toEqual([]);
    expect(await schemaProblems(CAIN_001, [withChip('9F2608  ')])).toEqual([]);
  });

  it('trap 2: the card number is digits; a token of letters is none, our surrogate is', async () => {
    const withToken = (token: string) => authorization().replace('9208948425451111', token);
    expect(await schemaProblems(CAIN_001, [withToken('tok_9208948425')])).not.toEqual([]);
    expect(await schemaProblems(CAIN_001, [authorization()])).toEqual([]);
  });

  it('trap 4: the card of a message has no place for the last four digits', () => {
    const card = /<xs:complexType name="CardData16">(.*?)<\/xs:complexType>/s.exec(schemaOf(CAIN_001))?.[1];
    expect(card).toContain('name="PAN"');
    expect(card).not.toMatch(/PANFourLastDgts|PANRefIdr/);
  });

  it('trap 5: cain has numeric currencies beside its amounts, camt alphabetic ones on them', async () => {
    const TxAmts = { AmtQlfr: 'ACTL', Amt: '12.345', Ccy: '414' } as const;
    const cain = authorization({ TxAmts });
    expect(cain).toMatch(/<Amt>12\.345<\/Amt>\s*<Ccy>414<\/Ccy>/);
    expect(await schemaProblems(CAIN_001, [cain])).toEqual([]);
    expect(await schemaProblems(CAIN_001, [cain.replace('<Amt>', '<Amt Ccy="KWD">')])).not.toEqual([]);
    expect(await schemaProblems(CAIN_001, [cain.replace('<Ccy>414', '<Ccy>KWD')])).not.toEqual([]);
    const camt = renderCamt054(postedSequence(FX_PURCHASE));
    expect(camt).toContain('<Amt Ccy="GBP">79.12</Amt>');
    expect(await schemaProblems(CAMT054, [camt])).toEqual([]);
    expect(await schemaProblems(CAMT054, [camt.replace(' Ccy="GBP"', '')])).not.toEqual([]);
  });

  it('trap 6: a rate has thirteen decimals in cain, and eleven digits in camt', async () => {
    const rate = '151.2345678901';
    const TxAmts = {
      ...purchaseBody().TxAmts,
      CrdhldrBllgAmt: '1.00',
      CrdhldrBllgCcy: '826',
      CrdhldrBllgFctvXchgRate: rate,
    };
    expect(await schemaProblems(CAIN_001, [authorization({ TxAmts })])).toEqual([]);
    const camt = renderCamt054(postedSequence(FX_PURCHASE));
    const withRate = (text: string) => camt.replaceAll('<XchgRate>0.7912<', `<XchgRate>${text}<`);
    expect(await schemaProblems(CAMT054, [withRate(rate)])).not.toEqual([]);
    const displayed = displayRateOf({ digits: 1512345678901n, scale: 10 }) ?? '';
    expect(displayed).toBe('151.23456789');
    expect(await schemaProblems(CAMT054, [withRate(displayed)])).toEqual([]);
  });

  it.each([
    ['an approval code of five characters', '<ApprvlCd>A10001<', '<ApprvlCd>A1000<'],
    ['a reference of eleven characters', '<RtrvlRefNb>631910100001<', '<RtrvlRefNb>63191010001<'],
    ['a trace number with a letter', '<SysTracAudtNb>100001<', '<SysTracAudtNb>10000A<'],
    ['date and time in one', '<LclTm>10:15:00<', '<LclTm>2026-11-15T10:15:00<'],
    ['a date without its year', '<LclDt>2026-11-15<', '<LclDt>1115<'],
  ])('trap 7 and 8: %s is refused', async (_what, from, to) => {
    expect(authorization()).toContain(from);
    expect(await schemaProblems(CAIN_001, [authorization().replace(from, to)])).not.toEqual([]);
  });

  it('trap 9: an original is referred back to by a life cycle id of exactly 15 characters', async () => {
    const OrgnlDataElmts = {
      MsgClss: 'AUTH',
      MsgFctn: 'REQU',
      TxId: { SysTracAudtNb: '100001', RtrvlRefNb: '631910100001' },
    } as const;
    const reversal = renderCain({ RvslInitn: purchaseBody({ OrgnlDataElmts }) });
    const withId = (id: string) =>
      reversal.replace(
        /(<OrgnlDataElmts>.*?<\/RtrvlRefNb>)/s,
        (found) => `${found}<LifeCyclId>${id}</LifeCyclId>`,
      );
    expect(await schemaProblems(CAIN_005, [reversal])).toEqual([]);
    expect(await schemaProblems(CAIN_005, [withId('MCC1234560704  ')])).toEqual([]);
    expect(await schemaProblems(CAIN_005, [withId('MCC1234560704')])).not.toEqual([]);
    expect(await schemaProblems(CAIN_005, [withId('MCC1234560704567')])).not.toEqual([]);
  });

  it.each([
    ['an acceptor without a name', '<NmAndLctn>CORNER FOODS             LONDON       GB</NmAndLctn>'],
    ['an acceptor without an id', '<Id>MERCH00000001</Id>'],
    ['a context without an entry mode', '<CardDataNtryMd>ICCY</CardDataNtryMd>'],
    ['a context without a category', '<MrchntCtgyCd>5411</MrchntCtgyCd>'],
  ])('trap 10: %s is refused', async (_what, element) => {
    expect(authorization()).toContain(element);
    expect(await schemaProblems(CAIN_001, [authorization().replace(element, '')])).not.toEqual([]);
  });

  it('trap 10: a reversal may go without entry mode and category', async () => {
    const reversal = renderCain({ RvslInitn: purchaseBody() });
    const without = reversal.replace(/<CardDataNtryMd>.*?<\/MrchntCtgyCd>/s, '');
    expect(without).not.toBe(reversal);
    expect(await schemaProblems(CAIN_005, [without])).toEqual([]);
  });

  it('trap 11: plain card data makes the card number mandatory; ours says only how it ends', async () => {
    const camt = renderCamt054(postedSequence(FX_PURCHASE));
    expect(camt).not.toContain('PlainCardData');
    expect(camt).toContain('<AddtlCardData>PAN ending 1111</AddtlCardData>');
    const plain = '<PlainCardData><XpryDt>2029-12</XpryDt></PlainCardData><CardBrnd>';
    const [problem] = await schemaProblems(CAMT054, [camt.replace('<CardBrnd>', plain)]);
    expect(problem).toMatch(/Expected is .*PAN/);
  });
});
