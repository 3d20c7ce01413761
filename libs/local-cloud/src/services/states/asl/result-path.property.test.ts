import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualTime } from '../testing/virtual-time.ts';
import { compilePath } from './path.ts';
import { compileResultPath } from './result-path.ts';
import { StatesError } from './states-error.ts';

const AROUND = { variables: {}, runtime: new VirtualTime(0), context: () => ({}) };

describe('ResultPath', () => {
  it('puts a result where the same path reads it, and changes nothing else', () => {
    const name = fc.stringMatching(/^[a-d]{1,2}$/);
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.jsonValue()),
        name,
        name,
        fc.jsonValue(),
        (raw, first, second, result) => {
          const input = JSON.parse(JSON.stringify({ ...raw, [first]: {} }));
          const before = JSON.stringify(input);
          const normal = JSON.parse(JSON.stringify(result));
          const output = compileResultPath(`$.${first}.${second}`)(input, normal);
          expect(compilePath(`$.${first}.${second}`)(output, AROUND)).toEqual(normal);
          expect(JSON.stringify(input)).toBe(before);
          expect(Object.keys(output ?? {})).toEqual(Object.keys(input));
        },
      ),
    );
  });

  it('drops the result, takes its place, or makes the members on the way', () => {
    expect(compileResultPath(null)({ a: 1 }, 2)).toEqual({ a: 1 });
    expect(compileResultPath('$')({ a: 1 }, 2)).toBe(2);
    expect(compileResultPath('$.b.c')({ a: 1 }, 2)).toEqual({ a: 1, b: { c: 2 } });
    expect(compileResultPath('$.a[1]')({ a: [1, 2] }, 3)).toEqual({ a: [1, 3] });
  });

  it.each<[string, unknown]>([
    ['$.a.b', { a: 1 }],
    ['$.a', 'text'],
    ['$.a[4]', { a: [] }],
  ])('fails where %s does not fit', (path, input) => {
    expect(() => compileResultPath(path)(JSON.parse(JSON.stringify(input)), 1)).toThrow(StatesError);
  });
});
