import { describe, expect, it } from '@jest/globals';
import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import { conformanceCases } from '../../event-pattern/conformance-cases.ts';
import { storedEvent } from './bus-event.ts';
import { compileTargetInput } from './target-input.ts';

interface InputCase {
  readonly name: string;
  readonly event: JsonObject | null;
  readonly inputPath?: string;
  readonly inputPathsMap?: JsonObject;
  readonly inputTemplate?: string;
  readonly ruleName?: string;
  readonly busName?: string;
  readonly ingestionTime?: string;
  readonly expectedKind: 'text' | 'json' | 'not-delivered' | 'put-targets-error';
  readonly expected: JsonValue;
}

describe('conformance of target inputs', () => {
  const cases = conformanceCases<InputCase>('input-transformers.json');
  if (cases === undefined) it.skip('the cases are absent', () => undefined);
  for (const test of cases ?? []) {
    it(test.name, () => {
      const got = outcome(test);
      if (test.expectedKind === 'json') {
        expect(withoutRedacted(JSON.parse(String(got)) as JsonValue)).toEqual(withoutRedacted(test.expected));
      } else if (test.expectedKind === 'put-targets-error') {
        expect(got).toEqual({
          ...(test.expected as JsonObject),
          message: 'Only one of Input, InputPath, or InputTransformer must be provided for target t.',
        });
      } else {
        expect(got).toEqual(test.expected ?? undefined);
      }
    });
  }
});

function outcome(test: InputCase): JsonValue | undefined {
  const transformer =
    test.inputTemplate === undefined
      ? {}
      : { InputTransformer: { InputPathsMap: test.inputPathsMap, InputTemplate: test.inputTemplate } };
  const path = test.inputPath === undefined ? {} : { InputPath: test.inputPath };
  try {
    const input = compileTargetInput({ Id: 't', Arn: 'a', ...path, ...transformer });
    const event = storedEvent(JSON.stringify(test.event), Date.parse(test.ingestionTime ?? '2024-01-01'), 0);
    const rule = test.ruleName ?? 'r';
    return input(event, {
      name: rule,
      arn: `arn:aws:events:us-east-1:111111111111:rule/${test.busName}/${rule}`,
    });
  } catch (error) {
    if (error instanceof AwsError) return { code: error.code, message: error.message };
    throw error;
  }
}

/** The recording redacted `originalEvent.time`; everything else is compared. */
function withoutRedacted(value: JsonValue): JsonValue {
  const original = (value as { originalEvent?: JsonObject }).originalEvent;
  return original === undefined
    ? value
    : { ...(value as JsonObject), originalEvent: { ...original, time: 'redacted' } };
}
