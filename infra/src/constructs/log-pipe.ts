import { PipesPipe } from '@cdktf/provider-aws/lib/pipes-pipe/index.js';
import { type EventName, sourceOf } from '@payments/schemas';
import { pipeDelivery } from '../delivery.ts';
import { grantPutEvents } from './bus.ts';
import { ServiceRole } from './service-role.ts';
import { StageAlarm } from './stage-alarm.ts';
import type { StageFunction } from './stage-function.ts';
import { DeadLetterQueue } from './stage-queue.ts';
import type { StageStack } from './stage-stack.ts';
import { grantReadStream } from './table-stream.ts';

/** A batch that fails is tried so often before it is a dead letter. */
const MAXIMUM_RETRY_ATTEMPTS = 10;

export interface LogPipeProps {
  readonly streamArn: string;
  /** Which changes go on: an event pattern on the stream's records. */
  readonly filter: Readonly<Record<string, unknown>>;
  /** Answers the details of the events. */
  readonly enrichment: StageFunction;
  readonly event: EventName;
}

/** A pipe from a table's stream through a function to the bus. */
export class LogPipe {
  /** @param purpose its construct id, and its name within the stage */
  constructor(stack: StageStack, purpose: string, { streamArn, filter, enrichment, event }: LogPipeProps) {
    const { batchSize, windowSeconds } = pipeDelivery(stack.environment);
    const failed = new DeadLetterQueue(stack, `${purpose}-failed`, {
      says: `Rows of the authorization log could not be put on the bus by ${stack.nameOf(purpose)}.`,
      runbook: 'pipe-failures',
    });
    const role = new ServiceRole(stack, `${purpose}-pipe`, 'pipes.amazonaws.com');
    grantReadStream(role, streamArn);
    role.allow({ sid: 'Enrich', actions: ['lambda:InvokeFunction'], resources: [enrichment.arn] });
    grantPutEvents(stack, role, [event]);
    role.allowSend('KeepFailedBatches', failed.arn);
    role.allowKey(['DescribeKey']);
    new PipesPipe(stack, purpose, {
      name: stack.nameOf(purpose),
      description: `The authorization log to the bus, as ${event}`,
      roleArn: role.arn,
      kmsKeyIdentifier: stack.keyArn,
      source: streamArn,
      sourceParameters: {
        filterCriteria: { filter: [{ pattern: JSON.stringify(filter) }] },
        dynamodbStreamParameters: {
          startingPosition: 'TRIM_HORIZON',
          batchSize,
          maximumBatchingWindowInSeconds: windowSeconds,
          maximumRetryAttempts: MAXIMUM_RETRY_ATTEMPTS,
          onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          deadLetterConfig: { arn: failed.arn },
        },
      },
      enrichment: enrichment.arn,
      target: stack.platform.busArn,
      targetParameters: {
        eventbridgeEventBusParameters: { detailType: event, source: sourceOf(stack.stage.name) },
      },
      // Pipes looks whether the role may read the stream when the pipe is made.
      dependsOn: [role.policy],
    });
    new StageAlarm(stack, `${purpose}-executions-failed`, {
      says: `The pipe ${stack.nameOf(purpose)} fails.`,
      runbook: 'pipe-failures',
      namespace: 'AWS/EventBridge/Pipes',
      metric: 'ExecutionFailed',
      dimensions: { PipeName: stack.nameOf(purpose) },
      statistic: 'Sum',
      above: 0,
    });
  }
}
