import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import { ServiceRole } from './service-role.ts';
import type { StageFunction } from './stage-function.ts';
import { DeadLetterQueue } from './stage-queue.ts';
import type { StageStack } from './stage-stack.ts';

/** An invocation that could not be begun for so long is not worth beginning: the next one does its work. */
const RETRY = { maximumEventAgeInSeconds: 60 * 60, maximumRetryAttempts: 10 };

export interface StageScheduleProps {
  /** `rate(…)` or `cron(…)`, in UTC. */
  readonly expression: string;
  readonly target: StageFunction;
  /** The event that the function gets. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Invokes a function at set times, with a role of its own and a dead-letter queue. */
export class StageSchedule {
  /** @param purpose its construct id, and its name within the stage */
  constructor(stack: StageStack, purpose: string, { expression, target, input }: StageScheduleProps) {
    const uninvoked = new DeadLetterQueue(stack, `${purpose}-missed`, {
      says: `The schedule ${stack.nameOf(purpose)} could not invoke its function.`,
      runbook: 'undelivered-events',
    });
    const role = new ServiceRole(stack, `${purpose}-schedule`, 'scheduler.amazonaws.com');
    role.allow({ sid: 'Invoke', actions: ['lambda:InvokeFunction'], resources: [target.arn] });
    role.allowSend('KeepMissed', uninvoked.arn);
    new SchedulerSchedule(stack, purpose, {
      name: stack.nameOf(purpose),
      scheduleExpression: expression,
      flexibleTimeWindow: { mode: 'OFF' },
      kmsKeyArn: stack.keyArn,
      target: {
        arn: target.arn,
        roleArn: role.arn,
        input: JSON.stringify(input),
        retryPolicy: RETRY,
        deadLetterConfig: { arn: uninvoked.arn },
      },
      dependsOn: [role.policy],
    });
  }
}
