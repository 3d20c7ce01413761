import { parseArgs } from 'node:util';
import { ListMessageMoveTasksCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import type { StageName } from '@payments/schemas';
import { bar, ProgressLine } from '../progress.ts';
import { type Command, CommandUsageError } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { moveTo, takeLetters } from './dlq-letters.ts';
import { needsRunning, oneQueue, readMax } from './dlq-options.ts';
import { quarantined, quarantineStage, sendAgain } from './dlq-quarantine.ts';
import { type DeadLetterQueue, deadLetterQueue, queueNamed } from './dlq-queues.ts';
import { DeadLettersRefusedError } from './dlq-refused-error.ts';

const POLL_MS = 500;

interface Moved {
  readonly from: string;
  readonly to: string;
  readonly moved: number;
  /** What could not be moved, and why. */
  readonly refused: readonly string[];
}

interface Wish {
  readonly to: string | undefined;
  readonly max: number | undefined;
}

/** `payments dlq redrive`. */
export const dlqRedrive: Command = {
  name: 'dlq redrive',
  summary: 'send dead letters, or what a stage set aside, to the stage again',
  help: `payments dlq redrive <queue> [options]

Sends the messages of a dead-letter queue back to the queue of their stage: by a message move task of SQS where it can be
one, else one after another, each removed only when it was sent. Of quarantine/<stage>, sends each record to the stage
again in an event of its own, and removes it; one that still breaks its contract is set aside again. Remove the cause
first. Exits with 1 when something could not be sent.

  --to <queue>           another queue, as in posting-queue (default: the one of the stage)
  --max <n>              at most so many (default: all that lie there now)
  --json                 how many were moved
${CONNECTION_HELP}

Example:  payments dlq redrive posting-dead-letters --max 1`,
  run: async (args, output) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...CONNECTION_OPTIONS,
        to: { type: 'string' },
        max: { type: 'string' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
    });
    const name = oneQueue(positionals);
    const wish: Wish = { to: values.to, max: readMax(values.max) };
    const connection = await openConnection(connectionOptions(values));
    try {
      needsRunning(connection);
      const stage = quarantineStage(name);
      if (stage === 'unknown') throw new CommandUsageError(`${name}: there is no such stage.`);
      const result =
        stage === undefined
          ? await redrive(connection, await deadLetterQueue(connection, name), wish)
          : await redriveQuarantined(connection, stage, wish);
      if (values.json === true) output.print(JSON.stringify(result, null, 2));
      else output.print(`Moved ${result.moved} from ${result.from} to ${result.to}.`);
      for (const line of result.refused) output.warn(line);
      return result.refused.length === 0 ? 0 : 1;
    } finally {
      await connection.close();
    }
  },
};

async function redrive(connection: Connection, queue: DeadLetterQueue, wish: Wish): Promise<Moved> {
  const to = wish.to ?? `${queue.owner}-queue`;
  if (wish.to === undefined && (queue.kind === 'place' || queue.kind === 'missed'))
    throw new DeadLettersRefusedError(
      'NoWayBack',
      queue.kind === 'missed'
        ? `${queue.name} holds times of a schedule, which comes again by itself: drop them, or name a queue with --to.`
        : `${queue.name} did not come from a queue: docs/runbooks/ says what to do (dead-letters, pipe-failures, workflow-failures); --to names a queue for events.`,
    );
  const target = await queueNamed(connection, to);
  if (target === undefined)
    throw new DeadLettersRefusedError(
      'NoTarget',
      `There is no queue ${to}: name one with --to, or give ${queue.owner} the time of the events once more ("payments replay --to ${queue.owner}").`,
    );
  if (queue.messages === 0) return { from: queue.name, to, moved: 0, refused: [] };
  // SQS moves what is the dead-letter queue of a queue, and all of it; the others are moved from here.
  const moved =
    queue.kind === 'failed' && wish.max === undefined
      ? await moveTask(connection, queue, wish.to === undefined ? undefined : target.arn)
      : await moveEach(connection, queue, target.url, wish.max ?? queue.messages);
  return { from: queue.name, to, moved, refused: [] };
}

async function moveTask(
  { sqs }: Connection,
  queue: DeadLetterQueue,
  DestinationArn: string | undefined,
): Promise<number> {
  await sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn: queue.arn,
      ...(DestinationArn === undefined ? {} : { DestinationArn }),
    }),
  );
  const line = new ProgressLine(process.stderr);
  try {
    for (;;) {
      const { Results = [] } = await sqs.send(
        new ListMessageMoveTasksCommand({ SourceArn: queue.arn, MaxResults: 1 }),
      );
      const { Status, FailureReason, ApproximateNumberOfMessagesMoved: moved = 0 } = Results[0] ?? {};
      if (Status === 'COMPLETED') return moved;
      if (Status === 'FAILED' || Status === 'CANCELLED')
        throw new DeadLettersRefusedError(
          'MoveFailed',
          `SQS moved ${moved} of ${queue.name} and ended: ${FailureReason ?? Status}.`,
        );
      line.show(`Moving      ${bar(moved, queue.messages)}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    line.clear();
  }
}

async function moveEach(
  { sqs }: Connection,
  queue: DeadLetterQueue,
  toUrl: string,
  max: number,
): Promise<number> {
  let moved = 0;
  for await (const taken of takeLetters(sqs, queue, max)) {
    await moveTo(sqs, queue, taken, toUrl);
    moved += 1;
  }
  return moved;
}

async function redriveQuarantined(connection: Connection, stage: StageName, wish: Wish): Promise<Moved> {
  const to = wish.to ?? `${stage}-queue`;
  const target = await queueNamed(connection, to);
  if (target === undefined)
    throw new DeadLettersRefusedError(
      'NoTarget',
      `${stage} has no queue ${to}: give it the time of the events once more ("payments replay --to ${stage}").`,
    );
  // What is set aside again meanwhile is not sent in a circle.
  const letters = [];
  for await (const letter of quarantined(connection, stage)) {
    if (letters.length === (wish.max ?? Number.POSITIVE_INFINITY)) break;
    letters.push(letter);
  }
  const refused: string[] = [];
  for (const letter of letters) {
    try {
      await sendAgain(connection, letter, target.url);
    } catch (error) {
      if (!(error instanceof DeadLettersRefusedError)) throw error;
      refused.push(error.message);
    }
  }
  return { from: `quarantine/${stage}`, to, moved: letters.length - refused.length, refused };
}
