import type { JsonValue } from '../../../../core/aws-error.ts';
import { assignedBy } from '../attempts.ts';
import type { Build } from '../build.ts';
import { compileRequiredPath } from '../data-path.ts';
import type { Fields } from '../fields.ts';
import type { Frame } from '../frame.ts';
import type { CompiledState } from '../state.ts';
import { RuntimeFault } from '../states-error.ts';
import { parseTimestamp } from '../timestamp.ts';
import { compileAssign, compileFilter, compileNext } from './flow.ts';

/** How long to wait from now, in milliseconds. */
type Duration = (input: JsonValue, frame: Frame) => number;

/** A Wait state: sleeps for some seconds or until a moment. */
export function compileWait(name: string, fields: Fields, build: Build): CompiledState {
  const input = compileFilter(fields, 'InputPath');
  const output = compileFilter(fields, 'OutputPath');
  const duration = compileDuration(fields);
  const assign = compileAssign(fields);
  const next = compileNext(fields, build);
  return {
    name,
    type: 'Wait',
    async run(frame, rawInput) {
      const effective = input(rawInput, frame);
      const waitMs = duration(effective, frame);
      if (waitMs > 0) await frame.sleep(waitMs);
      return { output: output(effective, frame), next, assigned: assignedBy(assign, effective, frame) };
    },
  };
}

function compileDuration(fields: Fields): Duration {
  const given = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'].filter((name) => fields.has(name));
  if (given.length !== 1)
    fields.problem('exactly one of Seconds, SecondsPath, Timestamp, TimestampPath is needed');
  const seconds = fields.number('Seconds', 0);
  if (seconds !== undefined) return () => seconds * 1000;
  const timestamp = fields.text('Timestamp');
  if (timestamp !== undefined) return untilFixed(fields, timestamp);
  const secondsPath = fields.text('SecondsPath');
  if (secondsPath !== undefined) {
    const read = fields.compiled('SecondsPath', secondsPath, compileRequiredPath);
    return (input, frame) => secondsIn(read?.(input, frame) ?? null, secondsPath) * 1000;
  }
  const timestampPath = fields.text('TimestampPath') ?? '';
  const read = fields.compiledText('TimestampPath', compileRequiredPath);
  return (input, frame) => momentIn(read?.(input, frame) ?? null, timestampPath) - frame.runtime.now();
}

function untilFixed(fields: Fields, timestamp: string): Duration {
  const moment = parseTimestamp(timestamp);
  if (moment === undefined) fields.problem(`Timestamp '${timestamp}' is not a timestamp`);
  return (_, frame) => (moment ?? 0) - frame.runtime.now();
}

function secondsIn(value: JsonValue, path: string): number {
  const shown = `${path} == ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new RuntimeFault(`The SecondsPath parameter cannot be parsed as a long value: ${shown}`);
  }
  if (value < 0) throw new RuntimeFault(`The SecondsPath parameter references a negative value: ${shown}`);
  return value;
}

function momentIn(value: JsonValue, path: string): number {
  const moment = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (moment !== undefined) return moment;
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  throw new RuntimeFault(
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path} == ${shown}`,
  );
}
