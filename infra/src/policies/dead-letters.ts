import { arnOf } from '../names.ts';
import { type Arguments, firstBlock, reference, referenceTo } from '../synthesized-stack.ts';
import type { CheckedStack } from './policy.ts';

/** Who puts what it gives up into a dead-letter queue. */
export type Sender =
  /** A service on its own account, which the queue's policy lets send for one source. */
  | { readonly service: string; readonly sourceArn: string }
  /** With a role, which its own policy lets send. */
  | { readonly roleArn: unknown }
  /** SQS, which needs no permission. */
  | 'sqs';

/** A place where something is delivered, and can fail to be. */
export interface Hop {
  readonly address: string;
  /** The dead-letter queues that it refers to. */
  readonly deadLetters: readonly string[];
  readonly sender: Sender;
  /** The argument, or what else, that names the dead-letter queue. */
  readonly argument: string;
}

const QUEUE_REFERENCE = /\$\{aws_sqs_queue\.([\w-]+)\.\w+\}/g;
const RULE = 'aws_cloudwatch_event_rule';
const STREAMS = ['dynamodb_stream_parameters', 'kinesis_stream_parameters'];

/** Every hop of a stack: rules' targets, buses, schedules, pipes, mappings, queues and state machines. */
export function hopsOf({ stack, environment }: CheckedStack): readonly Hop[] {
  const hops: Hop[] = [];
  const add = (
    type: string,
    hop: (args: Arguments, id: string) => Omit<Hop, 'address'> | undefined,
  ): void => {
    for (const [id, args] of stack.resources(type)) {
      const found = hop(args, id);
      if (found !== undefined) hops.push({ address: `${type}.${id}`, ...found });
    }
  };
  add('aws_cloudwatch_event_target', (target) => ({
    deadLetters: queuesIn(target['dead_letter_config']),
    argument: 'dead_letter_config',
    sender: {
      service: 'events.amazonaws.com',
      sourceArn: reference(`aws_cloudwatch_event_rule.${referenceTo(target['rule'], RULE)}.arn`),
    },
  }));
  add('aws_cloudwatch_event_bus', (bus) => ({
    deadLetters: queuesIn(bus['dead_letter_config']),
    argument: 'dead_letter_config',
    sender: {
      service: 'events.amazonaws.com',
      sourceArn: arnOf(environment, 'events', `event-bus/${String(bus['name'])}`),
    },
  }));
  add('aws_scheduler_schedule', ({ target }) => ({
    deadLetters: queuesIn(firstBlock(target)['dead_letter_config']),
    argument: 'target.dead_letter_config',
    sender: { roleArn: firstBlock(target)['role_arn'] },
  }));
  add('aws_pipes_pipe', (pipe) => {
    const parameters = firstBlock(pipe['source_parameters']);
    const stream = STREAMS.find((each) => parameters[each] !== undefined);
    // A pipe that reads a queue leaves what it gives up to the queue's own dead-letter queue.
    if (stream === undefined) return undefined;
    return {
      deadLetters: queuesIn(firstBlock(parameters[stream])['dead_letter_config']),
      argument: `source_parameters.${stream}.dead_letter_config`,
      sender: { roleArn: pipe['role_arn'] },
    };
  });
  add('aws_lambda_event_source_mapping', (mapping) => {
    if (!readsStream(mapping)) return undefined;
    const functionId = referenceTo(mapping['function_name'], 'aws_lambda_function') ?? '';
    return {
      deadLetters: queuesIn(firstBlock(mapping['destination_config'])['on_failure']),
      argument: 'destination_config.on_failure',
      sender: { roleArn: stack.resources('aws_lambda_function').get(functionId)?.['role'] },
    };
  });
  add('aws_sfn_state_machine', (machine) => ({
    deadLetters: queuesIn(machine['definition']),
    argument: 'a state of its definition that sends what failed to one',
    sender: { roleArn: machine['role_arn'] },
  }));
  const isDeadLetters = new Set(hops.flatMap(({ deadLetters }) => deadLetters));
  const redriven = [...stack.resources('aws_sqs_queue').values()].flatMap(({ redrive_policy }) =>
    queuesIn(redrive_policy),
  );
  add('aws_sqs_queue', (queue, id) => {
    if (isDeadLetters.has(id) || redriven.includes(id)) return undefined;
    return { deadLetters: queuesIn(queue['redrive_policy']), argument: 'redrive_policy', sender: 'sqs' };
  });
  return hops;
}

/** The queues that hold what some hop gave up. */
export function deadLetterQueues(checked: CheckedStack): ReadonlySet<string> {
  return new Set(hopsOf(checked).flatMap(({ deadLetters }) => deadLetters));
}

/** True for a mapping that reads a stream, and not a queue. */
export function readsStream(mapping: Arguments): boolean {
  return mapping['starting_position'] !== undefined;
}

function queuesIn(value: unknown): readonly string[] {
  return [...JSON.stringify(value ?? null).matchAll(QUEUE_REFERENCE)].map(([, id = '']) => id);
}
