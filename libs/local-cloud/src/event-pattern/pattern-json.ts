import { AwsError } from '../core/aws-error.ts';

/** A number of a pattern with the text it was written as: `1E-325` is refused although it reads as 0. */
export class PatternNumber {
  readonly value: number;
  readonly source: string;

  constructor(value: number, source: string) {
    this.value = value;
    this.source = source;
  }
}

export type PatternJson = null | boolean | string | PatternNumber | readonly PatternJson[] | PatternObject;
export interface PatternObject {
  readonly [key: string]: PatternJson;
}

/** The error that PutRule, TestEventPattern and CreateArchive answer for a pattern that is not valid. */
export function invalidPattern(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}

/**
 * Reads a pattern's JSON text; of a key that is there twice the last one counts, as on AWS.
 *
 * @throws AwsError InvalidEventPatternException when it is not the JSON text of an object
 */
export function parsePatternJson(text: string): PatternObject {
  let parsed: PatternJson;
  try {
    parsed = JSON.parse(text, withNumberSource) as PatternJson;
  } catch (error) {
    throw invalidPattern(error instanceof Error ? error.message : String(error));
  }
  if (!isPatternObject(parsed)) throw invalidPattern('Filter is not an object');
  return parsed;
}

export function isPatternObject(value: PatternJson | undefined): value is PatternObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof PatternNumber)
  );
}

function withNumberSource(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? new PatternNumber(value, context?.source ?? String(value)) : value;
}
