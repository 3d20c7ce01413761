import { describe, expect, it } from '@jest/globals';
import { contracts } from './generated/contracts.ts';
import { baseName, type SchemaObject } from './load-schemas.ts';
import { branchesOf, KEYWORDS, schemaFiles, schemasIn } from './walk-value.fixture.ts';

const events = schemaFiles.filter(({ path }) => path.startsWith('events/'));
const everySchema = schemaFiles.flatMap((file) =>
  [...schemasIn(file.schema)].map((schema) => ({ file, schema })),
);
const BASE = 'https://payments.example/schemas/';

describe('every schema', () => {
  it('is named by where it lies', () => {
    for (const { path, schema } of schemaFiles) expect(schema['$id']).toBe(`${BASE}${path}`);
  });

  it('has a title that no other has', () => {
    const titles = everySchema.flatMap(({ schema }) => (isTitle(schema['title']) ? [schema['title']] : []));
    expect(titles.length).toBeGreaterThanOrEqual(schemaFiles.length + events.length);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('has a file name that no other has, for its examples and validators are named by it', () => {
    const names = schemaFiles.map(({ path }) => baseName(path));
    expect(new Set(names).size).toBe(names.length);
  });

  it('uses no keyword that these tests do not follow', () => {
    const unknown = everySchema.flatMap(({ file, schema }) =>
      Object.keys(schema).flatMap((keyword) => (KEYWORDS.has(keyword) ? [] : [`${file.path}: ${keyword}`])),
    );
    expect(unknown).toEqual([]);
  });

  it('closes every object, but for the condition of a rule, which is JSON Logic, and what its tests give it', () => {
    const left = everySchema
      .filter(({ schema }) => schema['type'] === 'object' && !isClosed(schema))
      .map(({ file, schema }) => `${file.path}: ${schema['description']}`);
    expect(left).toEqual([
      'configuration/rule-set.v1.json: JSON Logic; the rule speaks when it is true.',
      'configuration/rule-set.v1.json: Members of an enriched transaction that differ from an ordinary one.',
    ]);
  });

  it('gives every string a form, so that free text is only what `text` allows', () => {
    const formless = everySchema.filter(
      ({ schema }) => schema['type'] === 'string' && schema['pattern'] === undefined,
    );
    expect(formless).toEqual([]);
    const formats = everySchema.filter(({ schema }) => schema['format'] !== undefined);
    expect(formats.map(({ file }) => file.path)).toEqual([
      // An IBAN has right check digits, which no pattern can say.
      'shared/account.v1.json',
      // A token is a number of a card's length and must not pass for one.
      'shared/cain-body.v1.json',
      'shared/card.v1.json',
      'shared/text.v1.json',
    ]);
  });

  it('requires only members that it names', () => {
    for (const { schema } of everySchema)
      for (const name of (schema['required'] ?? []) as string[])
        expect(Object.keys(branchesOf(schema).properties)).toContain(name);
  });
});

describe.each(events.map((file) => [file.title, file] as const))(
  'the event %s',
  (title, { path, schema }) => {
    const version = Number(/\.v(\d+)\.json$/.exec(path)?.[1]);
    const record = branchesOf(schema).definitions['record'] ?? {};

    it('lies in the file of its name', () => {
      expect(baseName(path)).toBe(title.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase());
      expect(record['title']).toBe(`${title}Record`);
    });

    it('says the version of its file in its metadata', () => {
      const metadata = String(branchesOf(schema).properties['metadata']?.['$ref']).replace('../', '');
      const { properties } = branchesOf(schemaFiles.find((file) => file.path === metadata)?.schema ?? {});
      expect(properties['schemaVersion']?.['const']).toBe(version);
      expect(contracts[title as keyof typeof contracts].version).toBe(version);
    });

    it('has metadata and at least one record', () => {
      expect(schema['required']).toEqual(['metadata', 'records']);
      expect(branchesOf(schema).properties['records']).toMatchObject({
        minItems: 1,
        items: { $ref: '#/$defs/record' },
      });
    });

    it('has in every record what identifies it', () => {
      expect(record['required']).toEqual(
        expect.arrayContaining(['transactionId', 'idempotencyKey', 'scheme', 'loggedAt']),
      );
    });
  },
);

function isTitle(title: unknown): title is string {
  return typeof title === 'string';
}

/** Its members are named one by one, or their names are a list or have a form. */
function isClosed(schema: SchemaObject): boolean {
  if (schema['additionalProperties'] === false) return true;
  const names = schema['propertyNames'] as SchemaObject | undefined;
  const saysNames = Array.isArray(names?.['enum']) || typeof names?.['pattern'] === 'string';
  return branchesOf(schema).additional !== undefined && saysNames;
}
