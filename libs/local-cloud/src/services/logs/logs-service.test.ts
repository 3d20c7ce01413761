import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { SIMULATION_START, type SimulatedContext, simulatedContext } from '../sqs/simulated-context.ts';
import { LogsService } from './logs-service.ts';

const GROUP = '/aws/lambda/enrich';

describe('CloudWatch Logs', () => {
  let context: SimulatedContext;
  let logs: LogsService;

  beforeEach(() => {
    context = simulatedContext();
    logs = new LogsService(context);
  });

  async function create(args: JsonObject): Promise<void> {
    await logs.resourceTypes[0]?.create(args);
  }

  function messages(input: JsonObject): unknown {
    const { events } = logs.call('FilterLogEvents', { logGroupName: GROUP, ...input });
    return Array.isArray(events) ? events.map((event: JsonObject) => event['message']) : undefined;
  }

  it('keeps lines and finds them by terms and time', async () => {
    await create({ name: GROUP, retention_in_days: 7 });
    logs.write(GROUP, 's', '{"level":"info","a":1}');
    await context.advance(1000);
    logs.write(GROUP, 's', '{"level":"error","a":2}');
    expect(messages({})).toEqual(['{"level":"info","a":1}', '{"level":"error","a":2}']);
    expect(messages({ filterPattern: 'error -info' })).toEqual(['{"level":"error","a":2}']);
    expect(messages({ endTime: SIMULATION_START + 1 })).toEqual(['{"level":"info","a":1}']);
    expect(() => messages({ filterPattern: '{ $.a = 2 }' })).toThrow('not run');
  });

  it('takes events over its API, page by page', async () => {
    const names = { logGroupName: GROUP, logStreamName: 's' };
    expect(() => logs.call('PutLogEvents', { ...names, logEvents: [] })).toThrow('log group does not exist');
    logs.call('CreateLogGroup', names);
    expect(() => logs.call('PutLogEvents', { ...names, logEvents: [] })).toThrow('log stream does not exist');
    logs.call('CreateLogStream', names);
    expect(() => logs.call('CreateLogStream', names)).toThrow('already exists');
    const logEvents = ['1', '2', '3'].map((message) => ({ timestamp: 1000, message }));
    logs.call('PutLogEvents', { ...names, logEvents });
    const first = logs.call('FilterLogEvents', { logGroupName: GROUP, limit: 2 });
    expect(first['events']).toHaveLength(2);
    expect(messages({ limit: 2, nextToken: first['nextToken'] ?? null })).toEqual(['3']);
    const read = logs.call('GetLogEvents', names);
    expect(read['events']).toHaveLength(3);
    expect(
      logs.call('GetLogEvents', { ...names, nextToken: read['nextForwardToken'] ?? null })['events'],
    ).toEqual([]);
  });

  it('keeps no more lines of a group than its limit', async () => {
    await create({ name: GROUP });
    for (let line = 0; line < 12_000; line += 1) logs.write(GROUP, 's', String(line));
    expect(messages({ filterPattern: '"0"', limit: 1 })).toEqual(['2000']);
  });

  it('tells listeners', async () => {
    const heard: string[] = [];
    logs.onLine((group, message) => heard.push(`${group}: ${message}`));
    logs.write(GROUP, 's', 'x');
    expect(heard).toEqual([`${GROUP}: x`]);
  });
});
