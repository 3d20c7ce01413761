import { describe, expect, it } from '@jest/globals';
import { RowCache } from './row-cache.ts';

describe('a cache of rows', () => {
  it('forgets what was put first when it is full', () => {
    const cache = new RowCache(2);
    cache.put('CARD@1#1', 'one');
    cache.put('CARD@1#2', 'two');
    cache.put('CARD@1#1', 'one again');
    cache.put('CARD@1#3', 'three');
    expect(cache.get('CARD@1#2')).toBeUndefined();
    expect(cache.get('CARD@1#1')?.row).toBe('one again');
    expect(cache.get('CARD@1#3')?.row).toBe('three');
  });

  it('tells a row that there is not from one that it does not know', () => {
    const cache = new RowCache();
    cache.put('CARD@1#1', undefined);
    expect(cache.get('CARD@1#1')).toEqual({ row: undefined });
    expect(cache.get('CARD@1#2')).toBeUndefined();
  });
});
