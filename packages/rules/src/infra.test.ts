import { describe, expect, it } from '@jest/globals';
import {
  firstBlock,
  LOCAL_PLATFORM,
  reference,
  statementsOf,
  synthesizeStacks,
} from '@payments/infra/testing';
import { stage } from './stage.ts';

const local = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url)).in('local');

describe('the stack of rules', () => {
  const machine = local.resource('aws_sfn_state_machine', 'workflow');

  it('starts an Express workflow for each event, with a role that may only do that', () => {
    expect(machine['type']).toBe('EXPRESS');
    expect(local.resource('aws_cloudwatch_event_target', 'subscription-target')).toMatchObject({
      arn: reference('aws_sfn_state_machine.workflow.arn'),
      role_arn: reference('aws_iam_role.workflow-start-role.arn'),
    });
    expect(local.grants('workflow-start')).toEqual([
      'states:StartExecution aws_sfn_state_machine.workflow.arn',
    ]);
  });

  it('runs the rules function and keeps what fails, by the workflow of its own file', () => {
    const definition = String(machine['definition']);
    expect(definition).toContain(reference('aws_lambda_function.evaluate.arn'));
    expect(definition).toContain(reference('aws_sqs_queue.workflow-failed.url'));
    expect(definition).toContain('arn:aws:sns:eu-west-2:000000000000:payments-local-platform-notifications');
  });

  it('lets the workflow run its task, publish what rules emits, notify and keep failures', () => {
    const own = local.grants('workflow-run').filter((line) => !line.startsWith('logs:'));
    expect(own).toEqual([
      `events:PutEvents ${LOCAL_PLATFORM.busArn}`,
      'lambda:InvokeFunction aws_lambda_function.evaluate.arn',
      'sns:Publish arn:aws:sns:eu-west-2:000000000000:payments-local-platform-notifications',
      'sqs:SendMessage aws_sqs_queue.workflow-failed.arn',
    ]);
    const { policy } = local.resource('aws_iam_role_policy', 'workflow-run-role-policy');
    const publish = statementsOf(policy).find(({ Sid }) => Sid === 'PublishEvents');
    expect(publish?.Condition?.['StringEquals']?.['events:detail-type']).toEqual(stage.emits);
  });

  it('lets the function decide and set aside, and publish nothing', () => {
    expect(local.grants('evaluate')).toEqual([
      `s3:PutObject arn:aws:s3:::${LOCAL_PLATFORM.quarantineBucketName}/quarantine/rules/*`,
    ]);
  });

  it('logs where an execution failed, and not what it was given', () => {
    expect(firstBlock(machine['logging_configuration'])).toMatchObject({
      level: 'ERROR',
      include_execution_data: false,
    });
  });

  it.each(['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionThrottled'])('rings on %s', (metric) => {
    const alarms = [...local.resources('aws_cloudwatch_metric_alarm').values()];
    expect(alarms.filter(({ metric_name }) => metric_name === metric)).toHaveLength(1);
  });
});
