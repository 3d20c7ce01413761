import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { syntheticLoad } from '@payments/ingest/synthetic-load';
import { cainIdentifierOf, renderCain } from '@payments/iso20022';
import { describeWithSchemas, schemaProblems } from '@payments/iso20022/schema-check';
import { isPanFree, type TransactionStandardizedRecord } from '@payments/schemas';
import { standardizeTransaction } from '@payments/standardize/standardize-transaction';
import fc from 'fast-check';
import { lineWith } from '../../../packages/ingest/src/reading.fixture.ts';
import { anyAuthorized } from '../../../packages/standardize/src/any-authorized.fixture.ts';
import { documentsByDefinition, standardizedLines } from './standardized-lines.fixture.ts';

const GENERATED_COUNT = 1_000;
/** Enough lines for so many documents: some are declined. */
const GENERATED_LINES = 1_200;
const SEED = 20;
const ARBITRARY_COUNT = 600;

const sample = readFileSync(new URL('../../../sample/authorizations.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');

/** The thirteen lines of the sample, in their order, and what each becomes. */
const SCENARIOS: readonly (readonly [string, string])[] = [
  ['domestic purchase', 'cain.001.001.05 NOTI'],
  ['the same, transmitted again', 'cain.001.001.05 NOTI'],
  ['purchase in dollars', 'cain.001.001.05 NOTI'],
  ['cash in euro with a surcharge', 'cain.001.001.05 NOTI'],
  ['refund', 'cain.001.001.05 NOTI'],
  ['full reversal', 'cain.005.001.05 NOTI'],
  ['partial reversal', 'cain.005.001.05 ADVC'],
  ['partial approval', 'cain.001.001.05 NOTI'],
  ['purchase in yen', 'cain.001.001.05 NOTI'],
  ['purchase in Kuwaiti dinars', 'cain.001.001.05 NOTI'],
  ['single message with cash', 'cain.003.001.05 NOTI'],
  ['declined purchase', 'DECLINED'],
  ['advice of stand-in processing', 'cain.001.001.05 ADVC'],
];

const standardized = await standardizedLines(sample);
const recordOf = (index: number): TransactionStandardizedRecord | undefined => {
  const line = standardized[index];
  return line?.outcome === 'STANDARDIZED' ? line.record : undefined;
};

function bodyOf({ document }: TransactionStandardizedRecord) {
  return document.AuthstnInitn ?? document.FinInitn ?? document.RvslInitn;
}

describe('the sample scenarios', () => {
  it('are as many as there are lines', () => expect(sample).toHaveLength(SCENARIOS.length));

  it.each(SCENARIOS.map(([scenario, message], index) => [scenario, message, index] as const))(
    '%s: %s',
    (_scenario, message, index) => {
      const record = recordOf(index);
      if (record === undefined) {
        expect(standardized[index]?.outcome).toBe(message);
        return;
      }
      const function_ = bodyOf(record)?.Hdr.MsgFctn;
      expect(`${cainIdentifierOf(record.document)} ${function_}`).toBe(message);
      expect(isPanFree(renderCain(record.document))).toBe(true);
    },
  );
});

describe('trap 8: a message has no year', () => {
  it.each([
    ['sent in December, logged in January', '1231235959', '2027-01-01T00:00:02Z', '2026-12-31T23:59:59Z'],
    [
      'sent in January by a fast clock, logged in December',
      '0101000001',
      '2026-12-31T23:59:59Z',
      '2027-01-01T00:00:01Z',
    ],
  ])('%s', async (_what, sent, loggedAt, expected) => {
    const elements = { 7: sent, 12: sent.slice(4), 13: sent.slice(0, 4) };
    const line = lineWith({ request: elements, response: { 7: sent }, line: { loggedAt } });
    const [read] = await standardizedLines([line]);
    if (read?.outcome !== 'STANDARDIZED') throw new Error(JSON.stringify(read));
    expect(bodyOf(read.record)?.TxId).toMatchObject({
      TrnsmssnDtTm: expected,
      LclDt: expected.slice(0, 10),
      LclTm: expected.slice(11, 19),
    });
  });
});

describeWithSchemas('the official schemas', () => {
  it('take the documents of all sample scenarios', async () => {
    const records = SCENARIOS.flatMap((_scenario, index) => recordOf(index) ?? []);
    expect(records).toHaveLength(12);
    const documents = documentsByDefinition(records);
    expect([...documents].map(([definition, { length }]) => [definition, length])).toEqual([
      ['cain.001.001.05', 9],
      ['cain.005.001.05', 2],
      ['cain.003.001.05', 1],
    ]);
    for (const [definition, xml] of documents) expect(await schemaProblems(definition, xml)).toEqual([]);
  });

  it('take the documents of a thousand generated transactions', async () => {
    const read = await standardizedLines([...syntheticLoad(GENERATED_LINES, SEED)]);
    const records = read
      .flatMap((line) => (line.outcome === 'STANDARDIZED' ? [line.record] : []))
      .slice(0, GENERATED_COUNT);
    expect(records).toHaveLength(GENERATED_COUNT);
    const documents = documentsByDefinition(records);
    expect([...documents.keys()].sort()).toEqual(['cain.001.001.05', 'cain.003.001.05', 'cain.005.001.05']);
    for (const [definition, xml] of documents) {
      expect(await schemaProblems(definition, xml)).toEqual([]);
      expect(xml.filter((text) => !isPanFree(text))).toEqual([]);
    }
  });

  it('take the document of whatever can be authorized', async () => {
    const records = fc.sample(anyAuthorized, ARBITRARY_COUNT).map(standardizeTransaction);
    const documents = documentsByDefinition(records);
    expect(documents.size).toBe(3);
    for (const [definition, xml] of documents) expect(await schemaProblems(definition, xml)).toEqual([]);
  });

  it('find the one broken document among the generated ones', async () => {
    const read = await standardizedLines([...syntheticLoad(50, SEED)]);
    const records = read.flatMap((line) => (line.outcome === 'STANDARDIZED' ? [line.record] : []));
    const xml = documentsByDefinition(records).get('cain.001.001.05') ?? [];
    const broken = xml.with(7, (xml[7] ?? '').replace('<CardDataNtryMd>', '<CardDataNtryMd>X'));
    const problems = await schemaProblems('cain.001.001.05', broken);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every((problem) => problem.startsWith('7.xml'))).toBe(true);
  });
});
