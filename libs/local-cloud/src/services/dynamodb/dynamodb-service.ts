import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import type { LocalService, ServiceContext, StreamSource } from '../../core/seams.ts';
import { batchGetItem, batchWriteItem } from './batch-operations.ts';
import { getItem, type ItemOperations, writeItem } from './item-operations.ts';
import { query, scan } from './query-operations.ts';
import { TableCatalog } from './table-catalog.ts';
import { tableItemResource } from './table-item-resource.ts';
import { TableOperations } from './table-operations.ts';
import { tableResource } from './table-resource.ts';
import { TimeToLive } from './time-to-live.ts';
import { Transactions } from './transactions.ts';

type Operation = (input: JsonObject) => JsonObject;

/**
 * DynamoDB and DynamoDB Streams. Every operation is synchronous and one at a time, so each one is atomic and all
 * reads are consistent; eventual consistency shows only in what a read is billed.
 */
export class DynamoDbService implements LocalService {
  readonly name = 'dynamodb';
  readonly resourceTypes: readonly ResourceType[];
  /** Listeners are called within the write that made the record; they schedule their work and return. */
  readonly streams: StreamSource;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #timeToLive: TimeToLive;
  readonly #trimStreams: () => void;

  constructor(context: ServiceContext) {
    const tables = new TableCatalog(context);
    const items: ItemOperations = { context, tables };
    const timeToLive = new TimeToLive(context, tables);
    const ofTables = new TableOperations(tables, timeToLive);
    const transactions = new Transactions(items);
    this.streams = tables.streams;
    this.#timeToLive = timeToLive;
    this.#trimStreams = () => tables.streams.trim();
    this.resourceTypes = [tableResource(tables, timeToLive), tableItemResource(items)];
    this.#operations = new Map<string, Operation>([
      ['PutItem', (input) => writeItem('Put', items, input)],
      ['UpdateItem', (input) => writeItem('Update', items, input)],
      ['DeleteItem', (input) => writeItem('Delete', items, input)],
      ['GetItem', (input) => getItem(items, input)],
      ['Query', (input) => query(items, input)],
      ['Scan', (input) => scan(items, input)],
      ['BatchWriteItem', (input) => batchWriteItem(items, input)],
      ['BatchGetItem', (input) => batchGetItem(items, input)],
      ['TransactWriteItems', (input) => transactions.write(input)],
      ['TransactGetItems', (input) => transactions.get(input)],
      ...ofTables.operations(),
    ]);
  }

  call(operation: string, input: JsonObject): JsonObject {
    const run = this.#operations.get(operation);
    if (run === undefined) {
      throw new AwsError('UnknownOperationException', `The local cloud does not run dynamodb:${operation}`);
    }
    return run(input);
  }

  resume(): void {
    this.#trimStreams();
    this.#timeToLive.reschedule();
  }

  /** Every call is done when it answers; deleting expired items goes on for ever and is nothing to wait for. */
  outstanding(): number {
    return 0;
  }
}
