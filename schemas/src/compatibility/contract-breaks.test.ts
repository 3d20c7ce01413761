import { describe, expect, it } from '@jest/globals';
import { loadSchemas, type SchemaObject } from '../load-schemas.ts';
import { breaksOf, contractBreaks, type Direction } from './contract-breaks.ts';
import { type ContractPlace, contractPlaces, withSchema } from './contract-places.fixture.ts';
import { contractSet } from './contract-set.ts';

const released = contractSet(loadSchemas());
const places = contractPlaces(released, 'events');
const documentPlaces = contractPlaces(released, 'configuration');

interface Change {
  /** Undefined where the change cannot be made to a schema. */
  readonly change: (schema: SchemaObject) => SchemaObject | undefined;
  readonly breaks: readonly Direction[];
  /** The member that the break is about, where it is not the changed schema's own field. */
  readonly member?: (schema: SchemaObject) => string | undefined;
}

const propertiesOf = (schema: SchemaObject): Readonly<Record<string, unknown>> =>
  (schema['properties'] ?? {}) as Readonly<Record<string, unknown>>;
const requiredOf = (schema: SchemaObject): readonly string[] => (schema['required'] ?? []) as string[];
const optionalOf = (schema: SchemaObject): string | undefined =>
  Object.keys(propertiesOf(schema)).find((name) => !requiredOf(schema).includes(name));
const isObject = (schema: SchemaObject): boolean => schema['properties'] !== undefined;
const without = (schema: SchemaObject, keyword: string): SchemaObject => {
  const { [keyword]: _, ...rest } = schema;
  return rest;
};
const withMember = (schema: SchemaObject, name: string, member: unknown): SchemaObject => ({
  ...schema,
  properties: { ...propertiesOf(schema), [name]: member },
});
/** Moves a limit by one, where a schema has it. */
const moved =
  (keyword: string, by: 1 | -1) =>
  (schema: SchemaObject): SchemaObject | undefined =>
    typeof schema[keyword] === 'number' ? { ...schema, [keyword]: schema[keyword] + by } : undefined;
const enumOf = (schema: SchemaObject): readonly unknown[] | undefined =>
  schema['enum'] as readonly unknown[] | undefined;

const BOUNDS: Readonly<Record<string, Change>> = Object.fromEntries(
  ['minimum', 'minLength', 'minItems', 'minProperties'].flatMap((least): [string, Change][] => {
    const most = least.replace('min', 'max');
    return [
      [`${least} raised`, { change: moved(least, 1), breaks: ['backward'] }],
      [`${least} lowered`, { change: moved(least, -1), breaks: ['forward'] }],
      [`${most} raised`, { change: moved(most, 1), breaks: ['forward'] }],
      [`${most} lowered`, { change: moved(most, -1), breaks: ['backward'] }],
    ];
  }),
);

const BREAKING: Readonly<Record<string, Change>> = {
  ...BOUNDS,
  'a required member may be missing': {
    change: (schema) =>
      requiredOf(schema).length > 0 ? { ...schema, required: requiredOf(schema).slice(1) } : undefined,
    breaks: ['forward'],
    member: (schema) => requiredOf(schema)[0],
  },
  'an optional member is required': {
    change: (schema) => {
      const name = optionalOf(schema);
      return name === undefined ? undefined : { ...schema, required: [...requiredOf(schema), name] };
    },
    breaks: ['backward'],
    member: optionalOf,
  },
  'a new member is required': {
    change: (schema) =>
      isObject(schema)
        ? {
            ...withMember(schema, 'planted', { type: 'boolean' }),
            required: [...requiredOf(schema), 'planted'],
          }
        : undefined,
    breaks: ['backward'],
    member: () => 'planted',
  },
  'a member is gone': {
    change: (schema) => {
      const name = Object.keys(propertiesOf(schema)).at(-1);
      if (name === undefined) return undefined;
      const required = requiredOf(schema).filter((each) => each !== name);
      return { ...schema, properties: without(propertiesOf(schema), name), required };
    },
    breaks: ['forward'],
    member: (schema) => Object.keys(propertiesOf(schema)).at(-1),
  },
  'another type': {
    change: (schema) =>
      typeof schema['type'] === 'string'
        ? { ...schema, type: schema['type'] === 'string' ? 'integer' : 'string' }
        : undefined,
    breaks: ['backward', 'forward'],
  },
  'a pattern changed': {
    change: (schema) =>
      typeof schema['pattern'] === 'string' ? { ...schema, pattern: `${schema['pattern']}|^x$` } : undefined,
    breaks: ['backward', 'forward'],
  },
  'a pattern dropped': {
    change: (schema) => (schema['pattern'] === undefined ? undefined : without(schema, 'pattern')),
    breaks: ['forward'],
  },
  'a format dropped': {
    change: (schema) => (schema['format'] === undefined ? undefined : without(schema, 'format')),
    breaks: ['forward'],
  },
  'another format': {
    change: (schema) => (schema['format'] === undefined ? undefined : { ...schema, format: 'planted' }),
    breaks: ['backward', 'forward'],
  },
  'a value added': {
    change: (schema) => {
      const values = enumOf(schema);
      return values === undefined ? undefined : { ...schema, enum: [...values, 'PLANTED'] };
    },
    breaks: ['forward'],
  },
  'a value gone': {
    change: (schema) => {
      const values = enumOf(schema);
      return values === undefined ? undefined : { ...schema, enum: values.slice(1) };
    },
    breaks: ['backward'],
  },
  'values no longer listed': {
    change: (schema) =>
      enumOf(schema) === undefined
        ? undefined
        : { ...without(schema, 'enum'), type: 'string', pattern: '^.*$' },
    breaks: ['forward'],
  },
  'another constant': {
    change: (schema) => (schema['const'] === undefined ? undefined : { ...schema, const: 'PLANTED' }),
    breaks: ['backward', 'forward'],
  },
  'equal items allowed': {
    change: (schema) => (schema['uniqueItems'] === true ? without(schema, 'uniqueItems') : undefined),
    breaks: ['forward'],
  },
  'equal items refused': {
    change: (schema) =>
      schema['type'] === 'array' && schema['uniqueItems'] !== true
        ? { ...schema, uniqueItems: true }
        : undefined,
    breaks: ['backward'],
  },
  'items of another type': {
    change: (schema) => (schema['items'] === undefined ? undefined : { ...schema, items: { type: 'null' } }),
    breaks: ['backward', 'forward'],
  },
};

