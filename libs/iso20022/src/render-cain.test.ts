import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { CainDocument } from '@payments/schemas';
import { TransactionStandardizedRecord } from '@payments/schemas/closed/transaction-standardized';
import { fullBody, purchaseBody, standardized } from './cain.fixture.ts';
import { CAIN } from './cain-elements.ts';
import { cainIdentifierOf, renderCain } from './render-cain.ts';
import { describeWithSchemas, schemaOf, schemaProblems } from './schema-check.fixture.ts';

const CONTRACT = JSON.parse(
  readFileSync(new URL('../../../schemas/shared/cain-body.v1.json', import.meta.url), 'utf8'),
) as SchemaNode;
const ROOTS = ['AuthstnInitn', 'FinInitn', 'RvslInitn'] as const;

const documentOf = (root: (typeof ROOTS)[number], body = purchaseBody()): CainDocument => ({ [root]: body });

describe('a card message as XML', () => {
  it('has its elements in schema order, whatever the order of the members', () => {
    const xml = renderCain({ RvslInitn: fullBody() });
    const names = [...xml.matchAll(/<([A-Za-z]+)[ >]/g)].map(([, name]) => name);
    expect(names.slice(0, 12)).toEqual([
      'Document',
      'RvslInitn',
      'Hdr',
      'MsgFctn',
      'PrtcolVrsn',
      'XchgId',
      'ReTrnsmssnCntr',
      'CreDtTm',
      'InitgPtyId',
      'TxChrtcs',
      'TxTp',
      'TxAttr',
    ]);
    // A reversal has the fallback behind the capture date, the other two before it.
    expect(xml.indexOf('<ICCFllbck>')).toBeGreaterThan(xml.indexOf('<CaptrDt>'));
    const authorization = renderCain({ AuthstnInitn: fullBody() });
    expect(authorization.indexOf('<ICCFllbck>')).toBeLessThan(authorization.indexOf('<CaptrDt>'));
  });

  it('is of the namespace of its definition', () => {
    expect(ROOTS.map((root) => cainIdentifierOf(documentOf(root)))).toEqual([
      'cain.001.001.05',
      'cain.003.001.05',
      'cain.005.001.05',
    ]);
    expect(renderCain(documentOf('FinInitn')).split('\n').slice(0, 3)).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:cain.003.001.05">',
      '  <FinInitn>',
    ]);
  });

  it('escapes what XML would read as markup, and keeps blanks that belong to a text', () => {
    const xml = renderCain({ AuthstnInitn: fullBody() });
    expect(xml).toContain('<TxDesc>CARD PURCHASE &lt;CORNER&gt; &amp; "FOODS"</TxDesc>');
    expect(xml).toContain('<NmAndLctn>CORNER FOODS             LONDON       GB</NmAndLctn>');
  });

  it('replaces a character that XML cannot hold', () => {
    const Accptr = { Id: 'M1', NmAndLctn: 'CAF\u00c9 \ud83c\udf55 \ud83c \ufffe END' };
    const xml = renderCain({ AuthstnInitn: purchaseBody({ Accptr }) });
    expect(xml).toContain('<NmAndLctn>CAF\u00c9 \ud83c\udf55 \ufffd \ufffd END</NmAndLctn>');
  });

  it('knows a place for every element of the contract', () => {
    const known = new Set(
      Object.entries(CAIN.AuthstnInitn.elements).flatMap(([path, names]) =>
        names.split(' ').map((name) => (path === '' ? name : `${path}/${name}`)),
      ),
    );
    const missing = pathsOf(CONTRACT).filter((path) => !known.has(path));
    expect(missing).toEqual([]);
  });

  it('is tested with every element of the contract', () => {
    const written = renderCain({ AuthstnInitn: fullBody() });
    const unwritten = pathsOf(CONTRACT).filter((path) => !written.includes(`<${path.split('/').at(-1)}>`));
    expect(unwritten).toEqual([]);
  });

  it.each([
    ['DOCUMENT_ROOT_MISSING', {}],
    ['DOCUMENT_ROOT_MISSING', { AuthstnInitn: purchaseBody(), RvslInitn: purchaseBody() }],
    ['DOCUMENT_ROOT_MISSING', { AuthstnRspn: purchaseBody() }],
    ['ELEMENT_UNKNOWN', { AuthstnInitn: { ...purchaseBody(), ICCRltdData: '9F26' } }],
    [
      'ELEMENT_UNKNOWN',
      { AuthstnInitn: { ...purchaseBody(), Card: { ...purchaseBody().Card, Trck2: 'x' } } },
    ],
    ['ELEMENT_UNREADABLE', { AuthstnInitn: { ...purchaseBody(), SttlmSvc: { Dt: 20261115 } } }],
    [
      'CARD_NUMBER',
      { AuthstnInitn: { ...purchaseBody(), Card: { PAN: `${'4'.padEnd(15, '1')}1`, Schme: 'VISA' } } },
    ],
  ])('is refused with %s', (code, document) => {
    expect(() => renderCain(document as CainDocument)).toThrow(
      expect.objectContaining({ code, retryable: false }),
    );
  });
});

