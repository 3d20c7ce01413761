import { hash } from 'node:crypto';
import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import { sourceTextOf } from '../../core/source-text.ts';
import { isObject } from './attribute-value.ts';
import { SeenKeys } from './batch-operations.ts';
import { ConsumptionByTable, readUnits, writeUnits } from './capacity.ts';
import {
  type CancellationReason,
  ConditionFailure,
  transactionCanceled,
  validationError,
} from './dynamodb-error.ts';
import { keyOfRequest } from './item-key.ts';
import { billRead, billWrite, type ItemOperations, readProjection } from './item-operations.ts';
import {
  addWriteUnits,
  applyWrite,
  type DecidedWrite,
  decideWrite,
  type LocatedWrite,
  type ReadWrite,
  readWrite,
  type WriteKind,
} from './item-write.ts';

/** API reference, TransactWriteItems and TransactGetItems. */
const ACTIONS_MAX = 100;
const TRANSACTION_BYTES_MAX = 4 * 1024 * 1024;
/** A transaction is prepared and then committed: it costs twice. */
const TRANSACTION_FACTOR = 2;
/** How long a client request token makes a request the same as an earlier one. */
const TOKEN_LIFETIME_MS = 10 * 60 * 1000;
const TOKENS_BETWEEN_TRIMS = 512;
const TOKEN_LENGTH_MAX = 36;

const KINDS: readonly WriteKind[] = ['Put', 'Update', 'Delete', 'ConditionCheck'];
const NO_REASON: CancellationReason = { Code: 'None' };

interface Action {
  readonly write: ReadWrite;
  readonly located: LocatedWrite;
}

/** TransactWriteItems and TransactGetItems. One thing happens at a time here, so no two transactions conflict. */
export class Transactions {
  readonly #operations: ItemOperations;
  #tokens = 0;

  constructor(operations: ItemOperations) {
    this.#operations = operations;
    operations.context.store.define(
      `CREATE TABLE IF NOT EXISTS ddb_tokens (token TEXT PRIMARY KEY, digest TEXT, at INTEGER) WITHOUT ROWID`,
    );
  }

  /** @throws AwsError TransactionCanceledException with a reason for each action; nothing is written then */
  write(input: JsonObject): JsonObject {
    const { context, tables } = this.#operations;
    const items = readActions(input);
    const token = readToken(input);
    const digest =
      token === undefined ? '' : hash('sha1', sourceTextOf(input) ?? JSON.stringify(items), 'base64');
    if (token !== undefined && this.#isRepeated(token, digest)) return {};
    const writes = items.map((item) => this.#readAction(item));
    const { actions, reasons } = locate(writes);
    const decided = decide(actions, reasons);
    if (reasons.some((reason) => reason.Code !== 'None')) {
      this.#billCanceled(actions);
      throw transactionCanceled(reasons);
    }
    checkSize(decided);
    const consumed = new ConsumptionByTable();
    context.store.atomically(() => {
      for (const write of decided) {
        applyWrite(write, tables.streams);
        addWriteUnits(consumed.of(write.table.definition), write, TRANSACTION_FACTOR);
      }
      if (token !== undefined) this.#remember(token, digest);
    });
    tables.streams.wake();
    billWrite(context, consumed.total);
    return consumed.shown(input['ReturnConsumedCapacity']);
  }

  get(input: JsonObject): JsonObject {
    const { context, tables } = this.#operations;
    const seen = new SeenKeys();
    const consumed = new ConsumptionByTable();
    let bytes = 0;
    const responses = readActions(input).map((action) => {
      const get = action['Get'];
      if (!isObject(get)) throw validationError('TransactItems can only contain one of Get');
      const table = tables.get(get['TableName']);
      const project = readProjection(get);
      const { stored } = keyOfRequest(get['Key'], table.definition.key);
      if (!seen.add(table, stored)) throw sameItemTwice();
      const found = table.items.get(stored);
      bytes += found?.size ?? 0;
      consumed.of(table.definition).add(TRANSACTION_FACTOR * readUnits(found?.size ?? 0, true));
      return found === undefined ? {} : { Item: project(found.item) };
    });
    if (bytes > TRANSACTION_BYTES_MAX) throw tooLarge();
    billRead(context, consumed.total);
    return { Responses: responses, ...consumed.shown(input['ReturnConsumedCapacity']) };
  }

  #readAction(item: JsonObject): ReadWrite {
    const named = KINDS.filter((kind) => item[kind] !== undefined);
    const kind = named[0];
    const members = kind && item[kind];
    if (kind === undefined || named.length !== 1 || !isObject(members)) {
      throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
    }
    if (kind === 'ConditionCheck' && members['ConditionExpression'] === undefined) {
      throw validationError('The expression can not be empty; a ConditionCheck needs a ConditionExpression');
    }
    return readWrite(kind, this.#operations.tables.get(members['TableName']), members);
  }

  #isRepeated(token: string, digest: string): boolean {
    const { store, runtime } = this.#operations.context;
    const known = store.get<{ digest: string; at: number }>(
      'SELECT digest, at FROM ddb_tokens WHERE token = ?',
      token,
    );
    if (known === undefined || known.at + TOKEN_LIFETIME_MS <= runtime.now()) return false;
    if (known.digest === digest) return true;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'Request was made with the same client request token and different parameters',
    );
  }

