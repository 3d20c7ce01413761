import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { elementNote, isForbidden } from './element-notes.ts';
import { elementTable } from './element-table.ts';

const VERSIONS = ['1987', '1993', '2003'] as const;

describe('the table of elements', () => {
  it('stands in the documentation as it is', () => {
    const written = readFileSync(new URL('../../iso8583-elements.md', import.meta.url), 'utf8');
    expect(written.trimEnd()).toBe(elementTable());
  });

  it('drops card numbers, tracks, PIN blocks, chip data and private elements in every version', () => {
    const always = [2, 34, 35, 36, 45, 46, 47, 48, 52, 53, 55, 60, 61, 62, 63, 64, 96, 128];
    const reserved = Array.from({ length: 23 }, (_, index) => 105 + index);
    for (const version of VERSIONS)
      for (const number of [...always, ...reserved])
        expect({ version, number, isForbidden: isForbidden(version, number) }).toMatchObject({
          isForbidden: true,
        });
  });

  it('maps nothing that it drops, but for the card number, which becomes a token', () => {
    for (const version of VERSIONS)
      for (let number = 3; number <= 128; number += 1)
        if (isForbidden(version, number)) expect(elementNote(version, number).cain).toEqual([]);
  });

  it('shows the end of a customer account, and carries nothing of it', () => {
    for (const version of VERSIONS)
      for (const number of [102, 103])
        expect(elementNote(version, number)).toMatchObject({ cain: [], visibility: 'CONFIDENTIAL' });
  });

  it('keeps the currencies of 1987 and 1993, and not what stands in their place in 2003', () => {
    for (const number of [49, 50, 51]) {
      expect(VERSIONS.map((version) => isForbidden(version, number))).toEqual([false, false, true]);
    }
  });
});
