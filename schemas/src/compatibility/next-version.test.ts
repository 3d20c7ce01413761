import { expect, it } from '@jest/globals';
import type { SchemaObject } from '../load-schemas.ts';
import { nextVersion } from './next-version.ts';

const posted: SchemaObject = {
  title: 'Posted',
  description: 'Booked.',
  properties: { description: { type: 'string' } },
};
const contracts = new Map([['events/posted.v1.json', posted]]);
const release = { version: '1.2.3', contracts };
const none: ReadonlySet<string> = new Set();

it('the first release has the first version', () => {
  expect(nextVersion(undefined, contracts, none)).toBe('1.0.0');
});

it('what is the same is not released again', () => {
  expect(nextVersion(release, new Map(contracts), none)).toBeUndefined();
});

it('words alone are a patch', () => {
  const present = new Map([['events/posted.v1.json', { ...posted, description: 'Booked wholly.' }]]);
  expect(nextVersion(release, present, none)).toBe('1.2.4');
});

it('a new member, also one that is called description, is a minor version', () => {
  const properties = { description: { type: 'string' }, more: { type: 'string' } };
  expect(nextVersion(release, new Map([['events/posted.v1.json', { ...posted, properties }]]), none)).toBe(
    '1.3.0',
  );
  const other = new Map([
    ['events/posted.v1.json', { ...posted, properties: { description: { type: 'integer' } } }],
  ]);
  expect(nextVersion(release, other, none)).toBe('1.3.0');
});

it('a new contract is a minor version, a new major version of one a major', () => {
  expect(nextVersion(release, new Map(contracts).set('events/found.v1.json', posted), none)).toBe('1.3.0');
  expect(nextVersion(release, new Map(contracts).set('events/posted.v2.json', posted), none)).toBe('2.0.0');
});

it('a contract that is retired is a major version', () => {
  expect(nextVersion(release, new Map(), new Set(['events/posted.v1.json']))).toBe('2.0.0');
});
