import { describe, expect, it } from '@jest/globals';
import { AwsError, type JsonObject, type JsonValue } from '../core/aws-error.ts';
import { compilePattern } from './compile-pattern.ts';
import { conformanceCases } from './conformance-cases.ts';
import { type FilteredSource, mappingFilter } from './mapping-filter.ts';

interface PatternCase {
  readonly name: string;
  readonly pattern: JsonValue;
  readonly patternRaw?: string;
  readonly event: JsonValue;
  readonly eventRaw?: string;
  readonly expected: boolean | 'error';
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly errorSide?: 'event';
}

/** A streaming parser meets these patterns' errors in another order than ours: only that they fail is compared. */
const SYNTAX_ERROR_WORDING = [
  'ruler/JsonRuleCompilerTest.testCompile#26',
  'ruler/JsonRuleCompilerTest.testCompile#33',
];

function outcome(test: PatternCase): boolean | string {
  try {
    const pattern = compilePattern(test.patternRaw ?? JSON.stringify(test.pattern), 'bus');
    return pattern.matches(
      test.eventRaw === undefined ? test.event : (JSON.parse(test.eventRaw) as JsonValue),
    );
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

function agrees(test: PatternCase, got: boolean | string): boolean {
  if (test.expected !== 'error') return got === test.expected;
  if (typeof got !== 'string' || !got.startsWith(test.errorCode ?? 'InvalidEventPatternException'))
    return false;
  return SYNTAX_ERROR_WORDING.includes(test.name) || got.includes(test.errorMessage ?? '');
}

describe('conformance of event patterns', () => {
  const cases = conformanceCases<PatternCase>('event-patterns.json');
  (cases === undefined ? it.skip : it)('matches as AWS does (skipped where the cases are absent)', () => {
    // These two are about the event that TestEventPattern is given; the events service tests them.
    const ours = (cases ?? []).filter((test) => test.errorSide !== 'event');
    const failures = ours
      .map((test) => ({
        name: test.name,
        expected: test.errorMessage ?? test.expected,
        got: outcome(test),
        test,
      }))
      .filter(({ test, got }) => !agrees(test, got))
      .map(({ name, expected, got }) => ({ name, expected, got }));
    console.log(`event-patterns.json: ${ours.length - failures.length} of ${ours.length} agree`);
    expect(failures).toEqual([]);
    expect(ours.length).toBeGreaterThan(600);
  });

  const compiles = conformanceCases<PatternCase>('event-patterns-compile-ok.json');
  (compiles === undefined ? it.skip : it)(
    'compiles valid patterns (skipped where the cases are absent)',
    () => {
      const failures = (compiles ?? []).flatMap((test) => {
        const got = outcome({ ...test, event: {} });
        return typeof got === 'string' ? [{ name: test.name, got }] : [];
      });
      console.log(
        `event-patterns-compile-ok.json: ${(compiles ?? []).length - failures.length} of ${(compiles ?? []).length} agree`,
      );
      expect(failures).toEqual([]);
    },
  );
});

interface FilterCase {
  readonly name: string;
  readonly source: FilteredSource;
  readonly pattern: JsonValue;
  readonly body?: string;
  readonly puts?: readonly JsonObject[];
  readonly expected?: boolean | 'error';
  readonly errorCode?: string;
  readonly expectedInvocations?: number;
}

describe('conformance of event source filters', () => {
  const cases = conformanceCases<FilterCase>('esm-filter-cases.json');
  (cases === undefined ? it.skip : it)('filters as Lambda does (skipped where the cases are absent)', () => {
    const failures = (cases ?? []).flatMap((test) => {
      const got = filterOutcome(test);
      const expected =
        test.expected === 'error' ? test.errorCode : (test.expected ?? test.expectedInvocations);
      return got === expected ? [] : [{ name: test.name, expected, got }];
    });
    console.log(
      `esm-filter-cases.json: ${(cases ?? []).length - failures.length} of ${(cases ?? []).length} agree`,
    );
    expect(failures).toEqual([]);
  });
});

function filterOutcome(test: FilterCase): boolean | number | string {
  try {
    const passes = mappingFilter([JSON.stringify(test.pattern)], test.source);
    if (test.puts === undefined) {
      return passes({ messageId: '1', body: test.body ?? '', eventSource: 'aws:sqs' });
    }
    return streamOf(test.puts).filter(passes).length;
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
}

/** The stream records that the puts make: one for each that changes something. */
function streamOf(puts: readonly JsonObject[]): JsonObject[] {
  const items = new Map<string, JsonObject>();
  return puts.flatMap((item): JsonObject[] => {
    const key = JSON.stringify(item['id']);
    const old = items.get(key);
    items.set(key, item);
    if (JSON.stringify(old) === JSON.stringify(item)) return [];
    const images = old === undefined ? { NewImage: item } : { NewImage: item, OldImage: old };
    return [
      {
        eventName: old === undefined ? 'INSERT' : 'MODIFY',
        eventSource: 'aws:dynamodb',
        dynamodb: { ApproximateCreationDateTime: 1_700_000_000, Keys: { id: item['id'] }, ...images },
      },
    ];
  });
}
