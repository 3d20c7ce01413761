import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { identifierOf } from '@payments/domain';
import { arnOf, bucketName, resourceName } from '@payments/infra/names';
import { STAGE_DECLARATIONS } from '@payments/infra/stages';
import { STAGES, type StageName, sourceOf, withoutPans } from '@payments/schemas';
import type { Connection } from './connection.ts';
import { DeadLettersRefusedError } from './dlq-refused-error.ts';

/** Stage-kit's place for what a stage sets aside: `quarantine/<stage>/` (`libs/stage-kit/src/quarantine.ts`). */
const PREFIX = 'quarantine';
/** What stage-kit leaves of what looked like a card number: as many stars as it had digits (`withoutPans`). */
const MASKED = /\*{13}/;
/** How many objects are read at one time. */
const READ_AT_ONCE = 8;

/** What a stage set aside, as it is shown. */
export interface QuarantinedLetter {
  readonly key: string;
  readonly stage: StageName;
  readonly event: string;
  readonly reason: string;
  readonly explanation: string;
  readonly transactionId?: string;
  readonly setAsideAt: string;
}

/** With what was set aside, which may hold what must not be shown. */
export interface QuarantinedObject extends QuarantinedLetter {
  readonly content: unknown;
}

/** The stage of `quarantine/<stage>`, or undefined for a name of a queue. */
export function quarantineStage(text: string): StageName | 'unknown' | undefined {
  if (!text.startsWith(`${PREFIX}/`)) return undefined;
  return STAGES.find((stage) => stage === text.slice(PREFIX.length + 1)) ?? 'unknown';
}

/** What stages have set aside, of one stage or of all. */
export async function* quarantined(
  { s3, environment }: Connection,
  stage?: StageName,
): AsyncGenerator<QuarantinedObject> {
  const Bucket = bucketName(environment, 'platform', 'quarantine');
  const Prefix = stage === undefined ? `${PREFIX}/` : `${PREFIX}/${stage}/`;
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })) {
    for (let start = 0; start < Contents.length; start += READ_AT_ONCE)
      yield* await Promise.all(
        Contents.slice(start, start + READ_AT_ONCE).map(async ({ Key = '', LastModified }) => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
          const text = (await Body?.transformToString()) ?? '{}';
          return objectOf(Key, LastModified, JSON.parse(text) as Partial<QuarantinedObject>);
        }),
      );
  }
}

/** What of it may be shown: not its content. */
export function shown({ content: _, ...letter }: QuarantinedObject): QuarantinedLetter {
  return letter;
}

/**
 * Sends a record to its stage's queue again, in an event of its own, and removes it from the quarantine: a record that
 * still breaks its contract is set aside again, under the same key.
 *
 * @throws DeadLettersRefusedError for what was no record of an event that the stage consumes
 */
export async function sendAgain(
  connection: Connection,
  letter: QuarantinedObject,
  queueUrl: string,
): Promise<void> {
  const event = eventOf(connection, letter);
  await connection.sqs.send(
    new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(event) }),
  );
  await removeQuarantined(connection, letter);
}

/** Removes an object; the bucket keeps it as an old version for as long as it keeps anything. */
export async function removeQuarantined(
  { s3, environment }: Connection,
  { key }: QuarantinedLetter,
): Promise<void> {
  const Bucket = bucketName(environment, 'platform', 'quarantine');
  await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
}

function objectOf(
  key: string,
  at: Date | undefined,
  { event = 'unknown', reason = 'UNKNOWN', explanation = '', content }: Partial<QuarantinedObject>,
): QuarantinedObject {
  const [, stage] = key.split('/');
  const { transactionId } = (content ?? {}) as { transactionId?: unknown };
  return {
    key,
    stage: stage as StageName,
    event,
    reason,
    explanation: withoutPans(explanation),
    ...(typeof transactionId === 'string' ? { transactionId } : {}),
    setAsideAt: (at ?? new Date(0)).toISOString(),
    content,
  };
}

/** The event as the bus would give it, with the one record. */
function eventOf({ environment }: Connection, { key, stage, event, content }: QuarantinedObject): object {
  const { transactionId, scheme } = (content ?? {}) as { transactionId?: unknown; scheme?: unknown };
  const emitter = Object.values(STAGE_DECLARATIONS).find(({ emits }) => emits.some((name) => name === event));
  const isConsumed = STAGE_DECLARATIONS[stage].consumes.some((name) => name === event);
  if (!isConsumed || typeof transactionId !== 'string' || typeof scheme !== 'string')
    throw new DeadLettersRefusedError(
      'NotARecord',
      `${key} is no record of an event that ${stage} consumes: correct who made it, and replay the time of the event.`,
    );
  // A number that is masked so is gone: sent again, the record would pass, or fail, as another than it was.
  if (MASKED.test(JSON.stringify(content)))
    throw new DeadLettersRefusedError(
      'Masked',
      `${key}: something in it looked like a card number and was masked when it was set aside: correct who made it, and replay the time of the event.`,
    );
  const eventId = identifierOf('redrive', key);
  const now = new Date().toISOString();
  const source = sourceOf(emitter?.name ?? stage);
  return {
    version: '0',
    id: eventId,
    'detail-type': event,
    source,
    account: environment.accountId,
    time: now.replace(/\.\d+Z$/, 'Z'),
    region: environment.region,
    resources: [arnOf(environment, 'sqs', resourceName(environment, stage, 'queue'))],
    detail: {
      metadata: {
        eventId,
        schemaVersion: 1,
        producedBy: source,
        producedAt: now,
        source: scheme,
        deliveryMode: environment.subscribers[stage]?.mode ?? 'real-time',
        recordCount: 1,
        correlationId: transactionId,
        traceparent: `00-${transactionId.replaceAll('-', '')}-${eventId.replaceAll('-', '').slice(0, 16)}-01`,
      },
      records: [content],
    },
  };
}
