import { GetQueueAttributesCommand, ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Owner } from '@payments/infra/names';
import { STACK_NAMES } from '../stack-files.ts';
import type { Connection } from './connection.ts';
import { DeadLettersRefusedError } from './dlq-refused-error.ts';
import { nearestName } from './nearest-name.ts';

/** What lies in a dead-letter queue, by what its name ends with (`infra/src/constructs`). */
const KINDS = [
  { ending: 'dead-letters', kind: 'failed', says: 'events that failed in the function' },
  { ending: 'undelivered', kind: 'undelivered', says: 'events that the bus could not deliver' },
  { ending: 'undecryptable', kind: 'undelivered', says: 'events that the bus could not use its key for' },
  { ending: 'missed', kind: 'missed', says: 'times at which a schedule could not call its function' },
  { ending: 'failed', kind: 'place', says: 'events of a workflow, or the place of changes in a stream' },
] as const;

const QUEUES_PAGE = 1000;

export type DeadLetterKind = (typeof KINDS)[number]['kind'];

/** A queue that nobody reads but people. */
export interface DeadLetterQueue {
  /** Without the environment, as in `posting-dead-letters`. */
  readonly name: string;
  readonly owner: Owner;
  readonly kind: DeadLetterKind;
  readonly says: string;
  readonly url: string;
  readonly arn: string;
  readonly messages: number;
}

/** All dead-letter queues of the environment, in the order of the flow. */
export async function deadLetterQueues(connection: Connection): Promise<readonly DeadLetterQueue[]> {
  const prefix = prefixOf(connection);
  const queues: DeadLetterQueue[] = [];
  for (let NextToken: string | undefined, asked = false; !asked || NextToken !== undefined; asked = true) {
    const page: { QueueUrls?: string[] | undefined; NextToken?: string | undefined } =
      await connection.sqs.send(
        new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: QUEUES_PAGE, NextToken }),
      );
    for (const url of page.QueueUrls ?? []) {
      const name = url.slice(url.lastIndexOf('/') + 1 + prefix.length);
      const kind = KINDS.find(({ ending }) => name.endsWith(`-${ending}`));
      const owner = ownerOf(name);
      if (kind === undefined || owner === undefined) continue;
      const { arn, messages } = await depthOf(connection.sqs, url);
      queues.push({ name, owner, kind: kind.kind, says: kind.says, url, arn, messages });
    }
    ({ NextToken } = page);
  }
  return queues.sort(
    (a, b) => STACK_NAMES.indexOf(a.owner) - STACK_NAMES.indexOf(b.owner) || (a.name < b.name ? -1 : 1),
  );
}

/**
 * One of them by its name, with or without the environment.
 *
 * @throws DeadLettersRefusedError for a name that none has
 */
export async function deadLetterQueue(connection: Connection, text: string): Promise<DeadLetterQueue> {
  const queues = await deadLetterQueues(connection);
  const name = withoutPrefix(connection, text);
  const found = queues.find((queue) => queue.name === name);
  if (found !== undefined) return found;
  const names = queues.map((queue) => queue.name);
  const nearest = nearestName(name, names);
  const suggestion = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new DeadLettersRefusedError(
    'NoQueue',
    `There is no dead-letter queue ${name} in ${connection.environment.name}.${suggestion} "payments dlq list" lists them.`,
  );
}

/** The URL and ARN of any queue of the environment, or undefined when there is none. */
export async function queueNamed(
  connection: Connection,
  text: string,
): Promise<{ readonly url: string; readonly arn: string } | undefined> {
  const name = `${prefixOf(connection)}${withoutPrefix(connection, text)}`;
  const { QueueUrls = [] } = await connection.sqs.send(
    new ListQueuesCommand({ QueueNamePrefix: name, MaxResults: QUEUES_PAGE }),
  );
  const url = QueueUrls.find((each) => each.endsWith(`/${name}`));
  return url === undefined ? undefined : { url, arn: (await depthOf(connection.sqs, url)).arn };
}

function prefixOf({ environment }: Connection): string {
  return `${environment.system}-${environment.name}-`;
}

function withoutPrefix(connection: Connection, text: string): string {
  const prefix = prefixOf(connection);
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** The longest owner that the name begins with: one stage's name may begin another's. */
function ownerOf(name: string): Owner | undefined {
  const owners = STACK_NAMES.filter((owner) => name.startsWith(`${owner}-`));
  return owners.sort((a, b) => b.length - a.length)[0];
}

async function depthOf(
  sqs: SQSClient,
  QueueUrl: string,
): Promise<{ readonly arn: string; readonly messages: number }> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    arn: Attributes.QueueArn ?? '',
    messages:
      Number(Attributes.ApproximateNumberOfMessages ?? 0) +
      Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}
