import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../core/aws-error.ts';
import { compilePattern } from './compile-pattern.ts';
import { compileFilterCriteria, mappingFilter } from './mapping-filter.ts';

const matches = (pattern: object, event: object): boolean =>
  compilePattern(JSON.stringify(pattern), 'bus').matches(event as never);

describe('compilePattern', () => {
  it('wants the fields of an array of objects in one element', () => {
    const pattern = { legs: { side: ['debit'], currency: ['EUR'] } };
    expect(matches(pattern, { legs: [{ side: 'debit', currency: 'EUR' }] })).toBe(true);
    expect(
      matches(pattern, {
        legs: [
          { side: 'debit', currency: 'USD' },
          { side: 'credit', currency: 'EUR' },
        ],
      }),
    ).toBe(false);
  });

  it('lets fields of different arrays come from different places', () => {
    const pattern = { a: { x: [1] }, b: { y: [2] } };
    expect(matches(pattern, { a: [{ x: 0 }, { x: 1 }], b: [{ y: 2 }] })).toBe(true);
  });

  it('takes a dotted key for a path', () => {
    expect(matches({ detail: { 'a.b': [1] } }, { detail: { a: { b: 1 } } })).toBe(true);
    expect(matches({ detail: { a: { b: [1] } } }, { detail: { 'a.b': 1 } })).toBe(true);
  });

  it('reads no property that the event inherits', () => {
    expect(matches({ constructor: { name: [{ exists: true }] } }, {})).toBe(false);
  });

  it('tells the texts that a field must have', () => {
    const pattern = compilePattern('{"source":["a","b"],"detail-type":[{"prefix":"x"}]}', 'bus');
    expect(pattern.requiredTexts('source')).toEqual(new Set(['a', 'b']));
    expect(pattern.requiredTexts('detail-type')).toBeUndefined();
    expect(pattern.requiredTexts('detail.x')).toBeUndefined();
  });

  it('joins the required texts of all branches of an $or', () => {
    const pattern = compilePattern('{"$or":[{"source":["a"]},{"source":["b"],"region":["x"]}]}', 'bus');
    expect(pattern.requiredTexts('source')).toEqual(new Set(['a', 'b']));
    expect(pattern.requiredTexts('region')).toBeUndefined();
  });

  it.each(['prefix', 'suffix', 'equals-ignore-case', 'wildcard'])(
    'refuses anything-but %s outside event buses',
    (operator) => {
      const pattern = JSON.stringify({ a: [{ 'anything-but': { [operator]: 'x' } }] });
      expect(() => compilePattern(pattern, 'bus')).not.toThrow();
      expect(() => compilePattern(pattern, 'pipe')).toThrow(AwsError);
    },
  );
});

describe('mappingFilter', () => {
  it('passes everything without a filter', () => {
    expect(mappingFilter([], 'sqs')({ body: 'x' })).toBe(true);
  });

  it('passes a record when one of the filters matches', () => {
    const passes = mappingFilter(['{"eventName":["INSERT"]}', '{"eventName":["REMOVE"]}'], 'dynamodb');
    expect(passes({ eventName: 'REMOVE' })).toBe(true);
    expect(passes({ eventName: 'MODIFY' })).toBe(false);
  });

  it('compares a plain body with a list, and drops a JSON one', () => {
    const passes = compileFilterCriteria(['{"body":["ping"]}'], 'sqs', 'pipe');
    expect(passes({ body: 'ping' })).toBe(true);
    expect(passes({ body: '{"a":1}' })).toBe(false);
  });

  it('refuses a sixth filter', () => {
    const six = Array.from({ length: 6 }, () => '{"eventName":["INSERT"]}');
    expect(() => mappingFilter(six, 'dynamodb')).toThrow(/At most 5/);
  });
});
