import { describe, expect, it } from '@jest/globals';
import { RowCache } from './row-cache.ts';

const clock = { now: () => 0, sleep: async () => {} };

describe('a cache of rows', () => {
  it('forgets what was put first when it is full', () => {
    const cache = new RowCache(clock, 60, 2);
    cache.put('CARD#1', 'one');
    cache.put('CARD#2', 'two');
    cache.put('CARD#1', 'one again');
    cache.put('CARD#3', 'three');
    expect(cache.get('CARD#2')).toBeUndefined();
    expect(cache.get('CARD#1')?.row).toBe('one again');
    expect(cache.get('CARD#3')?.row).toBe('three');
  });

  it('tells a row that there is not from one that it does not know', () => {
    const cache = new RowCache(clock, 60);
    cache.put('CARD#1', undefined);
    expect(cache.get('CARD#1')).toMatchObject({ row: undefined });
    expect(cache.get('CARD#2')).toBeUndefined();
  });
});
