import type { QueueSource } from '../../core/seams.ts';
import type { Store } from '../../core/store.ts';
import type { DeployedResource } from '../../terraform/deployed-state.ts';
import type { StatesService } from '../states/states-service.ts';
import type { Gauges } from './alarm-evaluation.ts';
import type { MetricName } from './metric-store.ts';

/** What the gauges are read from. */
export interface GaugeSources {
  readonly store: Store;
  readonly queues: QueueSource;
  readonly states: StatesService;
  readonly now: () => number;
  /** What all stacks have deployed of a Terraform type. */
  readonly deployed: (type: string) => readonly DeployedResource[];
}

const EXECUTION_METRICS = {
  ExecutionsAborted: 'ABORTED',
  ExecutionsFailed: 'FAILED',
  ExecutionsSucceeded: 'SUCCEEDED',
  ExecutionsTimedOut: 'TIMED_OUT',
} as const;

/** The numbers that services have of themselves: depth and age of queues, what became of executions. */
export function serviceGauges(sources: GaugeSources): Gauges {
  const seen = new Map<string, number>();
  return function* gauges() {
    const oldest = oldestMessages(sources.store);
    for (const { attributes } of sources.deployed('aws_sqs_queue')) {
      const [arn, name] = [String(attributes['arn']), String(attributes['name'])];
      const sentAt = oldest.get(name);
      const dimensions = { QueueName: name };
      yield queueGauge('ApproximateNumberOfMessagesVisible', dimensions, sources.queues.depth(arn).visible);
      const ageMs = sentAt === undefined ? 0 : sources.now() - sentAt;
      yield queueGauge('ApproximateAgeOfOldestMessage', dimensions, Math.max(0, Math.floor(ageMs / 1000)));
    }
    for (const { attributes } of sources.deployed('aws_sfn_state_machine')) {
      const arn = String(attributes['arn']);
      const counts = sources.states.executionCounts(arn);
      for (const [name, status] of Object.entries(EXECUTION_METRICS)) {
        const key = `${arn} ${name}`;
        const total = counts[status];
        const metric = { namespace: 'AWS/States', name, dimensions: { StateMachineArn: arn } };
        // The service counts since ever, the metric since the last minute.
        yield { metric, value: total - (seen.get(key) ?? total) };
        seen.set(key, total);
      }
    }
  };
}

function queueGauge(
  name: string,
  dimensions: MetricName['dimensions'],
  value: number,
): { metric: MetricName; value: number } {
  return { metric: { namespace: 'AWS/SQS', name, dimensions }, value };
}

/** When the oldest message of each queue was sent. Reads SQS's tables: its API does not tell. */
function oldestMessages(store: Store): Map<string, number> {
  const rows = store.all<{ name: string; sent_at: number }>(
    `SELECT q.name, min(m.sent_at) AS sent_at FROM sqs_queues q
      JOIN sqs_places p ON p.queue = q.id JOIN sqs_messages m ON m.seq = p.seq GROUP BY q.id`,
  );
  return new Map(rows.map((row) => [row.name, row.sent_at]));
}
