import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import { isObject } from '../asl/json.ts';
import { StatesService } from '../states-service.ts';
import { agrees, jsonIn, type RecordedCase } from './recorded-case.ts';
import { RecordedTasks } from './recorded-tasks.ts';
import { ROLE_ARN, testContext } from './test-context.ts';
import { VirtualTime } from './virtual-time.ts';

const OWNER = { kind: 'owner' } as const;
const STARTS_AT = Date.parse('2026-11-22T10:55:50Z');

/**
 * Creates the case's state machine, runs its execution and compares everything that was recorded.
 *
 * @returns what differs; nothing when all is as it was on AWS
 */
export async function replay(recorded: RecordedCase): Promise<readonly string[]> {
  const tasks = new RecordedTasks(recorded.taskEvents ?? []);
  const runtime = new VirtualTime(STARTS_AT);
  const service = new StatesService(testContext({ runtime, call: tasks.call }), tasks.functions);
  const { stateMachineArn } = await service.call('CreateStateMachine', machineOf(recorded), OWNER);
  const input = { stateMachineArn, input: JSON.stringify(recorded.input) };
  if (recorded.type === 'EXPRESS') {
    const finished = service.call('StartSyncExecution', input, OWNER);
    await runtime.run();
    return endDifferences(recorded, await finished);
  }
  const { executionArn } = await service.call('StartExecution', input, OWNER);
  await runtime.run();
  const execution = await service.call('DescribeExecution', { executionArn }, OWNER);
  const history = await service.call('GetExecutionHistory', { executionArn, maxResults: 1000 }, OWNER);
  const events = eventsOf(history);
  return [
    ...endDifferences(recorded, execution),
    ...traceDifferences(recorded, events),
    ...variableDifferences(recorded, events),
    ...parameterDifferences(recorded, events),
    ...(tasks.left > 0 ? [`${tasks.left} recorded calls were not made`] : []),
  ];
}

/** The request that creates the state machine of a case. */
export function machineOf(recorded: RecordedCase): JsonObject {
  const { definition, type = 'STANDARD' } = recorded;
  return { name: 'recorded-case', type, roleArn: ROLE_ARN, definition: JSON.stringify(definition) };
}

function eventsOf(history: JsonObject): readonly JsonObject[] {
  const { events } = history;
  return Array.isArray(events) ? events.filter((event: JsonValue) => isObject(event)) : [];
}

function endDifferences(recorded: RecordedCase, execution: JsonObject): string[] {
  const { status, error, cause } = execution;
  const output: JsonValue | undefined =
    typeof execution['output'] === 'string' ? JSON.parse(execution['output']) : undefined;
  const causeShown = isObject(recorded.expectedCause) && typeof cause === 'string' ? jsonIn(cause) : cause;
  return [
    ...difference('status', recorded.expectedStatus, status),
    ...difference('output', recorded.expectedOutput, output),
    ...difference('error', recorded.expectedError, error),
    ...difference('cause', withoutAttempts(recorded.expectedCause), causeShown),
  ];
}

function difference(what: string, expected: JsonValue | undefined, actual: JsonValue | undefined): string[] {
  if (expected === undefined || agrees(expected, actual)) return [];
  return [`${what}: ${JSON.stringify(expected)} was recorded, got ${JSON.stringify(actual)}`];
}

/** AWS adds the number of attempts to some causes and not to others. */
function withoutAttempts(cause: JsonValue | undefined): JsonValue | undefined {
  return typeof cause === 'string' ? cause.replace(/ \(SDK Attempt Count: \d+\)$/, '') : cause;
}

/**
 * Branches that run side by side write their events in any order, and the recordings of such cases leave out
 * some events: there, every recorded event must have come. Elsewhere it is the same list.
 */
function traceDifferences(recorded: RecordedCase, events: readonly JsonObject[]): string[] {
  const { trace } = recorded;
  if (trace === undefined) return [];
  const actual = events.map((event) => {
    const details = event['stateEnteredEventDetails'] ?? event['stateExitedEventDetails'];
    return isObject(details) ? `${event['type']}:${details['name']}` : String(event['type']);
  });
  if (JSON.stringify(actual) === JSON.stringify(trace)) return [];
  const missing = [...trace];
  for (const event of actual) {
    const at = missing.indexOf(event);
    if (at >= 0) missing.splice(at, 1);
  }
  const isConcurrent = trace.some((event) => event.startsWith('ParallelState'));
  if (isConcurrent && missing.length === 0) return [];
  return [`trace: ${trace.join(' ')} was recorded, got ${actual.join(' ')}`];
}

function variableDifferences(recorded: RecordedCase, events: readonly JsonObject[]): string[] {
  return Object.entries(recorded.assignedVariables ?? {}).flatMap(([state, expected]) => {
    const actual = events
      .map((event) => event['stateExitedEventDetails'])
      .filter((details) => isObject(details) && details['name'] === state)
      .map((details) => (isObject(details) ? parsedMembers(details['assignedVariables']) : null));
    return difference(`variables of ${state}`, expected.map(parsedMembers), actual);
  });
}

/** The recording holds some values as JSON text and some as JSON. */
function parsedMembers(variables: JsonValue | undefined): JsonValue {
  if (!isObject(variables)) return null;
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? (JSON.parse(value) as JsonValue) : value,
    ]),
  );
}

/** What every task was called with. */
function parameterDifferences(recorded: RecordedCase, events: readonly JsonObject[]): string[] {
  const expected = (recorded.taskEvents ?? []).filter(({ event }) => event.endsWith('Scheduled'));
  const actual = events.flatMap((event) => {
    const details = event['taskScheduledEventDetails'] ?? event['lambdaFunctionScheduledEventDetails'];
    return isObject(details) ? [details] : [];
  });
  return expected.flatMap((event, index) => {
    const given = actual[index]?.['parameters'] ?? actual[index]?.['input'];
    const parameters: JsonValue | undefined = typeof given === 'string' ? JSON.parse(given) : undefined;
    return difference(`call ${index + 1}`, event.parameters ?? event.input, parameters);
  });
}
