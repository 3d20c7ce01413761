import { expect, it } from '@jest/globals';
import type { ContractBreak } from './contract-breaks.ts';
import { explainBreaks } from './explain-breaks.ts';

const gone: ContractBreak = {
  contract: 'events/posted.v1.json',
  title: 'Posted',
  direction: 'forward',
  field: 'records[].amount',
  says: 'is gone',
};

it('says of each contract and direction which fields differ, who is concerned and what to do', () => {
  const breaks: ContractBreak[] = [
    gone,
    { ...gone, direction: 'backward', field: 'records[].rate', says: 'may be missing' },
    { ...gone, field: '', says: 'is now Booked' },
  ];
  const [forward, backward, ...others] = explainBreaks(breaks, () => ({
    consumers: ['reconcile', 'posting'],
    emitters: [],
  }));
  expect(others).toEqual([]);
  expect(forward?.split('\n')).toEqual([
    expect.stringMatching(/^Posted is not forward compatible: /),
    '  - records[].amount is gone',
    '  - is now Booked',
    '  Consumers: reconcile, posting. Emitters: none of ours.',
    '  Take it back, or make events/posted.v2.json: schemas/README.md says how.',
  ]);
  expect(backward).toContain('Posted is not backward compatible');
  expect(backward).toContain('  - records[].rate may be missing');
});

it('says nothing of who is concerned where that is not known, and nothing of no break', () => {
  expect(explainBreaks([gone])[0]).not.toContain('Consumers');
  expect(explainBreaks([])).toEqual([]);
});
