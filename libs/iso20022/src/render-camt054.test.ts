import { describe, expect, it } from '@jest/globals';
import { isPanFree } from '@payments/schemas';
import { convert as parseXml } from 'xmlbuilder2';
import { purchaseBody } from './cain.fixture.ts';
import { letterReferenceOf } from './letter-reference.ts';
import { FX_PURCHASE, postedSequence, SEQUENCES } from './posted-sequence.fixture.ts';
import { renderCain } from './render-cain.ts';
import { CAMT054, renderCamt054 } from './render-camt054.ts';
import { describeWithSchemas, schemaProblems } from './schema-check.fixture.ts';

/** A parsed document: one element is an object, repeated ones are a list. */
type Node = { readonly [name: string]: Node } & string;

function notificationsOf(xml: string): Node[] {
  const { Document } = parseXml(xml, { format: 'object' }) as unknown as { Document: Node };
  return listOf(Document['BkToCstmrDbtCdtNtfctn']?.['Ntfctn']);
}

function listOf(node: Node | undefined): Node[] {
  if (node === undefined) return [];
  return Array.isArray(node) ? node : [node];
}

const REFERENCE = letterReferenceOf(postedSequence([]).sequenceId);

describe('the notification of a posted sequence', () => {
  const notifications = notificationsOf(renderCamt054(postedSequence(FX_PURCHASE)));

  it('has one notification for each account, with its totals', () => {
    expect(
      notifications.map(({ Id, Acct, TxsSummry, Ntry }) => [
        Id,
        Acct?.['Id'],
        TxsSummry,
        listOf(Ntry).length,
      ]),
    ).toEqual([
      [
        `${REFERENCE}-A1`,
        { Othr: { Id: '20000012345678' } },
        {
          TtlNtries: {
            NbOfNtries: '3',
            Sum: '81.96',
            TtlNetNtry: { Amt: '81.96', CdtDbtInd: 'DBIT' },
          },
          TtlDbtNtries: { NbOfNtries: '3', Sum: '81.96' },
        },
        3,
      ],
      ...[
        ['A2', 'GL-SUSP-VISA-GBP', '79.12'],
        ['A3', 'GL-FEE-INC-GBP', '2.37'],
        ['A4', 'GL-TAX-GBP', '0.47'],
      ].map(([place, account, Sum]) => [
        `${REFERENCE}-${place}`,
        { Othr: { Id: account } },
        {
          TtlNtries: { NbOfNtries: '1', Sum, TtlNetNtry: { Amt: Sum, CdtDbtInd: 'CRDT' } },
          TtlCdtNtries: { NbOfNtries: '1', Sum },
        },
        1,
      ]),
    ]);
  });

  it('numbers the entries over all accounts, and says how many the sequence has', () => {
    const entries = notifications.flatMap(({ Ntry }) => listOf(Ntry));
    expect(entries.map(({ NtryRef }) => NtryRef)).toEqual(
      ['1-6', '3-6', '5-6', '2-6', '4-6', '6-6'].map((place) => `${REFERENCE}/${place}`),
    );
    for (const { NtryDtls } of entries)
      expect(NtryDtls?.['Btch']).toEqual({ MsgId: REFERENCE, NbOfTxs: '6' });
  });

  it('says each entry as camt has it', () => {
    const [principal] = listOf(notifications[0]?.['Ntry']);
    expect(principal).toEqual({
      NtryRef: `${REFERENCE}/1-6`,
      Amt: { '@Ccy': 'GBP', '#': '79.12' },
      CdtDbtInd: 'DBIT',
      Sts: { Cd: 'BOOK' },
      BookgDt: { Dt: '2026-11-15' },
      ValDt: { Dt: '2026-11-15' },
      AcctSvcrRef: letterReferenceOf(postedSequence(FX_PURCHASE).entries[0]?.entryId ?? ''),
      BkTxCd: {
        Domn: { Cd: 'PMNT', Fmly: { Cd: 'CCRD', SubFmlyCd: 'POSD' } },
        Prtry: { Cd: 'CARDPUR' },
      },
      AmtDtls: {
        InstdAmt: { Amt: { '@Ccy': 'USD', '#': '100.00' } },
        CntrValAmt: {
          Amt: { '@Ccy': 'GBP', '#': '79.12' },
          CcyXchg: { SrcCcy: 'USD', TrgtCcy: 'GBP', UnitCcy: 'USD', XchgRate: '0.7912' },
        },
      },
      NtryDtls: {
        Btch: { MsgId: REFERENCE, NbOfTxs: '6' },
        TxDtls: {
          Refs: {
            EndToEndId: 'NOTPROVIDED',
            TxId: '631910100001',
            Prtry: [
              { Tp: 'STAN', Ref: '100001' },
              { Tp: 'APPROVAL_CODE', Ref: 'A10001' },
              { Tp: 'CARD_TOKEN', Ref: '9208948425451111' },
              { Tp: 'SEQUENCE', Ref: '1/6' },
            ],
          },
          Amt: { '@Ccy': 'GBP', '#': '79.12' },
          CdtDbtInd: 'DBIT',
          CardTx: {
            Card: { CardBrnd: { Id: 'VISA' }, AddtlCardData: 'PAN ending 1111' },
            POI: { Id: { Id: 'TERM0001', Tp: 'OPOI' } },
            Tx: {
              Indv: {
                PmtCntxt: { CardDataNtryMd: 'CICC' },
                TxId: { TxDtTm: '2026-11-15T10:15:00Z', TxRef: '631910100001' },
              },
            },
          },
          AddtlTxInf: 'CORNER FOODS LONDON GB MCC 5411',
        },
      },
      AddtlNtryInf: 'CARD PURCHASE CORNER FOODS LONDON GB',
    });
  });

  it("tells the bank's own accounts of no card", () => {
    const [entry] = listOf(notifications[1]?.['Ntry']);
    const details = entry?.['NtryDtls']?.['TxDtls'];
    expect(Object.keys(details ?? {})).toEqual(['Refs', 'Amt', 'CdtDbtInd']);
    expect(details?.['Refs']).toEqual({
      EndToEndId: 'NOTPROVIDED',
      TxId: '631910100001',
      Prtry: { Tp: 'SEQUENCE', Ref: '2/6' },
    });
  });

  it.each([
    ['domestic purchase', ['POSD', 'POSD']],
    ['purchase in dollars', ['POSD', 'FEES', 'TAXE', 'POSD', 'FEES', 'TAXE']],
    ['refund', ['RIMB', 'RIMB']],
    ['cash abroad with a fee', ['XBCW', 'FEES', 'XBCW', 'FEES']],
    ['purchase with cash', ['POSD', 'CWDL', 'POSD']],
    ['partial reversal', ['POSD', 'POSD', 'FEES', 'FEES']],
  ])('gives each entry of a %s its code', (scenario, codes) => {
    const rendered = notificationsOf(renderCamt054(postedSequence(SEQUENCES[scenario] ?? [])));
    const found = rendered.flatMap(({ Ntry }) =>
      listOf(Ntry).map((entry) => entry['BkTxCd']?.['Domn']?.['Fmly']?.['SubFmlyCd']),
    );
    expect(found).toEqual(codes);
  });

  it('marks what takes back, and names the sequence that it takes back', () => {
    const rendered = notificationsOf(renderCamt054(postedSequence(SEQUENCES['partial reversal'] ?? [])));
    const entries = rendered.flatMap(({ Ntry }) => listOf(Ntry));
    expect(entries.map(({ RvslInd, CdtDbtInd }) => [RvslInd, CdtDbtInd])).toEqual([
      ['true', 'DBIT'],
      ['true', 'CRDT'],
      ['true', 'CRDT'],
      ['true', 'DBIT'],
    ]);
    expect(listOf(entries[0]?.['NtryDtls']?.['TxDtls']?.['Refs']?.['Prtry'])).toContainEqual({
      Tp: 'REVERSAL_OF',
      Ref: letterReferenceOf('5d0c7a86-7cf6-5b52-8a35-4f8f0b6f6c11'),
    });
  });

  it('nets debits and credits of one account', () => {
    const [only] = notificationsOf(
      renderCamt054(postedSequence(SEQUENCES['there and back on one account'] ?? [])),
    );
    expect(only?.['TxsSummry']).toEqual({
      TtlNtries: { NbOfNtries: '2', Sum: '2.00', TtlNetNtry: { Amt: '0.00', CdtDbtInd: 'CRDT' } },
      TtlCdtNtries: { NbOfNtries: '1', Sum: '1.00' },
      TtlDbtNtries: { NbOfNtries: '1', Sum: '1.00' },
    });
  });

  it('goes without card and message where nobody knows them', () => {
    const xml = renderCamt054(
      postedSequence(SEQUENCES['refund'] ?? [], { card: undefined, document: undefined }),
    );
    expect(xml).not.toContain('CardTx');
    expect(xml).toContain('<ValDt>');
  });

  it('holds nothing that looks like a card number', () => {
    for (const legs of Object.values(SEQUENCES))
      expect(isPanFree(renderCamt054(postedSequence(legs)))).toBe(true);
  });

  it.each([
    ['without an entry', []],
    ['with one missing', FX_PURCHASE.slice(0, 5)],
  ])('is refused %s', (_what, legs) => {
    const whole = postedSequence(FX_PURCHASE);
    const entries = whole.entries.slice(0, legs.length);
    expect(() => renderCamt054({ ...whole, entries })).toThrow(
      expect.objectContaining({ code: 'SEQUENCE_INCOMPLETE', retryable: false }),
    );
  });

  it('is refused with an entry there twice', () => {
    const whole = postedSequence(FX_PURCHASE);
    const [first, , ...rest] = whole.entries;
    const entries = first === undefined ? [] : [first, first, ...rest];
    expect(() => renderCamt054({ ...whole, entries })).toThrow(
      expect.objectContaining({ code: 'SEQUENCE_INCOMPLETE' }),
    );
  });
});

