import { expect, it } from '@jest/globals';
import { readContractSet } from '@payments/schemas/compatibility/contract-set';
import { PRESENT, readRelease } from '@payments/schemas/compatibility/released-contracts';
import { concernedBy } from './event-catalogue.ts';
import { presentBreaks } from './present-breaks.ts';

const POSTED = 'events/transaction-posted.v1.json';

it('the contracts are compatible with those that were released last', () => {
  expect(presentBreaks()).toEqual([]);
});

it('something is released, so that there is something to be compatible with', () => {
  expect(readRelease()?.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(readRelease()?.contracts.size).toBeGreaterThan(40);
});

it('a break names the field, the direction and the stages that are concerned', () => {
  const present = new Map(readContractSet(PRESENT));
  const posted = structuredClone(present.get(POSTED)) as { $defs: { record: { required: string[] } } };
  posted.$defs.record.required = posted.$defs.record.required.filter((name) => name !== 'bookingDate');
  present.set(POSTED, { ...posted });
  const [line, ...others] = presentBreaks(present);
  expect(others).toEqual([]);
  expect(line).toContain('TransactionPosted records[].bookingDate: may be missing. Not forward compatible');
  expect(line).toContain('Consumers: reconcile. Emitters: posting.');
  expect(line).toContain('events/transaction-posted.v2.json');
});

it('consumers are those that the stages declare', () => {
  expect(concernedBy('TransactionAuthorized')).toEqual({
    emitters: ['dedup'],
    consumers: ['standardize', 'reconcile'],
  });
});