describeWithSchemas('the official schemas', () => {
  it.each(ROOTS)('take %s with every element that we carry', async (root) => {
    const body = fullBody();
    expect(TransactionStandardizedRecord(standardized(documentOf(root, body)))).toBe(true);
    const xml = renderCain(documentOf(root, body));
    expect(await schemaProblems(cainIdentifierOf(documentOf(root)), [xml])).toEqual([]);
  });

  it.each(ROOTS)('take %s with nothing but what must be there', async (root) => {
    const { Hdr, TxChrtcs, Acqrr, Card, TxId, TxAmts, Cntxt, PrcgRslt } = purchaseBody();
    const xml = renderCain({
      [root]: { Hdr, TxChrtcs, Acqrr, Card, TxId, TxAmts, PrcgRslt, ...(Cntxt && { Cntxt }) },
    });
    expect(await schemaProblems(cainIdentifierOf(documentOf(root)), [xml])).toEqual([]);
  });

  it.each([
    ['a missing element', '<SysTracAudtNb>100001</SysTracAudtNb>', ''],
    ['an element in the wrong place', '<TxTp>00</TxTp>', '<TxDesc>x</TxDesc><TxTp>00</TxTp>'],
    ['a code that is none', '<CardDataNtryMd>ICCY</CardDataNtryMd>', '<CardDataNtryMd>CHIP</CardDataNtryMd>'],
    ['an amount with a comma', '<Amt>25.99</Amt>', '<Amt>25,99</Amt>'],
  ])('find %s', async (_what, from, to) => {
    const broken = renderCain(documentOf('AuthstnInitn')).replace(from, to);
    const problems = await schemaProblems('cain.001.001.05', [
      renderCain(documentOf('AuthstnInitn')),
      broken,
    ]);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every((problem) => problem.startsWith('1.xml'))).toBe(true);
  });

  it.each(ROOTS)('have the elements of %s in the order of our table', (root) => {
    const { identifier, elements } = CAIN[root];
    const types = typesOf(schemaOf(identifier));
    for (const [path, names] of Object.entries(elements)) {
      let type = types.get('Document')?.get(root) ?? '';
      for (const step of path === '' ? [] : path.split('/')) type = types.get(type)?.get(step) ?? '';
      const official = [...(types.get(type)?.keys() ?? [])];
      const ours = names.split(' ');
      expect({ path, ours: official.filter((name) => ours.includes(name)) }).toEqual({ path, ours });
    }
  });
});

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

/** The paths of all members that a JSON Schema names. */
function pathsOf({ properties = {} }: SchemaNode, path = ''): string[] {
  return Object.entries(properties).flatMap(([name, node]) => {
    const here = path === '' ? name : `${path}/${name}`;
    return [here, ...pathsOf(node.items ?? node, here)];
  });
}

/** The complex types of an XML schema: the names of their elements in order, with the type of each. */
function typesOf(schema: string): Map<string, Map<string, string>> {
  const types = new Map<string, Map<string, string>>();
  for (const [, name = '', content = ''] of schema.matchAll(
    /<xs:complexType name="(\w+)">(.*?)<\/xs:complexType>/gs,
  )) {
    const elements = new Map<string, string>();
    for (const [element] of content.matchAll(/<xs:element [^>]*>/g)) {
      const attribute = (key: string) => new RegExp(`${key}="(\\w+)"`).exec(element)?.[1] ?? '';
      elements.set(attribute('name'), attribute('type'));
    }
    types.set(name, elements);
  }
  return types;
}
