import { describe, expect, it } from '@jest/globals';
import { entryIdOf, identifierOf } from '@payments/domain';
import { letterReferenceOf, renderCamt054 } from '@payments/iso20022';
import type { PostingEntry } from '@payments/schemas';
import fc from 'fast-check';
import type { LedgerRow } from '../break.ts';
import { entryReferenceOf } from '../entry-reference.ts';
import { type ExtractFormat, extractFormatOf } from '../extract-format.ts';
import { MemoryPosted } from '../memory-sides.fixture.ts';
import type { PostedSequence } from '../pass-ports.ts';
import { anySequence, rowsOf } from '../posted-sequence.fixture.ts';
import { runPass } from '../run-pass.ts';
import type { BankStatement } from '../statement-line.ts';
import { CamtStatement } from './camt-statement.ts';
import { ExtractStatement } from './extract-statement.ts';

const CRLF = '\r\n';

/** A text in pieces of so many characters, which cut tags and fields in two. */
function textSource(text: string, size = 4096) {
  return async function* () {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
  };
}

/** What a bank says of sequences that it was told of by our own notifications. */
function camtOf(sequences: readonly PostedSequence[]): string {
  return sequences
    .map((sequence) =>
      renderCamt054({ ...sequence, postedAt: sequence.saidAt, entries: postingEntries(sequence) }),
    )
    .join('\n');
}

/** The notification as the statement that a bank sends in the evening. */
function asStatement(xml: string, definition: 'camt.053.001.08' | 'camt.052.001.08'): string {
  const [message, element] = definition.startsWith('camt.053')
    ? ['BkToCstmrStmt', 'Stmt']
    : ['BkToCstmrAcctRpt', 'Rpt'];
  return xml
    .replaceAll('camt.054.001.08', definition)
    .replaceAll('BkToCstmrDbtCdtNtfctn', message ?? '')
    .replaceAll(/(<\/?)Ntfctn>/g, `$1${element}>`);
}

function postingEntries({ sequenceId, transactionId, bookingDate, valueDate, entries = [] }: PostedSequence) {
  return entries.map(
    ({
      number,
      role,
      accountId,
      branch,
      direction,
      minorUnits,
      currency,
      amountTag,
      eventCode,
    }): PostingEntry => ({
      entryId: entryIdOf(sequenceId, number),
      sequence: { id: sequenceId, number, count: entries.length },
      account: { role, accountId, currency, branch },
      direction,
      amount: { minorUnits, currency },
      amountTag,
      eventCode,
      bookingDate,
      valueDate,
      narrative: 'CARD PURCHASE',
      reversal: false,
      sourceEventId: transactionId,
    }),
  );
}

async function rowsIn(statement: BankStatement): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for await (const page of statement.read()) rows.push(...page);
  return rows;
}

const contentOf = ({
  sequenceId,
  number,
  accountId,
  direction,
  minorUnits,
  currency,
  bookingDate,
  valueDate,
}: LedgerRow) =>
  [sequenceId, number, accountId, direction, minorUnits, currency, bookingDate, valueDate].join(' ');

async function findingsOf(posted: readonly PostedSequence[], ledger: BankStatement): Promise<string[]> {
  const pass = runPass({ posted: new MemoryPosted(posted), ledger, settledBefore: '2026-12-01T00:00:00Z' });
  const types: string[] = [];
  for await (const page of pass.findings) types.push(...page.map(({ type }) => type));
  return types;
}

describe('our reference', () => {
  it('is read back from what our notifications write, and from nothing else', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 98 }), fc.nat(98), (uuid, number, more) => {
        const count = Math.min(98, number + more);
        const expected = { sequenceId: uuid, number };
        expect(entryReferenceOf(`${letterReferenceOf(uuid)}/${number}-${count}`)).toEqual(expected);
        expect(entryReferenceOf(`${uuid}/${number}-${count}`)).toEqual(expected);
        expect(entryReferenceOf(`${uuid}/${count + 1}-${count}`)).toBeUndefined();
      }),
    );
    for (const text of ['', 'NOTPROVIDED', '631910100001', `${'Z'.repeat(28)}/1-2`, `${'A'.repeat(27)}/1-2`])
      expect(entryReferenceOf(text)).toBeUndefined();
  });
});

