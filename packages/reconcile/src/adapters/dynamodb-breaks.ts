import {
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  PutCommand,
  paginateQuery,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { BreakState } from '../break.ts';
import { BreaksNotKeptError } from '../errors.ts';
import type { BreakChange, BreakStore, ChangeResult, Clock, KeptBreak } from '../ports.ts';
import { batchGetRows } from './batch-get-rows.ts';
import type { DynamoDbEvidence } from './dynamodb-evidence.ts';

/** A change is two writes, and a transaction takes 100 of at most 4 MB (DynamoDB API reference, TransactWriteItems): with
 * its sides twice, a case of the longest sequence is some 100 kB. */
const CHANGES_TOGETHER_MAX = 25;
/** How many cases are opened side by side. */
const PUTS_TOGETHER_MAX = 10;
/** How often a write that another one crossed is tried again. */
const ATTEMPTS = 8;
/** The first pause before that; it doubles. */
const BACK_OFF_MS = 20;
/** Counts of an hour are of no use after it. */
const COUNTS_KEPT_SECONDS = 7 * 24 * 60 * 60;

const STATE_INDEX = 'state';
/** Cases of these states are in the index, and of no others: it holds what somebody has still to look at. */
const UNENDED: ReadonlySet<BreakState> = new Set(['OPEN', 'PATCHING', 'PROPOSED', 'PARKED']);
/** What was accepted as it is differs for good: found again it is no news. */
const ACCEPTING: ReadonlySet<string> = new Set(['ACCEPT', 'ADOPT']);

/** A case as a row: what the index of states needs beside the case itself. */
type BreakRow = KeptBreak & { readonly openState?: BreakState };

/** The tables of the cases. */
export interface BreakTables {
  readonly breaks: string;
  readonly counts: string;
}

/** A change that is being written, with its place among those asked for. */
interface Pending {
  readonly change: BreakChange;
  readonly index: number;
}

/**
 * Cases on a DynamoDB table. A change of state, its evidence and what it counts for are one transaction: none of them is
 * written without the others.
 */
export class DynamoDbBreaks implements BreakStore {
  readonly #documents: DynamoDBDocumentClient;
  readonly #tables: BreakTables;
  readonly #evidence: DynamoDbEvidence;
  readonly #clock: Clock;

  constructor(
    documents: DynamoDBDocumentClient,
    tables: BreakTables,
    evidence: DynamoDbEvidence,
    clock: Clock,
  ) {
    this.#documents = documents;
    this.#tables = tables;
    this.#evidence = evidence;
    this.#clock = clock;
  }

  async open(cases: readonly KeptBreak[], seenAt: string): Promise<readonly KeptBreak[]> {
    const known = await this.find(cases.map(({ breakId }) => breakId));
    const due = cases.flatMap((each) => {
      const before = known.get(each.breakId);
      if (before === undefined) return each;
      if (!isEnded(before) || before.changedAt >= seenAt || isAccepted(before)) return [];
      const { attempts, version, evidence } = before;
      return { ...each, attempts, version: version + 1, ...(evidence !== undefined && { evidence }) };
    });
    const opened: KeptBreak[] = [];
    for (let start = 0; start < due.length; start += PUTS_TOGETHER_MAX) {
      const together = due.slice(start, start + PUTS_TOGETHER_MAX);
      const results = await Promise.all(together.map((each) => this.#openOne(each)));
      opened.push(...together.filter((_each, index) => results[index]));
    }
    return opened;
  }

  async find(breakIds: readonly string[]): Promise<ReadonlyMap<string, KeptBreak>> {
    const TableName = this.#tables.breaks;
    const keys = [...new Set(breakIds)].map((breakId) => ({ breakId }));
    const rows = await batchGetRows<BreakRow>(this.#documents, TableName, keys, this.#clock);
    return new Map(rows.map((row) => [row.breakId, caseOf(row)]));
  }

  async inState(state: BreakState, max: number): Promise<readonly KeptBreak[]> {
    const rows: BreakRow[] = [];
    const pages = paginateQuery({ client: this.#documents, pageSize: max }, this.#queryOf(state));
    for await (const { Items = [] } of pages) {
      rows.push(...(Items as BreakRow[]));
      if (rows.length >= max) break;
    }
    // The index follows the table a little later: what it has may have been changed.
    const now = await this.find(rows.slice(0, max).map(({ breakId }) => breakId));
    return rows.flatMap(({ breakId }) => now.get(breakId) ?? []).filter((each) => each.state === state);
  }

  async change(changes: readonly BreakChange[]): Promise<readonly ChangeResult[]> {
    const results: ChangeResult[] = new Array(changes.length);
    const pending = changes.map((change, index) => ({ change, index }));
    for (let start = 0; start < pending.length; start += CHANGES_TOGETHER_MAX)
      await this.#changeTogether(pending.slice(start, start + CHANGES_TOGETHER_MAX), results);
    return results;
  }

  async counts(ruleIds: readonly string[], hour: string): Promise<ReadonlyMap<string, number>> {
    const keys = ruleIds.map((ruleId) => ({ id: countKeyOf(ruleId, hour) }));
    const rows = await batchGetRows<{ id: string; used: number }>(
      this.#documents,
      this.#tables.counts,
      keys,
      this.#clock,
    );
    const used = new Map(rows.map((row) => [row.id, row.used]));
    return new Map(ruleIds.map((ruleId) => [ruleId, used.get(countKeyOf(ruleId, hour)) ?? 0]));
  }

  async age(state: BreakState): Promise<{ readonly count: number; readonly oldest?: string }> {
    const query = this.#queryOf(state);
    const first = await this.#documents.send(new QueryCommand({ ...query, Limit: 1 }));
    const oldest = (first.Items as BreakRow[] | undefined)?.[0]?.openedAt;
    if (oldest === undefined) return { count: 0 };
    let count = 0;
    for await (const page of paginateQuery({ client: this.#documents }, { ...query, Select: 'COUNT' }))
      count += page.Count ?? 0;
    return { count, oldest };
  }

  #queryOf(state: BreakState) {
    return {
      TableName: this.#tables.breaks,
      IndexName: STATE_INDEX,
      KeyConditionExpression: 'openState = :state',
      ExpressionAttributeValues: { ':state': state },
    };
  }

  /** @returns false where somebody else opened it */
  async #openOne(each: KeptBreak): Promise<boolean> {
    try {
      await this.#documents.send(
        new PutCommand({
          TableName: this.#tables.breaks,
          Item: rowOf(each),
          ...ifUnchanged(each.version - 1),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw new BreaksNotKeptError(error);
    }
  }

  async #changeTogether(together: readonly Pending[], results: ChangeResult[]): Promise<void> {
    let remaining = withinCaps(together, results);
    for (let attempt = 1; remaining.length > 0; attempt += 1) {
      const end = await this.#evidence.end();
      const kept = remaining.map(({ change: { before, after } }, index) => ({
        ...after,
        version: before.version + 1,
        evidence: end.number + index + 1,
      }));
      const counted = countsOf(remaining);
      try {
        await this.#documents.send(
          new TransactWriteCommand({
            TransactItems: [
              ...kept.map((each) => ({
                Put: {
                  TableName: this.#tables.breaks,
                  Item: rowOf(each),
                  ...ifUnchanged(each.version - 1),
                },
              })),
              ...this.#evidence.writesOf(
                remaining.map(({ change }) => change.evidence),
                end,
              ),
              ...counted.map((count) => this.#countWrite(count)),
            ],
          }),
        );
        remaining.forEach(({ index }, position) => {
          const each = kept[position];
          if (each !== undefined) results[index] = { kind: 'changed', kept: each };
        });
        return;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException) || attempt === ATTEMPTS)
          throw new BreaksNotKeptError(error);
        const rest = withoutRefused(remaining, counted, error.CancellationReasons ?? [], results);
        // Nobody changed a case or used up a cap: the evidence went on, or another transaction crossed this one.
        if (rest.length === remaining.length) await this.#clock.sleep(BACK_OFF_MS * 2 ** (attempt - 1));
        remaining = rest;
      }
    }
  }

  #countWrite({ ruleId, hour, perHourMax, changes }: Count) {
    return {
      Update: {
        TableName: this.#tables.counts,
        Key: { id: countKeyOf(ruleId, hour) },
        UpdateExpression: 'SET expiresAt = :expiresAt ADD used :changes',
        // All of them fit, or none is counted.
        ConditionExpression: 'attribute_not_exists(used) OR used <= :room',
        ExpressionAttributeValues: {
          ':changes': changes,
          ':room': perHourMax - changes,
          ':expiresAt': Math.floor(this.#clock.now() / 1000) + COUNTS_KEPT_SECONDS,
        },
      },
    };
  }
}

/** What the changes of one transaction count against a rule. */
interface Count {
  readonly ruleId: string;
  readonly hour: string;
  readonly perHourMax: number;
  readonly changes: number;
}

function countsOf(pending: readonly Pending[]): Count[] {
  const groups = Map.groupBy(
    pending.flatMap(({ change }) => change.counts ?? []),
    ({ ruleId, hour }) => countKeyOf(ruleId, hour),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : { ...first, changes: group.length };
  });
}

/** Takes out what a rule may never do at once: more than it may do in the whole hour. */
function withinCaps(pending: readonly Pending[], results: ChangeResult[]): readonly Pending[] {
  const used = new Map<string, number>();
  return pending.filter(({ change: { counts }, index }) => {
    if (counts === undefined) return true;
    const next = (used.get(counts.ruleId) ?? 0) + 1;
    used.set(counts.ruleId, next);
    if (next > counts.perHourMax) results[index] = { kind: 'capped' };
    return next <= counts.perHourMax;
  });
}

/** Takes out what was refused for good: cases that somebody else changed, and all that a rule may not do any more. */
function withoutRefused(
  pending: readonly Pending[],
  counted: readonly Count[],
  reasons: readonly CancellationReason[],
  results: ChangeResult[],
): readonly Pending[] {
  const failed = (position: number): boolean => reasons[position]?.Code === 'ConditionalCheckFailed';
  const capped = new Set(
    counted.filter((_count, index) => failed(2 * pending.length + index)).map(({ ruleId }) => ruleId),
  );
  return pending.filter(({ change, index }, position) => {
    if (failed(position)) results[index] = { kind: 'crossed' };
    else if (change.counts !== undefined && capped.has(change.counts.ruleId))
      results[index] = { kind: 'capped' };
    else return true;
    return false;
  });
}

/** The row is as it was read, or not there yet. */
function ifUnchanged(version: number) {
  if (version === 0) return { ConditionExpression: 'attribute_not_exists(breakId)' };
  return {
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': version },
  };
}

function rowOf(each: KeptBreak): BreakRow {
  return UNENDED.has(each.state) ? { ...each, openState: each.state } : each;
}

function caseOf({ openState: _openState, ...each }: BreakRow): KeptBreak {
  return each;
}

function isEnded({ state }: KeptBreak): boolean {
  return !UNENDED.has(state);
}

function isAccepted({ patch }: KeptBreak): boolean {
  return patch !== undefined && ACCEPTING.has(patch.action);
}

function countKeyOf(ruleId: string, hour: string): string {
  return `${ruleId}#${hour}`;
}
