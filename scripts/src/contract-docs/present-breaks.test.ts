import { expect, it } from '@jest/globals';
import { readContractSet } from '@payments/schemas/compatibility/contract-set';
import { PRESENT, readRelease } from '@payments/schemas/compatibility/released-contracts';
import { concernedBy } from './event-catalogue.ts';
import { presentBreaks } from './present-breaks.ts';

const POSTED = 'events/transaction-posted.v1.json';

it('the contracts are compatible with those that were released last', () => {
  // As long as nobody outside has the last release: pnpm --filter @payments/schemas release --again
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
  const [text, ...others] = presentBreaks(present);
  expect(others).toEqual([]);
  expect(text).toContain('TransactionPosted is not forward compatible');
  expect(text).toContain('  - records[].bookingDate may be missing');
  expect(text).toMatch(/Consumers: reconcile\b.*\. Emitters: posting\./);
  expect(text).toContain('events/transaction-posted.v2.json');
});

it('consumers are those that the stages declare', () => {
  expect(concernedBy('TransactionAuthorized')).toEqual({
    emitters: ['dedup'],
    // Others may subscribe too.
    consumers: expect.arrayContaining(['standardize', 'reconcile']),
  });
});
