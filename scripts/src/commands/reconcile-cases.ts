import { GetCommand, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import { resourceName } from '@payments/infra/names';
import type { BreakState } from '@payments/reconcile/break';
import type { ChainedEvidence, Evidence, KeptBreak } from '@payments/reconcile/ports';
import type { Connection } from './connection.ts';

/** A case by its id that there is not, or more than one of; the message says what to do. */
export class BreakNotFoundError extends Error {
  override readonly name = 'BreakNotFoundError';
  readonly code = 'BreakNotFound';
  readonly retryable = false;
}

/** Every state of a case, in the order in which it may go through them. */
export const BREAK_STATES: readonly BreakState[] = [
  'OPEN',
  'PATCHING',
  'PROPOSED',
  'PARKED',
  'PATCHED',
  'CLOSED',
];

/** The states of a case that has not ended. */
export const WAITING_STATES: ReadonlySet<BreakState> = new Set(['OPEN', 'PATCHING', 'PROPOSED', 'PARKED']);

/** All evidence is one chain (`packages/reconcile/src/adapters/dynamodb-evidence.ts`). */
const CHAIN = 'RECONCILE';
const WHOLE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A prefix shorter than this would be no intention. */
const PREFIX_MIN = 4;
/** How many of several matches are named. */
const MATCHES_SHOWN = 5;

/** A step of a case, with its place in the chain. */
export interface NumberedEvidence extends Evidence {
  readonly number: number;
}

/** Every case, in no order; with a filter those of one transaction alone. */
export async function* allBreaks(
  { documents, environment }: Connection,
  transactionId?: string,
): AsyncGenerator<KeptBreak> {
  const input = {
    TableName: resourceName(environment, 'reconcile', 'breaks'),
    ...(transactionId === undefined
      ? {}
      : {
          FilterExpression: 'transactionId = :transactionId',
          ExpressionAttributeValues: { ':transactionId': transactionId },
        }),
  };
  for await (const { Items = [] } of paginateScan({ client: documents }, input))
    for (const item of Items) if (item['state'] !== undefined) yield item as KeptBreak;
}

/**
 * A case by its id or the beginning of it.
 *
 * @throws BreakNotFoundError when there is none, or more than one
 */
export async function findBreak(connection: Connection, text: string): Promise<KeptBreak> {
  const wanted = text.toLowerCase();
  if (!/^[0-9a-f-]+$/.test(wanted) || wanted.length < PREFIX_MIN)
    throw new BreakNotFoundError(
      `"${text}" is no id of a break: it takes at least ${PREFIX_MIN} of its hexadecimal digits.`,
    );
  const { documents, environment } = connection;
  if (WHOLE_ID.test(wanted)) {
    const TableName = resourceName(environment, 'reconcile', 'breaks');
    const { Item } = await documents.send(new GetCommand({ TableName, Key: { breakId: wanted } }));
    if (Item !== undefined) return Item as KeptBreak;
    throw new BreakNotFoundError(`There is no break ${wanted} in ${environment.name}.`);
  }
  const matches: KeptBreak[] = [];
  for await (const each of allBreaks(connection)) if (each.breakId.startsWith(wanted)) matches.push(each);
  const [only, ...others] = matches;
  if (only === undefined) throw new BreakNotFoundError(`There is no break ${wanted} in ${environment.name}.`);
  if (others.length === 0) return only;
  const shown = matches.slice(0, MATCHES_SHOWN).map(({ breakId }) => breakId);
  throw new BreakNotFoundError(
    `${matches.length} breaks begin with ${wanted}: ${shown.join(', ')}${matches.length > MATCHES_SHOWN ? ', …' : ''}. Give more digits.`,
  );
}

/** The evidence in the order of its numbers. */
export async function* chainedEvidence(
  { documents, environment }: Connection,
  { backwards = false, upTo }: { readonly backwards?: boolean; readonly upTo?: number | undefined } = {},
): AsyncGenerator<ChainedEvidence> {
  const input = {
    TableName: resourceName(environment, 'reconcile', 'evidence'),
    KeyConditionExpression: `#chain = :chain${upTo === undefined ? '' : ' AND #number <= :upTo'}`,
    ExpressionAttributeNames: {
      '#chain': 'chain',
      ...(upTo === undefined ? {} : { '#number': 'number' }),
    },
    ExpressionAttributeValues: { ':chain': CHAIN, ...(upTo === undefined ? {} : { ':upTo': upTo }) },
    ScanIndexForward: !backwards,
  };
  for await (const { Items = [] } of paginateQuery({ client: documents }, input))
    for (const item of Items) yield item as ChainedEvidence;
}

/**
 * The steps of a case, oldest first. The chain is read back from the last step of the case to the time when it was
 * opened, and no further.
 */
export async function evidenceOf(
  connection: Connection,
  { breakId, openedAt, evidence }: KeptBreak,
): Promise<readonly NumberedEvidence[]> {
  if (evidence === undefined) return [];
  const found: NumberedEvidence[] = [];
  for await (const { number, content } of chainedEvidence(connection, { backwards: true, upTo: evidence })) {
    const step = JSON.parse(content) as Evidence;
    if (step.breakId === breakId) found.push({ number, ...step });
    if (step.at < openedAt) break;
  }
  return found.reverse();
}
