import { expect, it } from '@jest/globals';
import { table } from './text-table.ts';

it('a table has its first column to the left and its figures to the right', () => {
  const rows = [
    ['batch', '12'],
    ['real-time', '5'],
  ];
  expect(table(['mode', 'per second'], rows)).toBe(
    ['mode       per second', 'batch              12', 'real-time           5'].join('\n'),
  );
});
