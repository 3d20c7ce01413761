import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../../core/aws-error.ts';
import { compileJsonPath } from './json-path.ts';
import { PathSyntaxError } from './json-path-syntax.ts';

const STORE: JsonValue = {
  books: [
    { title: 'A', price: 8, tags: ['x'] },
    { title: 'B', price: 12, isbn: '1' },
    { title: 'C', price: 20, isbn: '2' },
  ],
  limit: 10,
  'odd key': { "it's": 1 },
  nothing: null,
};

function read(path: string): JsonValue | undefined {
  return compileJsonPath(path).read(STORE);
}

describe('a definite path', () => {
  it.each<[string, JsonValue | undefined]>([
    ['', STORE],
    ['.limit', 10],
    ["['odd key']['it\\'s']", 1],
    ['.books[1].title', 'B'],
    ['.books[-1].title', 'C'],
    ['.nothing', null],
    ['.nothing.below', undefined],
    ['.books[7]', undefined],
    ['.books.title', undefined],
    ['.toString', undefined],
  ])('reads %s', (path, expected) => {
    expect(read(path)).toEqual(expected);
  });
});

describe('an indefinite path', () => {
  it.each<[string, JsonValue]>([
    ['.books[*].title', ['A', 'B', 'C']],
    ['.books[0,2].title', ['A', 'C']],
    ['.books[1:].title', ['B', 'C']],
    ['.books[:-1].title', ['A', 'B']],
    ["['limit','nothing']", [10, null]],
    ['..title', ['A', 'B', 'C']],
    ['.absent[*].title', []],
    ['.books[?(@.price < $.limit)].title', ['A']],
    ["[?(@.limit == 10 && @['odd key'])].limit", [10]],
    ['.books[?(@.isbn)].title', ['B', 'C']],
    ['.books[?(!@.isbn)].title', ['A']],
    [".books[?(@.title == 'A' || (@.price >= 20 && @.isbn != '1'))].title", ['A', 'C']],
    ['.books[?(@.price > "10")].title', []],
  ])('reads %s', (path, expected) => {
    expect(read(path)).toEqual(expected);
  });
});

describe('what is not a path', () => {
  it.each(['.', '.a[', '.a[1', ".a['b]", '.a[?(@.b ==)]', '.a b', '.length()', '.a[x]'])(
    'refuses %s',
    (path) => {
      expect(() => compileJsonPath(path)).toThrow(PathSyntaxError);
    },
  );
});
