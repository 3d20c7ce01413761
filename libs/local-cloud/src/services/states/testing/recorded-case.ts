import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import { isList, isObject, sameJson } from '../asl/json.ts';

/** An execution that was recorded on AWS. */
export interface RecordedCase {
  readonly name: string;
  readonly definition: JsonObject;
  readonly input: JsonValue;
  readonly type?: 'EXPRESS';
  readonly expectedStatus: string;
  readonly expectedOutput?: JsonValue;
  readonly expectedError?: string;
  readonly expectedCause?: JsonValue;
  readonly trace?: readonly string[];
  readonly assignedVariables?: Readonly<Record<string, readonly JsonObject[]>>;
  readonly taskEvents?: readonly TaskEvent[];
}

/** What a recorded Task state was scheduled with, or came to. */
export interface TaskEvent {
  readonly event: string;
  readonly parameters?: JsonValue;
  readonly input?: JsonValue;
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: JsonValue;
  readonly resource?: string;
  readonly resourceType?: string;
}

const FOLDER =
  process.env['PAYMENTS_CONFORMANCE_DIR'] ??
  fileURLToPath(new URL('../../../../../../../shared/conformance', import.meta.url));

/** The recorded cases of a file; undefined where the folder with the cases is absent. */
export function recordedCases(file: string): readonly RecordedCase[] | undefined {
  const path = `${FOLDER}/${file}`;
  if (!existsSync(path)) return undefined;
  const cases: readonly RecordedCase[] = JSON.parse(readFileSync(path, 'utf8'));
  return cases;
}

/** Words that the recording put in the place of what differs from run to run, without angle brackets. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  'date',
  'detail-type',
  'entered-time',
  'execution-arn',
  'executionSucceededEventDetails.output',
  'function_name_branch1',
  'function_name_branch2',
  'lambda_function_name',
  'RandomNumberGenerated',
  'sfn_role_arn',
  'snf_role_arn',
  'start-date',
  'start-time',
  'state-machine-arn',
  'stop-date',
  'table-name',
]);

/** What the SDK adds to answers: headers and request ids, of no meaning here. */
const METADATA: ReadonlySet<string> = new Set(['SdkHttpMetadata', 'SdkResponseMetadata']);

/** True when a value is what was recorded, wherever the recording holds no placeholder. */
export function agrees(recorded: JsonValue | undefined, actual: JsonValue | undefined): boolean {
  if (typeof recorded === 'string') {
    if (PLACEHOLDERS.has(recorded)) return actual !== undefined;
    return typeof actual === 'string' && textAgrees(recorded, actual);
  }
  if (isList(recorded)) {
    return (
      isList(actual) &&
      recorded.length === actual.length &&
      recorded.every((item, index) => agrees(item, actual[index]))
    );
  }
  if (!isObject(recorded)) return sameJson(recorded ?? null, actual ?? null);
  if (!isObject(actual)) return false;
  return (
    Object.keys(actual).every((name) => name in recorded) &&
    Object.entries(recorded).every(([name, value]) =>
      METADATA.has(name) ? name in actual : agrees(value, actual[name]),
    )
  );
}

/** Texts agree when they do outside `<placeholders>`, or hold JSON that agrees. */
function textAgrees(recorded: string, actual: string): boolean {
  const pattern = recorded
    .split(/<[^<>]+>/)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('[\\s\\S]+');
  if (new RegExp(`^${pattern}$`).test(actual)) return true;
  const a = jsonIn(recorded);
  const b = jsonIn(actual);
  return a !== undefined && b !== undefined && agrees(a, b);
}

/** The object in a text, if that is what it holds. */
export function jsonIn(text: string): JsonValue | undefined {
  if (!text.startsWith('{') && !text.startsWith('[')) return undefined;
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
