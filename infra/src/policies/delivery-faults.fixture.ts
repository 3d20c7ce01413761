import { reference } from '../synthesized-stack.ts';
import { adding, type PlantedFault, replacing, setting, without } from './plant.fixture.ts';

const BUS = 'payments-local-platform-bus';

/** Faults of how events are delivered, by the policy that must find each. */
export const DELIVERY_FAULTS: Readonly<Record<string, readonly PlantedFault[]>> = {
  'dead-letter-queues': [
    {
      what: 'a queue without a redrive policy',
      owner: 'dedup',
      plant: setting('aws_sqs_queue.queue', 'redrive_policy', undefined),
      address: 'aws_sqs_queue.queue',
    },
    {
      what: 'a rule that loses what its target does not take',
      owner: 'dedup',
      plant: setting('aws_cloudwatch_event_target.subscription-target', 'dead_letter_config', undefined),
      address: 'aws_cloudwatch_event_target.subscription-target',
    },
    {
      what: 'a bus that loses what its key refuses',
      owner: 'platform',
      plant: setting('aws_cloudwatch_event_bus.bus', 'dead_letter_config', undefined),
      address: 'aws_cloudwatch_event_bus.bus',
    },
    {
      what: 'a schedule that loses what it cannot begin',
      owner: 'posting',
      plant: setting('aws_scheduler_schedule.age-sequences', 'target.dead_letter_config', undefined),
      address: 'aws_scheduler_schedule.age-sequences',
    },
    {
      what: 'a pipe that loses rows',
      owner: 'dedup',
      plant: setting(
        'aws_pipes_pipe.log',
        'source_parameters.dynamodb_stream_parameters.dead_letter_config',
        undefined,
      ),
      address: 'aws_pipes_pipe.log',
    },
    {
      what: 'a stream of which failed batches are lost',
      owner: 'posting',
      plant: setting('aws_lambda_event_source_mapping.fold-ledger', 'destination_config', undefined),
      address: 'aws_lambda_event_source_mapping.fold-ledger',
    },
    {
      what: 'a workflow that keeps no failed event',
      owner: 'rules',
      plant: replacing(
        'aws_sfn_state_machine.workflow',
        'definition',
        reference('aws_sqs_queue.workflow-failed.url'),
        'https://sqs.example/none',
      ),
      address: 'aws_sfn_state_machine.workflow',
    },
  ],
  'dead-letter-permissions': [
    {
      what: 'a dead-letter queue that the rule may not send to',
      owner: 'dedup',
      plant: replacing(
        'aws_sqs_queue_policy.undelivered-policy',
        'policy',
        'sqs:SendMessage',
        'sqs:ReceiveMessage',
      ),
      address: 'aws_cloudwatch_event_target.subscription-target',
    },
    {
      what: 'a dead-letter queue that lets another rule send',
      owner: 'dedup',
      plant: replacing(
        'aws_sqs_queue_policy.undelivered-policy',
        'policy',
        'aws_cloudwatch_event_rule.subscription.arn',
        'aws_cloudwatch_event_rule.another.arn',
      ),
      address: 'aws_cloudwatch_event_target.subscription-target',
    },
    {
      what: "a role that may not send to its schedule's dead-letter queue",
      owner: 'posting',
      plant: replacing(
        'aws_iam_role_policy.age-sequences-schedule-role-policy',
        'policy',
        'sqs:SendMessage',
        'sqs:ReceiveMessage',
      ),
      address: 'aws_scheduler_schedule.age-sequences',
    },
  ],
  'target-permissions': [
    {
      what: 'a queue that takes nothing from its rule',
      owner: 'dedup',
      plant: replacing(
        'aws_sqs_queue_policy.queue-policy',
        'policy',
        'aws_cloudwatch_event_rule.subscription.arn',
        'aws_cloudwatch_event_rule.another.arn',
      ),
      address: 'aws_cloudwatch_event_target.subscription-target',
    },
    {
      what: 'a workflow that its rule may not start',
      owner: 'rules',
      plant: replacing(
        'aws_iam_role_policy.workflow-start-role-policy',
        'policy',
        'states:StartExecution',
        'states:StopExecution',
      ),
      address: 'aws_cloudwatch_event_target.subscription-target',
    },
    {
      what: 'a schedule that may not call its function',
      owner: 'posting',
      plant: replacing(
        'aws_iam_role_policy.age-sequences-schedule-role-policy',
        'policy',
        'aws_lambda_function.age.arn',
        'aws_lambda_function.fold.arn',
      ),
      address: 'aws_scheduler_schedule.age-sequences',
    },
    {
      what: 'a queue that is told of no file',
      owner: 'ingest',
      plant: replacing(
        'aws_sqs_queue_policy.queue-policy',
        'policy',
        's3.amazonaws.com',
        'events.amazonaws.com',
      ),
      address: 'aws_s3_bucket_notification.inbound-notification',
    },
  ],
  retries: [
    {
      what: 'a rule that gives up at once',
      owner: 'dedup',
      plant: setting(
        'aws_cloudwatch_event_target.subscription-target',
        'retry_policy.maximum_retry_attempts',
        0,
      ),
      address: 'aws_cloudwatch_event_target.subscription-target',
    },
    {
      what: 'a schedule that tries once',
      owner: 'posting',
      plant: setting('aws_scheduler_schedule.age-sequences', 'target.retry_policy.maximum_retry_attempts', 0),
      address: 'aws_scheduler_schedule.age-sequences',
    },
    {
      what: 'a queue that gives up at the first failure',
      owner: 'dedup',
      plant: replacing('aws_sqs_queue.queue', 'redrive_policy', '"maxReceiveCount":5', '"maxReceiveCount":1'),
      address: 'aws_sqs_queue.queue',
    },
    {
      what: 'a stream that stands still at a bad row for ever',
      owner: 'posting',
      plant: setting('aws_lambda_event_source_mapping.fold-ledger', 'maximum_retry_attempts', -1),
      address: 'aws_lambda_event_source_mapping.fold-ledger',
    },
    {
      what: 'a pipe that does not say how often it tries',
      owner: 'dedup',
      plant: setting(
        'aws_pipes_pipe.log',
        'source_parameters.dynamodb_stream_parameters.maximum_retry_attempts',
        undefined,
      ),
      address: 'aws_pipes_pipe.log',
    },
    {
      what: 'a task of a workflow that is tried once',
      owner: 'rules',
      plant: replacing('aws_sfn_state_machine.workflow', 'definition', '"MaxAttempts":10', '"MaxAttempts":0'),
      address: 'aws_sfn_state_machine.workflow',
    },
  ],
  'partial-batch-failures': [
    {
      what: 'a mapping that fails whole batches',
      owner: 'dedup',
      plant: setting('aws_lambda_event_source_mapping.feed', 'function_response_types', []),
      address: 'aws_lambda_event_source_mapping.feed',
    },
  ],
  'visibility-timeout': [
    {
      what: "five times the function's timeout",
      owner: 'dedup',
      plant: setting('aws_sqs_queue.queue', 'visibility_timeout_seconds', 150),
      address: 'aws_sqs_queue.queue',
    },
  ],
  'fifo-groups': [
    {
      what: 'a rule that sends everything in one group',
      owner: 'dedup',
      plant: setting('aws_cloudwatch_event_target.subscription-target', 'sqs_target', {
        message_group_id: 'all',
      }),
      address: 'aws_cloudwatch_event_target.subscription-target',
    },
    {
      what: 'a pipe that sends everything in one group',
      owner: 'dedup',
      plant: setting('aws_pipes_pipe.log', 'target_parameters.sqs_queue_parameters', {
        message_group_id: 'all',
      }),
      address: 'aws_pipes_pipe.log',
    },
    {
      what: 'a schedule that sends everything in one group',
      owner: 'posting',
      plant: setting('aws_scheduler_schedule.age-sequences', 'target.sqs_parameters', {
        message_group_id: 'all',
      }),
      address: 'aws_scheduler_schedule.age-sequences',
    },
    {
      what: 'a workflow that sends everything in one group',
      owner: 'rules',
      plant: replacing(
        'aws_sfn_state_machine.workflow',
        'definition',
        '"QueueUrl":',
        '"MessageGroupId":"all","QueueUrl":',
      ),
      address: 'aws_sfn_state_machine.workflow',
    },
  ],
  concurrency: [
    {
      what: 'a mapping without a cap',
      owner: 'dedup',
      plant: setting('aws_lambda_event_source_mapping.feed', 'scaling_config', undefined),
      address: 'aws_lambda_event_source_mapping.feed',
    },
    {
      what: 'a stream of which a shard is read in parallel',
      owner: 'posting',
      plant: setting('aws_lambda_event_source_mapping.fold-ledger', 'parallelization_factor', 10),
      address: 'aws_lambda_event_source_mapping.fold-ledger',
    },
    {
      what: 'a URL of a function without a reservation',
      owner: 'ingest',
      plant: setting('aws_lambda_function.api', 'reserved_concurrent_executions', undefined),
      address: 'aws_lambda_function.api',
    },
  ],
  'rule-names': [
    {
      what: 'a second rule of the same name',
      owner: 'posting',
      plant: adding('aws_cloudwatch_event_rule.second', {
        name: 'payments-local-posting-subscription',
        event_bus_name: BUS,
        event_pattern: '{"source":["payments.reconcile"],"detail-type":["PostingEntryCreated"]}',
      }),
      address: 'aws_cloudwatch_event_rule.second',
    },
  ],
  alarms: [
    {
      what: 'an alarm that waits for the hundredth dead letter',
      owner: 'dedup',
      plant: setting('aws_cloudwatch_metric_alarm.dead-letters-depth-alarm', 'threshold', 99),
      address: 'aws_sqs_queue.dead-letters',
    },
    ...(
      [
        ['a queue', 'dedup', 'queue-age', 'aws_sqs_queue.queue'],
        ['a dead-letter queue', 'dedup', 'dead-letters-depth', 'aws_sqs_queue.dead-letters'],
        ['throttles of a function', 'dedup', 'subscriber-throttles', 'aws_lambda_function.subscriber'],
        ['a pipe', 'dedup', 'log-executions-failed', 'aws_pipes_pipe.log'],
        ['a workflow', 'rules', 'workflow-executions-failed', 'aws_sfn_state_machine.workflow'],
        [
          'a reader of a stream',
          'posting',
          'fold-ledger-stream-age',
          'aws_lambda_event_source_mapping.fold-ledger',
        ],
      ] as const
    ).map(([what, owner, alarm, address]) => ({
      what: `no alarm on ${what}`,
      owner,
      plant: without(`aws_cloudwatch_metric_alarm.${alarm}-alarm`),
      address,
    })),
  ],
  'alarm-runbooks': [
    {
      what: 'an alarm that tells nobody',
      owner: 'dedup',
      plant: setting('aws_cloudwatch_metric_alarm.queue-age-alarm', 'alarm_actions', []),
      address: 'aws_cloudwatch_metric_alarm.queue-age-alarm',
    },
    {
      what: 'an alarm that was switched off',
      owner: 'dedup',
      plant: setting('aws_cloudwatch_metric_alarm.queue-age-alarm', 'actions_enabled', false),
      address: 'aws_cloudwatch_metric_alarm.queue-age-alarm',
    },
    {
      what: 'an alarm with a runbook that there is not',
      owner: 'dedup',
      plant: replacing(
        'aws_cloudwatch_metric_alarm.queue-age-alarm',
        'alarm_description',
        'queue-age.md',
        'none.md',
      ),
      address: 'aws_cloudwatch_metric_alarm.queue-age-alarm',
    },
  ],
};
