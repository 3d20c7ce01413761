import { firstBlock } from '../synthesized-stack.ts';
import type { Fault, Policy } from './policy.ts';

/** One group for all messages is a queue that one function at a time empties, whatever it was given. */
export const FIFO_GROUPS: Policy = {
  name: 'fifo-groups',
  demands:
    'No FIFO queue is sent to with a constant message group: each group is handled one batch at a time.',
  source: 'SQS developer guide, "Using the message group ID with Amazon SQS FIFO queues"',
  check: ({ stack }) => {
    const faults: Fault[] = [];
    const hold = (address: string, argument: string, group: unknown): void => {
      // A path into the event (`$.account`) is another group for each event; a schedule and a rule know constants only.
      if (group === undefined || String(group).startsWith('$.')) return;
      faults.push({
        address,
        wrong: `sends every message in the one group "${String(group)}"`,
        remedy: `Take ${argument} from what must stay in order, such as the account, or send to a standard queue.`,
      });
    };
    for (const [id, target] of stack.resources('aws_cloudwatch_event_target')) {
      const group = firstBlock(target['sqs_target'])['message_group_id'];
      hold(`aws_cloudwatch_event_target.${id}`, 'sqs_target.message_group_id', group);
    }
    for (const [id, { target }] of stack.resources('aws_scheduler_schedule')) {
      const group = firstBlock(firstBlock(target)['sqs_parameters'])['message_group_id'];
      hold(`aws_scheduler_schedule.${id}`, 'sqs_parameters.message_group_id', group);
    }
    for (const [id, pipe] of stack.resources('aws_pipes_pipe')) {
      const parameters = firstBlock(pipe['target_parameters'])['sqs_queue_parameters'];
      const group = firstBlock(parameters)['message_group_id'];
      hold(`aws_pipes_pipe.${id}`, 'sqs_queue_parameters.message_group_id', group);
    }
    for (const [id, { definition }] of stack.resources('aws_sfn_state_machine')) {
      // In a workflow a path is written with another name: `MessageGroupId.$`.
      for (const [, group] of String(definition).matchAll(/"MessageGroupId":"([^"]*)"/g))
        hold(`aws_sfn_state_machine.${id}`, 'MessageGroupId', group);
    }
    return faults;
  },
};

/** A rule of the same name is the same rule: the later stack would take it from the earlier one. */
export const RULE_NAMES: Policy = {
  name: 'rule-names',
  demands: 'No two rules of a bus have the same name, in whichever stacks.',
  source: 'EventBridge API reference, "PutRule"',
  check: (checked, others) => {
    const named = others.flatMap(({ owner, stack }) =>
      [...stack.resources('aws_cloudwatch_event_rule')].map(([id, rule]) => ({
        owner,
        id,
        name: `${String(rule['event_bus_name'])}/${String(rule['name'])}`,
      })),
    );
    return named
      .filter(({ owner }) => owner === checked.owner)
      .flatMap(({ id, name }) => {
        const twins = named.filter(
          (other) => other.name === name && (other.owner !== checked.owner || other.id !== id),
        );
        return twins.slice(0, 1).map((twin) => ({
          address: `aws_cloudwatch_event_rule.${id}`,
          wrong: `is named ${name}, as is aws_cloudwatch_event_rule.${twin.id} of ${twin.owner}`,
          remedy: 'Name it by its own stack: stack.nameOf(purpose).',
        }));
      });
  },
};

/** How much of an account one consumer may take is decided here, and not by its load. */
export const CONCURRENCY: Policy = {
  name: 'concurrency',
  demands:
    'Each consumer has a bound: a maximum concurrency where a queue feeds it, a reserved one where callers outside do, and no more than one batch of a shard at a time where a stream does.',
  source: 'Lambda developer guide, "Configuring maximum concurrency for Amazon SQS event sources"',
  check: ({ stack }) => {
    const faults: Fault[] = [];
    for (const [id, mapping] of stack.resources('aws_lambda_event_source_mapping')) {
      const address = `aws_lambda_event_source_mapping.${id}`;
      if (mapping['starting_position'] === undefined) {
        if (typeof firstBlock(mapping['scaling_config'])['maximum_concurrency'] === 'number') continue;
        faults.push({
          address,
          wrong: 'has no maximum concurrency: a backlog would take the whole account',
          remedy: 'Set scaling_config.maximum_concurrency.',
        });
      } else if (Number(mapping['parallelization_factor'] ?? 1) > 1) {
        faults.push({
          address,
          wrong: 'takes several batches of a shard at once',
          remedy: 'Leave parallelization_factor out: AWS takes one.',
        });
      }
    }
    for (const { function_name } of stack.resources('aws_lambda_function_url').values()) {
      for (const [id, lambda] of stack.resources('aws_lambda_function')) {
        const isCalled = [lambda['function_name'], `\${aws_lambda_function.${id}.function_name}`].includes(
          function_name,
        );
        if (!isCalled || typeof lambda['reserved_concurrent_executions'] === 'number') continue;
        faults.push({
          address: `aws_lambda_function.${id}`,
          wrong:
            'has a URL and no reserved concurrency: its callers decide how much of the account they take',
          remedy: 'Give the StageFunction a reservedConcurrency.',
        });
      }
    }
    return faults;
  },
};
