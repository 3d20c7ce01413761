import type { JsonObject, LocalCloud, Principal, ServiceName } from '@payments/local-cloud';

/** What the functions and workflows asked of one table. */
export interface TableUse {
  writeUnits: number;
  readUnits: number;
}

/** How long AWS takes over a call, in milliseconds, by service and operation, or by service alone. */
export type Latencies = Readonly<Record<string, number>>;

/** The operations of DynamoDB that are billed in write units; all others with a capacity are reads. */
const WRITES: ReadonlySet<string> = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
]);

interface Callable {
  readonly name: ServiceName;
  call(operation: string, input: JsonObject, caller: Principal): Promise<JsonObject> | JsonObject;
}

/**
 * Counts the calls of everybody but the machine's owner, by operation, table and bucket, and makes each take its time.
 * It begins to when it is started, so that deploying and seeding are neither counted nor slow.
 */
export class CallMeter {
  /** By `<service>:<operation>`. */
  readonly calls = new Map<string, number>();
  readonly tables = new Map<string, TableUse>();
  /** By `<bucket> <operation>`. */
  readonly objects = new Map<string, number>();
  readonly #latencies: Latencies;
  readonly #sleep: (milliseconds: number) => Promise<void>;

  constructor(latencies: Latencies, sleep: (milliseconds: number) => Promise<void>) {
    this.#latencies = latencies;
    this.#sleep = sleep;
  }

  /** Stands before every service of a cloud from now on. */
  start(cloud: LocalCloud): void {
    for (const service of Object.values(cloud.services) as Callable[]) {
      const answer = service.call.bind(service);
      service.call = async (operation, input, caller) => {
        if (caller.kind === 'owner') return answer(operation, input, caller);
        add(this.calls, `${service.name}:${operation}`, 1);
        const latency = this.#latencies[`${service.name}:${operation}`] ?? this.#latencies[service.name] ?? 0;
        if (latency > 0) await this.#sleep(latency);
        if (service.name === 's3') add(this.objects, `${String(input['Bucket'])} ${operation}`, 1);
        if (service.name !== 'dynamodb') return answer(operation, input, caller);
        const output = await answer(operation, { ...input, ReturnConsumedCapacity: 'TOTAL' }, caller);
        this.#measureTables(operation, output);
        return output;
      };
    }
  }

  #measureTables(operation: string, { ConsumedCapacity: consumed = [] }: JsonObject): void {
    for (const capacity of [consumed].flat()) {
      const { TableName, CapacityUnits } = capacity as { TableName: string; CapacityUnits: number };
      const use = this.tables.get(TableName) ?? { writeUnits: 0, readUnits: 0 };
      this.tables.set(TableName, use);
      if (WRITES.has(operation)) use.writeUnits += CapacityUnits;
      else use.readUnits += CapacityUnits;
    }
  }
}

export function add(counts: Map<string, number>, key: string, quantity: number): void {
  counts.set(key, (counts.get(key) ?? 0) + quantity);
}
