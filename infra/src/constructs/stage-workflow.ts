import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine/index.js';
import { SEND_TRACES, WORKFLOW_LOG_DELIVERY } from '../iam-policy.ts';
import { grantPutEvents } from './bus.ts';
import { ServiceRole } from './service-role.ts';
import { StageAlarm } from './stage-alarm.ts';
import type { StageFunction } from './stage-function.ts';
import { DeadLetterQueue } from './stage-queue.ts';
import type { StageStack } from './stage-stack.ts';
import { SubscriptionRule } from './subscription-rule.ts';

/** How long a workflow uses one data key of the customer-managed key; each new one is a call that is paid. */
const DATA_KEY_REUSE_SECONDS = 300;

const METRICS = ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionThrottled'] as const;

export interface StageWorkflowProps {
  /** The function that the workflow runs as its task. */
  readonly task: StageFunction;
  /** The workflow in the Amazon States Language, given where its failures lie. */
  readonly definition: (failed: DeadLetterQueue) => Readonly<Record<string, unknown>>;
}

/** A stage that starts an Express workflow for each event that it consumes. */
export class StageWorkflow {
  /** @param purpose its construct id, and its name within the stage */
  constructor(stack: StageStack, purpose: string, { task, definition }: StageWorkflowProps) {
    const failed = new DeadLetterQueue(stack, `${purpose}-failed`, {
      says: `The workflow ${stack.nameOf(purpose)} could not finish for an event.`,
      runbook: 'workflow-failures',
    });
    // Step Functions writes only to groups of this name without enlarging the account's resource policy.
    const logs = new CloudwatchLogGroup(stack, `${purpose}-logs`, {
      name: `/aws/vendedlogs/states/${stack.nameOf(purpose)}`,
      retentionInDays: stack.environment.logRetentionDays,
      kmsKeyId: stack.keyArn,
    });
    const role = this.#role(stack, purpose, task, failed);
    const machine = new SfnStateMachine(stack, purpose, {
      name: stack.nameOf(purpose),
      type: 'EXPRESS',
      roleArn: role.arn,
      definition: JSON.stringify(definition(failed)),
      encryptionConfiguration: {
        type: 'CUSTOMER_MANAGED_KMS_KEY',
        kmsKeyId: stack.keyArn,
        kmsDataKeyReusePeriodSeconds: DATA_KEY_REUSE_SECONDS,
      },
      tracingConfiguration: { enabled: true },
      // What an execution was given holds customer data: a log says where it failed, and not with what.
      loggingConfiguration: { level: 'ERROR', includeExecutionData: false, logDestination: `${logs.arn}:*` },
      dependsOn: [role.policy],
    });
    const rule = new SubscriptionRule(stack);
    const starter = new ServiceRole(stack, `${purpose}-start`, 'events.amazonaws.com');
    starter.allow({ sid: 'Start', actions: ['states:StartExecution'], resources: [machine.arn] });
    rule.deliverTo({ arn: machine.arn, roleArn: starter.arn });
    for (const metric of METRICS) {
      new StageAlarm(stack, `${purpose}-${kebabCase(metric)}`, {
        says: `The workflow ${stack.nameOf(purpose)} fails (${metric}).`,
        runbook: 'workflow-failures',
        namespace: 'AWS/States',
        metric,
        dimensions: { StateMachineArn: machine.arn },
        statistic: 'Sum',
        above: 0,
      });
    }
  }

  #role(stack: StageStack, purpose: string, task: StageFunction, failed: DeadLetterQueue): ServiceRole {
    const role = new ServiceRole(stack, `${purpose}-run`, 'states.amazonaws.com');
    role.allow({ sid: 'RunTask', actions: ['lambda:InvokeFunction'], resources: [task.arn] });
    grantPutEvents(stack, role);
    role.allow({
      sid: 'Notify',
      actions: ['sns:Publish'],
      resources: [stack.platform.notificationsTopicArn],
    });
    role.allowSend('KeepFailed', failed.arn);
    role.allow(WORKFLOW_LOG_DELIVERY);
    role.allow(SEND_TRACES);
    // Its definition, what it was given and its logs are encrypted (Step Functions developer guide, "Data at rest encryption").
    role.allowKey(['Decrypt', 'GenerateDataKey']);
    return role;
  }
}

function kebabCase(metric: string): string {
  return metric.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
}
