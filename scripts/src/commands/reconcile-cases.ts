import { GetCommand, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import { resourceName } from '@payments/infra/names';
import type { BreakState } from '@payments/reconcile/break';
import { DynamoDbEvidence } from '@payments/reconcile/dynamodb-evidence';
import type { Evidence, KeptBreak } from '@payments/reconcile/ports';
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

/** The index of the cases that wait, by state (`packages/reconcile/src/adapters/dynamodb-breaks.ts`). */
const STATE_INDEX = 'state';
/** The index of all cases by the day whose report they are in. */
const BUSINESS_DATE_INDEX = 'business-date';
const WHOLE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A prefix shorter than this would be no intention. */
const PREFIX_MIN = 4;
/** How many of several matches are named. */
const MATCHES_SHOWN = 5;

/** Where cases are read. */
type CaseSource = Pick<Connection, 'documents' | 'environment'>;

/** A step of a case, with its place in the chain. */
export interface NumberedEvidence extends Evidence {
  readonly number: number;
}

/** Every case, in no order, or all of one transaction; reads the whole table. */
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
    for (const item of Items) yield caseOf(item);
}

/** The cases of some states: those that wait from their index, for others the whole table is read. */
export async function* breaksIn(
  connection: Connection,
  states: ReadonlySet<BreakState>,
): AsyncGenerator<KeptBreak> {
  if (![...states].every((state) => WAITING_STATES.has(state))) {
    for await (const each of allBreaks(connection)) if (states.has(each.state)) yield each;
    return;
  }
  for (const state of states) yield* casesUnder(connection, STATE_INDEX, 'openState', state);
}

/** The cases that are in the report of a business date, oldest first. */
export function breaksOfDate(connection: CaseSource, businessDate: string): AsyncGenerator<KeptBreak> {
  return casesUnder(connection, BUSINESS_DATE_INDEX, 'businessDate', businessDate);
}

/** The case that has waited longest, in whatever state. */
export async function oldestWaiting(connection: CaseSource): Promise<KeptBreak | undefined> {
  let oldest: KeptBreak | undefined;
  for (const state of WAITING_STATES) {
    const { value: first } = await casesUnder(connection, STATE_INDEX, 'openState', state).next();
    if (first !== undefined && (oldest === undefined || first.openedAt < oldest.openedAt)) oldest = first;
  }
  return oldest;
}

/** The cases under one key of an index, oldest first. */
async function* casesUnder(
  { documents, environment }: CaseSource,
  IndexName: string,
  name: string,
  key: string,
): AsyncGenerator<KeptBreak, undefined> {
  const input = {
    TableName: resourceName(environment, 'reconcile', 'breaks'),
    IndexName,
    KeyConditionExpression: '#key = :key',
    ExpressionAttributeNames: { '#key': name },
    ExpressionAttributeValues: { ':key': key },
  };
  for await (const { Items = [] } of paginateQuery({ client: documents }, input))
    for (const item of Items) yield caseOf(item);
  return undefined;
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
    const { Item } = await documents.send(
      new GetCommand({ TableName, Key: { breakId: wanted }, ConsistentRead: true }),
    );
    if (Item !== undefined) return caseOf(Item);
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

/** Where the evidence lies. */
export function evidenceStore({ documents, environment }: Connection): DynamoDbEvidence {
  return new DynamoDbEvidence(documents, resourceName(environment, 'reconcile', 'evidence'));
}

/** The steps of a case, oldest first. */
export async function evidenceOf(
  connection: Connection,
  breakId: string,
): Promise<readonly NumberedEvidence[]> {
  const entries = await evidenceStore(connection).about(breakId);
  return entries
    .map(({ number, content }) => ({ number, ...(JSON.parse(content) as Evidence) }))
    .sort((a, b) => a.number - b.number);
}

/** A row without what only its index needs. */
function caseOf({ openState: _openState, ...kept }: Record<string, unknown>): KeptBreak {
  return kept as unknown as KeptBreak;
}