const COMPATIBLE: Readonly<Record<string, Change['change']>> = {
  'an optional member added': (schema) =>
    isObject(schema) ? withMember(schema, 'planted', { type: 'string', pattern: '^[A-Z]{3}$' }) : undefined,
  'another description': (schema) => ({ ...schema, description: 'Planted.' }),
  'members required in another order': (schema) =>
    schema['required'] === undefined ? undefined : { ...schema, required: requiredOf(schema).toReversed() },
  'values in another order': (schema) => {
    const values = enumOf(schema);
    return values === undefined ? undefined : { ...schema, enum: values.toReversed() };
  },
  'members in another order': (schema) =>
    isObject(schema)
      ? { ...schema, properties: Object.fromEntries(Object.entries(propertiesOf(schema)).toReversed()) }
      : undefined,
  'a constant as a list of one': (schema) =>
    schema['const'] === undefined ? undefined : { ...without(schema, 'const'), enum: [schema['const']] },
};

/** The breaks of the contract that a place is reached by when the schema there changes. */
function breaksAfter(place: ContractPlace, change: Change['change']) {
  const changed = change(place.schema);
  if (changed === undefined) return undefined;
  const present = withSchema(released, place, () => changed);
  return breaksOf(place.contract, released.get(place.contract) ?? {}, released, present);
}

describe('contractBreaks', () => {
  it('finds nothing between contracts and themselves', () => {
    expect(contractBreaks(released, released)).toEqual([]);
    expect(places.length).toBeGreaterThan(250);
  });

  it.each(Object.entries(BREAKING))('finds, in every contract of an event: %s', (_title, planted) => {
    let found = 0;
    for (const place of places) {
      const breaks = breaksAfter(place, planted.change);
      if (breaks === undefined) continue;
      const name = planted.member?.(place.schema);
      const field = [place.field, name].filter((part) => part !== undefined && part !== '').join('.');
      // Items that may be nothing of what they were are told of by the field of an item.
      const told = breaks.filter((each) => each.field === field || each.field === `${field}[]`);
      const directions = [...new Set(told.map(({ direction }) => direction))].sort();
      expect({ ...placeOf(place), directions }).toEqual({ ...placeOf(place), directions: planted.breaks });
      found += 1;
    }
    expect(found).toBeGreaterThan(0);
  });

  it.each(Object.entries(COMPATIBLE))('lets pass, in every contract: %s', (_title, change) => {
    const outcomes = [...places, ...documentPlaces].map((place) => breaksAfter(place, change));
    const made = outcomes.filter((outcome) => outcome !== undefined);
    expect(made.length).toBeGreaterThan(0);
    expect(made.flat()).toEqual([]);
  });

  it('finds a contract that is gone, unless it is retired', () => {
    const path = 'events/transaction-posted.v1.json';
    const present = new Map(released);
    present.delete(path);
    expect(contractBreaks(released, present)).toEqual([
      {
        contract: path,
        title: 'TransactionPosted',
        direction: 'backward',
        field: '',
        says: 'the contract is gone',
      },
    ]);
    expect(contractBreaks(released, present, new Set([path]))).toEqual([]);
  });

  it('finds an event that has another name', () => {
    const place = { file: 'events/transaction-posted.v1.json', pointer: [] };
    const present = withSchema(released, place, (schema) => ({ ...schema, title: 'Posted' }));
    expect(contractBreaks(released, present).map(({ says }) => says)).toEqual([
      'is now Posted, which rules for TransactionPosted do not see',
    ]);
  });

  it('lets a new contract pass, and one major version beside another', () => {
    const schema = released.get('events/transaction-posted.v1.json') ?? {};
    const present = new Map(released).set('events/transaction-posted.v2.json', { ...schema, required: [] });
    expect(contractBreaks(released, present)).toEqual([]);
  });

  it('tells of a shared schema in every contract that uses it', () => {
    const place = { file: 'shared/money.v1.json', pointer: ['properties', 'currency'] };
    const present = withSchema(released, place, (schema) => ({ ...schema, pattern: '^[A-Z]{4}$' }));
    const contracts = new Set(contractBreaks(released, present).map(({ contract }) => contract));
    expect(contracts.size).toBeGreaterThan(10);
    expect(contracts).toContain('events/posting-entry-created.v1.json');
    expect([...contracts].some((contract) => contract.startsWith('shared/'))).toBe(false);
  });

  it('asks of documents that we alone read only that old ones stay readable', () => {
    const environment = { file: 'configuration/environment.v1.json', pointer: ['properties', 'region'] };
    const wider = withSchema(released, environment, (schema) => without(schema, 'pattern'));
    expect(contractBreaks(released, wider)).toEqual([]);
    const gone = withSchema(released, { ...environment, pointer: ['properties'] }, (members) =>
      without(members, 'region'),
    );
    expect(contractBreaks(released, gone)).toMatchObject([
      { direction: 'backward', field: 'region', says: 'is a member that is not known' },
    ]);
  });
});

function placeOf({ contract, field, file }: ContractPlace) {
  return { contract, field, file };
}
