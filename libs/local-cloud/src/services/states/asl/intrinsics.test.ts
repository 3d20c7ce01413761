import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../../core/aws-error.ts';
import { VirtualTime } from '../testing/virtual-time.ts';
import { compileExpression } from './expression.ts';
import { PathSyntaxError } from './json-path-syntax.ts';
import { RuntimeFault, StatesError } from './states-error.ts';

const DATA: JsonValue = { list: [1, 2, 2, { a: 1 }, { a: 1 }], text: 'a-b', object: { b: [1, 'x', null] } };
const AROUND = {
  variables: { rate: 2.5 },
  runtime: new VirtualTime(0),
  context: () => ({ Execution: { Name: 'run' } }),
};

function value(text: string): JsonValue | undefined {
  return compileExpression(text)(DATA, AROUND);
}

describe('intrinsic functions', () => {
  it.each<[string, JsonValue]>([
    ['States.ArrayUnique($.list)', [1, 2, { a: 1 }]],
    ['States.JsonMerge($.object, States.StringToJson(\'{"c":2}\'), false)', { b: [1, 'x', null], c: 2 }],
    ["States.Format('{} of {}: {}', $.text, $$.Execution.Name, $.object)", 'a-b of run: {b=[1, x, null]}'],
    ["States.Format('\\{\\} it\\'s \\\\ {}', 1)", "{} it's \\ 1"],
    ['States.Array()', []],
    ["States.Array('a, b', true, null, -1.5, $rate, $.object['b'][1])", ['a, b', true, null, -1.5, 2.5, 'x']],
    ['States.ArrayRange(5, 1, -2)', [5, 3, 1]],
    ['States.ArrayRange(1, 0, 1)', []],

    ["States.Hash($.object, 'SHA-1')", 'cce9bc9139554ced45349d1618e484b394e3027f'],
    ['States.MathAdd($rate, States.ArrayLength($.list))', 8],
    ["States.StringSplit('..a.b-c', '.-')", ['a', 'b', 'c']],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  it('draw from the injected randomness, and from a seed the same every time', () => {
    const drawn = Array.from({ length: 50 }, () => value('States.MathRandom(1, 4)'));
    expect(new Set(drawn)).toEqual(new Set([1, 2, 3]));
    expect(value('States.MathRandom(0, 1000, 7)')).toBe(value('States.MathRandom(0, 1000, 7)'));
    expect(value('States.UUID()')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    'States.ArrayGetItem($.list, 9)',
    'States.StringToJson($.text)',
    'States.MathAdd($.text, 1)',
    "States.Format('{}')",
    "States.Hash($.text, 'CRC')",
    'States.ArrayRange(1, 5000, 1)',
    'States.ArrayPartition($.list, 0)',
  ])('%s fails with States.IntrinsicFailure', (text) => {
    expect(() => value(text)).toThrow(StatesError);
  });

  it('fail at run time where an argument is not there', () => {
    expect(() => value('States.ArrayLength($.absent)')).toThrow(RuntimeFault);
  });

  it.each(['States.Nope(1)', 'States.UUID(1)', 'States.Format()', "States.Format('x'", 'States.Array(1) x'])(
    '%s is refused',
    (text) => {
      expect(() => compileExpression(text)).toThrow(PathSyntaxError);
    },
  );
});