describe('a camt statement', () => {
  it('says the rows that were posted, however its text is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySequence,
        fc.constantFrom('camt.053.001.08', 'camt.052.001.08'),
        fc.integer({ min: 1, max: 3000 }),
        async (sequence, definition, size) => {
          const statement = await CamtStatement.open(
            textSource(asStatement(camtOf([sequence]), definition as 'camt.053.001.08'), size),
          );
          expect((await rowsIn(statement)).map(contentOf).sort()).toEqual(
            rowsOf(sequence).map(contentOf).sort(),
          );
          expect(statement).toMatchObject({ badLines: [], foreign: 0 });
          expect([...(statement.scope.accountIds ?? [])].sort()).toEqual(
            [...new Set((sequence.entries ?? []).map(({ accountId }) => accountId))].sort(),
          );
          expect(await findingsOf([sequence], statement)).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });

  const [sequence] = fc.sample(anySequence, { numRuns: 1, seed: 7 });
  if (sequence === undefined) throw new Error('no sequence was made up');
  const xml = asStatement(camtOf([sequence]), 'camt.053.001.08');
  const count = sequence.entries?.length ?? 0;

  it.each([
    ['Amt', (text: string) => text.replace(/(<Amt[^>]*>)[\d.]+/, '$1many'), 'Amt'],
    ['no currency', (text: string) => text.replace(/(<Ntry>[\s\S]*?<Amt) Ccy="\w+"/, '$1'), 'Amt/@Ccy'],
    ['direction', (text: string) => text.replace(/(<Ntry>[\s\S]*?<CdtDbtInd>)\w+/, '$1BOTH'), 'CdtDbtInd'],
    ['no booking date', (text: string) => text.replace(/<BookgDt>[\s\S]*?<\/BookgDt>/, ''), 'BookgDt'],
    [
      'a day that there is not',
      (text: string) => text.replace(/(<ValDt>\s*<Dt>)[\d-]+/, '$12026-02-30'),
      'ValDt',
    ],
    ['tags', (text: string) => text.replace('</BookgDt>', '</Bookg>'), 'Ntry'],
  ])(
    'names the line and the field that it cannot read, and loses nothing else: %s',
    async (_what, spoil, field) => {
      // Totals of the account stand before the entries.
      const at = xml.indexOf('<Ntry>');
      const spoilt = xml.slice(0, at) + spoil(xml.slice(at));
      const statement = await CamtStatement.open(textSource(spoilt));
      expect(statement.badLines).toMatchObject([{ field }]);
      const line = statement.badLines[0]?.line ?? 0;
      const first = xml.slice(0, at).split('\n').length;
      expect(line).toBeGreaterThanOrEqual(first);
      expect(await rowsIn(statement)).toHaveLength(count - 1);
    },
  );

  it('counts what the bank booked for others, and nothing that is not booked', async () => {
    const others = xml
      .replace(/<NtryRef>[^<]*</, '<NtryRef>SALARY<')
      .replace(/<MsgId>[A-Z]{28}<\/MsgId>(?=\s*<NbOfTxs)/, '');
    const statement = await CamtStatement.open(textSource(others));
    expect(statement.foreign).toBe(1);
    expect(await rowsIn(statement)).toHaveLength(count - 1);
    const pending = await CamtStatement.open(textSource(xml.replace('<Cd>BOOK</Cd>', '<Cd>PDNG</Cd>')));
    expect(await rowsIn(pending)).toHaveLength(count - 1);
    expect(pending.foreign).toBe(0);
  });

  it('finds our reference where a bank repeats it among the details', async () => {
    const reference = `${letterReferenceOf(sequence.sequenceId)}/1-${count}`;
    const moved = xml
      .replace(`<NtryRef>${reference}</NtryRef>`, '<NtryRef>1</NtryRef>')
      .replace(/<EndToEndId>NOTPROVIDED/, `<EndToEndId>${reference}`)
      .replace(/<MsgId>[A-Z]{28}<\/MsgId>(?=\s*<NbOfTxs)/, '');
    expect(await rowsIn(await CamtStatement.open(textSource(moved)))).toHaveLength(count);
    const beside = xml.replace(`<NtryRef>${reference}</NtryRef>`, '');
    expect(await rowsIn(await CamtStatement.open(textSource(beside)))).toHaveLength(count);
  });

  it('takes an entry with several details for as many rows', async () => {
    const refs = (number: number) =>
      `<Refs><EndToEndId>${letterReferenceOf(sequence.sequenceId)}/${number}-2</EndToEndId></Refs>`;
    const batch = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
      <Acct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id></Acct>
      <!-- <Ntry> that is none -->
      <Ntry><Amt Ccy="GBP">3.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><DtTm>2026-11-22T10:00:00Z</DtTm></BookgDt><ValDt><Dt>2026-11-22</Dt></ValDt>
        <NtryDtls><TxDtls>${refs(1)}<Amt Ccy="GBP">1</Amt></TxDtls>
          <TxDtls>${refs(2)}<Amt Ccy="GBP">2.0</Amt></TxDtls></NtryDtls></Ntry>
      </Stmt></BkToCstmrStmt></Document>`;
    const accountIdOf = (iban: string) => (iban.startsWith('GB33') ? 'ACC-0001' : undefined);
    const rows = await rowsIn(await CamtStatement.open(textSource(batch, 7), { accountIdOf }));
    expect(rows).toMatchObject([
      { number: 1, minorUnits: '100', accountId: 'ACC-0001', bookingDate: '2026-11-22', direction: 'DEBIT' },
      { number: 2, minorUnits: '200' },
    ]);
    expect(new Set(rows.map(({ rowId }) => rowId)).size).toBe(2);
  });

  it('refuses what is no such message, or ends too early', async () => {
    for (const text of [
      '',
      'number,amount',
      xml.replaceAll('camt.053.001.08', 'camt.053.001.02'),
      xml.slice(0, -200 - xml.length / 3),
    ])
      await expect(CamtStatement.open(textSource(text))).rejects.toThrow(/known are|ends too early/);
  });
});

describe('an extract', () => {
  const format: ExtractFormat = {
    columns: {
      reference: 'Our ref',
      account: 'Account',
      direction: 'D/C',
      amount: 'Amount',
      currency: 'Ccy',
      bookingDate: 'Booked',
      valueDate: 'Value',
    },
    separator: ';',
    dates: 'DD/MM/YYYY',
  };
  const HEAD = 'Booked;Value;"Our ref";Account;Narrative;"D/C";Amount;Ccy';
  const british = (date: string): string => date.split('-').reverse().join('/');
  const lineOf = (row: LedgerRow): string =>
    [
      british(row.bookingDate),
      british(row.valueDate),
      `${row.sequenceId}/${row.number}-98`,
      row.accountId,
      '"CARD; ""PURCHASE""\nLONDON"',
      row.direction.slice(0, 1),
      `${row.minorUnits.slice(0, -2) || '0'}.${row.minorUnits.slice(-2).padStart(2, '0')}`,
      row.currency,
    ].join(';');

  it('says the rows that were posted, however its text is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySequence, { maxLength: 5 }),
        fc.integer({ min: 1, max: 500 }),
        async (sequences, size) => {
          const rows = sequences.flatMap(rowsOf);
          const text = [HEAD, ...rows.map(lineOf), ''].join(CRLF);
          const statement = await ExtractStatement.open(textSource(text, size), format);
          expect((await rowsIn(statement)).map(contentOf)).toEqual(rows.map(contentOf));
          expect(statement).toMatchObject({ badLines: [], foreign: 0 });
          expect(new Set((await rowsIn(statement)).map(({ rowId }) => rowId)).size).toBe(rows.length);
        },
      ),
    );
  });

  it('names the line and the field that it cannot read, and loses nothing else', async () => {
    const good = `20/11/2026;20/11/2026;${identifierOf('sequence', 'a')}/1-2;ACC-0001;x;D;25.99;GBP`;
    const lines = [
      HEAD,
      good,
      good.replace('25.99', '25.999'),
      good.replace(';D;', ';X;'),
      good.replace('20/11/2026;20', '31/02/2026;20'),
      good.replace('ACC-0001', ''),
      good.replace('GBP', 'XYQ'),
      good.replace('/1-2', ''),
      '20/11/2026;too;short',
      good,
    ];
    const statement = await ExtractStatement.open(textSource(lines.join('\n')), format);
    expect(statement.badLines.map(({ line, field }) => `${line} ${field}`)).toEqual([
      '3 Amount',
      '4 D/C',
      '5 Booked',
      '6 Account',
      '7 Amount',
      '9 line',
    ]);
    expect(statement.foreign).toBe(1);
    expect(await rowsIn(statement)).toHaveLength(2);
  });

  it('reads minor units, dates in digits, and the place in a column of its own', async () => {
    const columns = { ...format.columns, number: 'No', rowId: 'Key', eventCode: 'Event', scheme: 'Scheme' };
    const text = `Key,No,Our ref,Account,D/C,Amount,Ccy,Booked,Value,Event,Scheme
k1,2,${letterReferenceOf(identifierOf('sequence', 'a'))},ACC-0001,DB,2599,GBP,20261120,20261121,CARDPUR,VISA
k2,0,${identifierOf('sequence', 'a')},ACC-0001,CR,2599,GBP,20261120,20261121,CARDPUR,VISA`;
    const statement = await ExtractStatement.open(textSource(text), {
      columns,
      debit: 'DB',
      credit: 'CR',
      amounts: 'MINOR_UNITS',
      dates: 'YYYYMMDD',
    });
    expect(statement.scope).toEqual({ scheme: true, eventCode: true, valueDate: true });
    expect(statement.badLines).toMatchObject([{ line: 3, field: 'No' }]);
    expect(await rowsIn(statement)).toEqual([
      {
        rowId: 'k1',
        sequenceId: identifierOf('sequence', 'a'),
        number: 2,
        accountId: 'ACC-0001',
        direction: 'DEBIT',
        minorUnits: '2599',
        currency: 'GBP',
        bookingDate: '2026-11-20',
        valueDate: '2026-11-21',
        eventCode: 'CARDPUR',
        scheme: 'VISA',
      },
    ]);
  });

  it('has a format that says what it should, and nothing else', () => {
    expect(extractFormatOf(format)).toBe(format);
    const { bookingDate: _, ...columns } = format.columns;
    const wrong = {
      ...format,
      columns: { ...columns, valeuDate: 'Value' },
      separator: ';;',
      dates: 'MM/DD',
      x: 1,
    };
    expect(() => extractFormatOf(wrong)).toThrow(
      'there is no x; there is no columns.valeuDate; columns.bookingDate is needed; separator is one character; dates is',
    );
    expect(() => extractFormatOf([])).toThrow();
  });

  it('refuses an extract without a column that is named, or with a quote without an end', async () => {
    await expect(ExtractStatement.open(textSource('a;b\n'), format)).rejects.toThrow(/no column Our ref/);
    await expect(ExtractStatement.open(textSource(''), format)).rejects.toThrow(/empty/);
    await expect(ExtractStatement.open(textSource(`${HEAD}\n"open`), format)).rejects.toThrow(/quote/);
  });
});