describeWithSchemas('the official schemas', () => {
  it('take the notification of every scenario', async () => {
    const documents = Object.values(SEQUENCES).flatMap((legs) => [
      renderCamt054(postedSequence(legs)),
      renderCamt054(postedSequence(legs, { card: undefined, document: undefined })),
    ]);
    expect(documents).toHaveLength(2 * Object.keys(SEQUENCES).length);
    expect(await schemaProblems(CAMT054, documents)).toEqual([]);
  });

  it('take the longest sequence that there can be', async () => {
    const legs = Array.from({ length: 98 }, (_, index) => ['Dr', 'CUST', String(index + 1)] as const);
    const xml = renderCamt054(postedSequence(legs));
    expect(xml).toContain(`<NtryRef>${REFERENCE}/98-98</NtryRef>`);
    expect(await schemaProblems(CAMT054, [xml])).toEqual([]);
  });

  it('find a notification broken that has its totals behind its entries', async () => {
    const xml = renderCamt054(postedSequence(SEQUENCES['domestic purchase'] ?? []));
    const [summary = ''] = /<TxsSummry>.*?<\/TxsSummry>/s.exec(xml) ?? [];
    const broken = xml.replace(summary, '').replace('</Ntfctn>', `${summary}</Ntfctn>`);
    const [problem] = await schemaProblems(CAMT054, [broken]);
    expect(problem).toMatch(/TxsSummry/);
  });

  it('take header and document of an envelope', async () => {
    const header = { from: 'POSTING-ENGINE', to: 'CORE-BANKING' };
    const camt = renderCamt054(postedSequence(FX_PURCHASE), { header });
    const cain = renderCain({ AuthstnInitn: purchaseBody() }, { header });
    for (const [envelope, definition] of [
      [camt, CAMT054],
      [cain, 'cain.001.001.05'],
    ] as const) {
      const [appHdr = ''] = /<AppHdr .*<\/AppHdr>/s.exec(envelope) ?? [];
      const [document = ''] = /<Document .*<\/Document>/s.exec(envelope) ?? [];
      expect(appHdr).toContain(`<MsgDefIdr>${definition}</MsgDefIdr>`);
      expect(await schemaProblems('head.001.001.02', [appHdr])).toEqual([]);
      expect(await schemaProblems(definition, [document])).toEqual([]);
    }
  });
});
