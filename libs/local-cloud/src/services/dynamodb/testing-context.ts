import type { JsonObject } from '../../core/aws-error.ts';
import { NO_FAULTS } from '../../core/faults.ts';
import type { ServiceContext } from '../../core/seams.ts';
import { SimulatedRuntime } from '../../core/simulated-runtime.ts';
import { Store } from '../../core/store.ts';
import { DynamoDbService } from './dynamodb-service.ts';

/** A DynamoDB of its own for a test, on a virtual clock. */
export interface TestDynamoDb {
  readonly service: DynamoDbService;
  readonly runtime: SimulatedRuntime;
  readonly store: Store;
  /** What was billed, by unit. */
  readonly billed: Map<string, number>;
  /** Makes a table with the string partition key `pk` and, when asked for, the sort key `sk`. */
  createTable(options?: { range?: 'S' | 'N' | 'B'; stream?: string; more?: JsonObject }): void;
}

/** The name of the table that `createTable` makes. */
export const TEST_TABLE = 'things';

/** @param path where the store lies; in memory when absent */
export function testDynamoDb(path = ':memory:'): TestDynamoDb {
  const runtime = new SimulatedRuntime(1, Date.UTC(2026, 10, 15, 10, 15, 1, 234));
  const store = new Store(path);
  const billed = new Map<string, number>();
  const context: ServiceContext = {
    account: { id: '123456789012', region: 'eu-west-2' },
    runtime,
    store,
    faults: NO_FAULTS,
    call: () => Promise.reject(new Error('DynamoDB calls no other service')),
    bill: (unit, quantity) => billed.set(unit, (billed.get(unit) ?? 0) + quantity),
    warn: (message) => {
      throw new Error(message);
    },
  };
  const service = new DynamoDbService(context);
  service.resume();
  const createTable: TestDynamoDb['createTable'] = ({ range, stream, more } = {}) => {
    service.call('CreateTable', {
      TableName: TEST_TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        ...(range === undefined ? [] : [{ AttributeName: 'sk', AttributeType: range }]),
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        ...(range === undefined ? [] : [{ AttributeName: 'sk', KeyType: 'RANGE' }]),
      ],
      ...(stream === undefined
        ? {}
        : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
      ...more,
    });
  };
  return { service, runtime, store, billed, createTable };
}