  #remember(token: string, digest: string): void {
    const { store, runtime } = this.#operations.context;
    const now = runtime.now();
    store.run('INSERT OR REPLACE INTO ddb_tokens (token, digest, at) VALUES (?, ?, ?)', token, digest, now);
    this.#tokens += 1;
    if (this.#tokens % TOKENS_BETWEEN_TRIMS === 0) {
      store.run('DELETE FROM ddb_tokens WHERE at <= ?', now - TOKEN_LIFETIME_MS);
    }
  }

  #billCanceled(actions: readonly (Action | undefined)[]): void {
    let units = 0;
    for (const action of actions) {
      const size = action?.write.table.items.get(action.located.key)?.size ?? 0;
      units += TRANSACTION_FACTOR * writeUnits(size);
    }
    billWrite(this.#operations.context, units);
  }
}

function readActions(input: JsonObject): JsonObject[] {
  const items = input['TransactItems'];
  if (!Array.isArray(items) || items.length === 0 || items.length > ACTIONS_MAX) {
    throw validationError(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length between 1 and ${ACTIONS_MAX}`,
    );
  }
  return items.map((item: JsonValue) => {
    if (!isObject(item)) throw validationError('Every member of TransactItems must be an object');
    return item;
  });
}

function readToken(input: JsonObject): string | undefined {
  const token = input['ClientRequestToken'];
  if (token === undefined) return undefined;
  if (typeof token !== 'string' || token.length === 0 || token.length > TOKEN_LENGTH_MAX) {
    throw validationError(
      `1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length between 1 and ${TOKEN_LENGTH_MAX}`,
    );
  }
  return token;
}

/** Finds the items of all actions; an action whose key or item is wrong gets its reason. */
function locate(writes: readonly ReadWrite[]): {
  actions: (Action | undefined)[];
  reasons: CancellationReason[];
} {
  const seen = new SeenKeys();
  const reasons: CancellationReason[] = [];
  const actions = writes.map((write, index) => {
    reasons[index] = NO_REASON;
    try {
      const located = write.locate();
      return { write, located };
    } catch (error) {
      reasons[index] = reasonFor(error);
      return undefined;
    }
  });
  for (const action of actions) {
    if (action !== undefined && !seen.add(action.write.table, action.located.key)) throw sameItemTwice();
  }
  return { actions, reasons };
}

/** Decides all actions against the items as they are; a failed one gets its reason. */
function decide(actions: readonly (Action | undefined)[], reasons: CancellationReason[]): DecidedWrite[] {
  const decided: DecidedWrite[] = [];
  for (const [index, action] of actions.entries()) {
    if (action === undefined) continue;
    try {
      decided.push(decideWrite(action.write, action.located));
    } catch (error) {
      reasons[index] = reasonFor(error);
    }
  }
  return decided;
}

function reasonFor(error: unknown): CancellationReason {
  if (error instanceof AwsError) {
    if (error instanceof ConditionFailure) {
      const item = error.members['Item'];
      const reason = { Code: 'ConditionalCheckFailed', Message: error.message } as const;
      return isObject(item) ? { ...reason, Item: item } : reason;
    }
    if (error.code === 'ValidationException') return { Code: 'ValidationError', Message: error.message };
  }
  throw error;
}

function checkSize(decided: readonly DecidedWrite[]): void {
  let bytes = 0;
  for (const { old, next } of decided) bytes += next?.size ?? old?.size ?? 0;
  if (bytes > TRANSACTION_BYTES_MAX) throw tooLarge();
}

function tooLarge(): AwsError {
  return validationError('Collection size has exceeded the maximum allowed size of 4 MB for a transaction');
}

function sameItemTwice(): AwsError {
  return validationError('Transaction request cannot include multiple operations on one item');
}
