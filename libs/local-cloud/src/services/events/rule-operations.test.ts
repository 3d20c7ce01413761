import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { conformanceCases } from '../../event-pattern/conformance-cases.ts';
import { DLQ, entry, put, QUEUE, RULE_ARN, setup, withRule } from './events-fixture.ts';

describe('rules and targets', () => {
  it('refuses what PutRule and PutTargets refuse', () => {
    const { events } = withRule();
    const target =
      (more: JsonObject): (() => JsonObject) =>
      () =>
        events.call('PutTargets', {
          Rule: 'r',
          EventBusName: 'payments',
          Targets: [{ Id: 'x', Arn: QUEUE, ...more }],
        });
    expect(target({ Input: '{}', InputPath: '$.detail' })).toThrow(
      'Only one of Input, InputPath, or InputTransformer must be provided for target x.',
    );
    expect(target({ InputTransformer: { InputTemplate: '{"a": <b>}' } })).toThrow(/invalid placeholder b/);
    expect(target({ RetryPolicy: { MaximumEventAgeInSeconds: 59 } })).toThrow(/between 60 and 86400/);
    expect(target({ Arn: 'arn:aws:kinesis:eu-west-1:111111111111:stream/s' })).toThrow(/does not deliver to/);
    expect(() => events.call('PutRule', { Name: 's', ScheduleExpression: 'rate(1 hour)' })).toThrow(
      /aws_scheduler_schedule/,
    );
    expect(() => events.call('DeleteRule', { Name: 'r', EventBusName: 'payments' })).toThrow(
      /since it has targets/,
    );
    expect(() => events.call('DescribeRule', { Name: 'r' })).toThrow(
      'Rule r does not exist on EventBus default.',
    );
  });

  it('lists, removes and deletes', () => {
    const { events } = withRule();
    const where = { EventBusName: 'payments' };
    expect(events.call('ListTargetsByRule', { Rule: 'r', ...where })['Targets']).toMatchObject([{ Id: 't' }]);
    const removed = events.call('RemoveTargets', { Rule: 'r', ...where, Ids: ['t', 'u'] });
    expect(removed).toMatchObject({ FailedEntryCount: 1, FailedEntries: [{ TargetId: 'u' }] });
    events.call('DeleteRule', { Name: 'r', ...where });
    expect(events.call('ListRules', where)['Rules']).toEqual([]);
  });

  it('refuses operations that it does not run', () => {
    expect(() => setup().events.call('CreateConnection', {})).toThrow(/does not run events:CreateConnection/);
  });
});

describe('Terraform resources', () => {
  it('makes a bus, a rule and a target, and takes them away', async () => {
    const { events, queues } = setup();
    const type = (name: string) => {
      const found = events.resourceTypes.find((resource) => resource.type === name);
      if (found === undefined) throw new Error(`no resource type ${name}`);
      return found;
    };
    const bus = { name: 'payments' };
    const busAttributes = await type('aws_cloudwatch_event_bus').create(bus);
    const rule = {
      name: 'r',
      event_bus_name: busAttributes['arn'] ?? '',
      event_pattern: '{"source":["payments.dedup"]}',
    };
    const ruleAttributes = await type('aws_cloudwatch_event_rule').create(rule);
    const target = {
      rule: 'r',
      event_bus_name: 'payments',
      arn: QUEUE,
      input_transformer: [{ input_paths: { n: '$.detail.n' }, input_template: '{"got": <n>}' }],
      retry_policy: { maximum_retry_attempts: 1, maximum_event_age_in_seconds: 60 },
      dead_letter_config: [{ arn: DLQ }],
    };
    const targetAttributes = await type('aws_cloudwatch_event_target').create(target);
    expect(ruleAttributes['arn']).toBe(RULE_ARN);
    put(events, entry(5));
    expect(queues.bodies(QUEUE)).toEqual(['{"got": 5}']);
    const archive = { name: 'all', event_source_arn: busAttributes['arn'] ?? '', retention_days: 3 };
    const archiveAttributes = await type('aws_cloudwatch_event_archive').create(archive);
    expect(archiveAttributes['arn']).toBe('arn:aws:events:eu-west-1:111111111111:archive/all');
    expect(events.dataSources[0]?.read({ name: 'payments' })).toMatchObject({ arn: busAttributes['arn'] });
    const policy = { event_bus_name: 'payments', policy: '{"Statement":[]}' };
    await type('aws_cloudwatch_event_bus_policy').create(policy);
    expect(events.busPolicy(String(busAttributes['arn']))).toBe('{"Statement":[]}');

    await type('aws_cloudwatch_event_archive').destroy({ arguments: archive, attributes: archiveAttributes });
    await type('aws_cloudwatch_event_target').destroy({ arguments: target, attributes: targetAttributes });
    await type('aws_cloudwatch_event_rule').destroy({ arguments: rule, attributes: ruleAttributes });
    await type('aws_cloudwatch_event_bus').destroy({ arguments: bus, attributes: busAttributes });
    expect(events.call('ListEventBuses', {})['EventBuses']).toMatchObject([{ Name: 'default' }]);
  });

  it('names the service to use for a schedule', () => {
    const rules = setup().events.resourceTypes.find(({ type }) => type === 'aws_cloudwatch_event_rule');
    expect(() => rules?.create({ name: 'r', schedule_expression: 'rate(1 hour)' })).toThrow(
      /aws_scheduler_schedule/,
    );
  });
});

describe('TestEventPattern', () => {
  interface EventCase {
    readonly name: string;
    readonly pattern: JsonObject;
    readonly event: JsonObject;
    readonly errorSide?: 'event';
    readonly errorCode?: string;
  }
  const cases = conformanceCases<EventCase>('event-patterns.json')?.filter(
    ({ errorSide }) => errorSide === 'event',
  );
  (cases === undefined ? it.skip : it)(
    'refuses events as AWS does (skipped where the cases are absent)',
    () => {
      const { events } = setup();
      expect(cases).toHaveLength(2);
      for (const { pattern, event, errorCode } of cases ?? []) {
        const input = { EventPattern: JSON.stringify(pattern), Event: JSON.stringify(event) };
        expect(() => events.call('TestEventPattern', input)).toThrow(
          expect.objectContaining({ code: errorCode }),
        );
      }
    },
  );
});
