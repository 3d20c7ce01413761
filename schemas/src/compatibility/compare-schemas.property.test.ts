import { expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { opened } from '../generate-validators.ts';
import type { SchemaObject } from '../load-schemas.ts';
import { refusals } from './compare-schemas.ts';
import { UnknownKeywordError } from './schema-parts.ts';

// Small domains, so that two schemas drawn apart often allow the same values.
const PATTERNS = ['^[ab]{1,2}$', '^[abc]{1,2}$', '^a'];
const TEXTS = ['a', 'b', 'c', 'ab', 'cc', ''];
const NAMES = ['a', 'b', 'c'];

const bound = (least: string, most: string, max: number): fc.Arbitrary<SchemaObject> =>
  fc.record(
    { [least]: fc.integer({ min: 0, max }), [most]: fc.integer({ min: 0, max }) },
    { requiredKeys: [] },
  );

const text = fc
  .record({ pattern: fc.constantFrom(...PATTERNS) }, { requiredKeys: [] })
  .chain((form) =>
    bound('minLength', 'maxLength', 2).map((range) => ({ type: 'string', ...form, ...range })),
  );
const number = fc
  .constantFrom('integer', 'number')
  .chain((type) => bound('minimum', 'maximum', 4).map((range) => ({ type, ...range })));
const listed = fc
  .uniqueArray(fc.constantFrom<unknown>(...TEXTS, 0, 1, 2, true, false), { minLength: 1, maxLength: 4 })
  .map((values) => ({ enum: values }));
const boolean = fc.constant({ type: 'boolean' });

const { schema } = fc.letrec<{ schema: SchemaObject; object: SchemaObject; array: SchemaObject }>((tie) => ({
  schema: fc.oneof({ maxDepth: 2 }, text, number, listed, boolean, tie('object'), tie('array')),
  array: fc
    .record({ items: tie('schema'), uniqueItems: fc.boolean() }, { requiredKeys: ['uniqueItems'] })
    .chain((form) => bound('minItems', 'maxItems', 2).map((range) => ({ type: 'array', ...form, ...range }))),
  object: fc
    .record({
      properties: fc.dictionary(fc.constantFrom(...NAMES), tie('schema'), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
      required: fc.subarray(NAMES),
      additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      propertyNames: fc.option(
        fc.subarray(NAMES, { minLength: 1 }).map((names) => ({ enum: names })),
        { nil: undefined },
      ),
    })
    .map(({ propertyNames, ...rest }) => ({
      type: 'object',
      ...rest,
      ...(propertyNames === undefined ? {} : { propertyNames }),
    })),
}));

const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<unknown>(...TEXTS, 0, 1, 2, 3, 1.5, true, false),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

/** A schema, and one that differs from it in a few keywords, here or below. */
const pair = fc.oneof(
  fc.tuple(schema, schema),
  fc.tuple(schema, schema, fc.nat()).map(([one, other, seed]) => [one, mixed(one, other, seed)] as const),
);

const located = (node: SchemaObject) => ({ schema: node, path: 'x', set: new Map() });
const validatorOf = (node: SchemaObject) =>
  new Ajv2020({ strict: false, validateSchema: false }).compile(node);

it.each(['pass', 'refuse'] as const)(
  'a value that is written and refused is foretold, where unknown members %s',
  (unknownMembers) => {
    let agreed = 0;
    fc.assert(
      fc.property(pair, fc.array(value, { minLength: 20, maxLength: 20 }), ([written, read], values) => {
        const found = refusals(located(written), located(read), { unknownMembers, missesMembers: false });
        if (found.length > 0) return;
        const accepts = validatorOf(unknownMembers === 'pass' ? (opened(read) as SchemaObject) : read);
        const mayWrite = validatorOf(written);
        for (const each of values) {
          if (!mayWrite(each)) continue;
          agreed += 1;
          expect({ written, read, each, accepted: accepts(each) }).toMatchObject({ accepted: true });
        }
      }),
      { numRuns: 400 },
    );
    expect(agreed).toBeGreaterThan(50);
  },
);

it('a schema is read by itself', () => {
  const same = { unknownMembers: 'refuse', missesMembers: true } as const;
  fc.assert(
    fc.property(schema, (node) => {
      expect(refusals(located(node), located(structuredClone(node)), same)).toEqual([]);
    }),
  );
});

it('a keyword that is not followed is refused, wherever it stands', () => {
  const planted = { type: 'object', properties: { a: { oneOf: [{ type: 'string' }] } } };
  const reading = { unknownMembers: 'pass', missesMembers: false } as const;
  expect(() => refusals(located(planted), located(planted), reading)).toThrow(UnknownKeywordError);
});

it('a schema that refers to itself is compared, and ends', () => {
  const tree = (pattern: string) => ({
    schema: {
      type: 'object',
      properties: { name: { type: 'string', pattern }, below: { $ref: '#/$defs/tree' } },
      $defs: {
        tree: { type: 'object', properties: { below: { $ref: '#/$defs/tree' }, leaf: { const: pattern } } },
      },
    },
    path: 'x',
  });
  const inSet = ({ schema: node, path }: ReturnType<typeof tree>) => ({
    schema: node,
    path,
    set: new Map([[path, node]]),
  });
  const reading = { unknownMembers: 'pass', missesMembers: false } as const;
  expect(refusals(inSet(tree('a')), inSet(tree('a')), reading)).toEqual([]);
  expect(refusals(inSet(tree('a')), inSet(tree('b')), reading).map(({ field }) => field)).toEqual([
    'name',
    'below.leaf',
  ]);
});

/** One schema with a part of another's keywords. */
function mixed(one: SchemaObject, other: SchemaObject, seed: number): SchemaObject {
  if (one['type'] !== other['type']) return one;
  const entries = Object.entries(other).filter((_entry, index) => (seed >> index) % 2 === 1);
  return { ...one, ...Object.fromEntries(entries) };
}
