import type { JsonObject } from '../../core/aws-error.ts';
import { invalidParameter, validationError } from './dynamodb-error.ts';
import type { Table, TableCatalog } from './table-catalog.ts';
import { describeTable, objectOf, readCreateTable } from './table-requests.ts';
import type { TimeToLive } from './time-to-live.ts';

/** API reference, ListTables. */
const TABLES_PER_LIST = 100;

/** The operations on tables themselves. */
export class TableOperations {
  readonly #tables: TableCatalog;
  readonly #timeToLive: TimeToLive;

  constructor(tables: TableCatalog, timeToLive: TimeToLive) {
    this.#tables = tables;
    this.#timeToLive = timeToLive;
  }

  operations(): [string, (input: JsonObject) => JsonObject][] {
    return [
      ['CreateTable', (input) => this.#create(input)],
      ['DeleteTable', (input) => this.#delete(input)],
      ['DescribeTable', (input) => ({ Table: this.#describe(this.#table(input), 'ACTIVE') })],
      ['ListTables', (input) => this.#list(input)],
      ['UpdateTimeToLive', (input) => this.#updateTimeToLive(input)],
      ['DescribeTimeToLive', (input) => this.#describeTimeToLive(input)],
      ['DescribeContinuousBackups', (input) => this.#describeContinuousBackups(input)],
    ];
  }

  #table(input: JsonObject): Table {
    return this.#tables.get(input['TableName']);
  }

  #create(input: JsonObject): JsonObject {
    // The table is there at once; the answer says CREATING because clients expect to wait.
    return { TableDescription: this.#describe(this.#tables.create(readCreateTable(input)), 'CREATING') };
  }

  #delete(input: JsonObject): JsonObject {
    const table = this.#table(input);
    if (table.definition.deletionProtection) {
      throw validationError(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    }
    const description = this.#describe(table, 'DELETING');
    this.#tables.drop(table);
    this.#timeToLive.reschedule();
    return { TableDescription: description };
  }

  #describe(table: Table, status: 'CREATING' | 'ACTIVE' | 'DELETING'): JsonObject {
    const { definition } = table;
    const arns = { table: this.#tables.arn(definition.name), stream: this.#tables.streamArn(definition) };
    return describeTable(definition, table.items.measure(), arns, status);
  }

  #list(input: JsonObject): JsonObject {
    const after = input['ExclusiveStartTableName'];
    const limit = typeof input['Limit'] === 'number' ? input['Limit'] : TABLES_PER_LIST;
    const names = this.#tables.names().filter((name) => typeof after !== 'string' || name > after);
    const page = names.slice(0, limit);
    const last = page.at(-1);
    return {
      TableNames: page,
      ...(page.length < names.length && last !== undefined ? { LastEvaluatedTableName: last } : {}),
    };
  }

  #updateTimeToLive(input: JsonObject): JsonObject {
    const table = this.#table(input);
    const specification = objectOf(input['TimeToLiveSpecification']);
    const attribute = specification['AttributeName'];
    if (typeof attribute !== 'string' || attribute === '') {
      throw invalidParameter('TimeToLiveSpecification needs an AttributeName');
    }
    const isEnabled = specification['Enabled'] === true;
    const before = table.definition.ttlAttribute;
    if (isEnabled && before !== undefined) throw validationError('TimeToLive is already enabled');
    if (!isEnabled && before === undefined) throw validationError('TimeToLive is already disabled');
    this.#tables.update(table, { ttlAttribute: isEnabled ? attribute : undefined });
    this.#timeToLive.reschedule();
    return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: isEnabled } };
  }

  #describeTimeToLive(input: JsonObject): JsonObject {
    const attribute = this.#table(input).definition.ttlAttribute;
    return {
      TimeToLiveDescription:
        attribute === undefined
          ? { TimeToLiveStatus: 'DISABLED' }
          : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute },
    };
  }

  #describeContinuousBackups(input: JsonObject): JsonObject {
    const status = this.#table(input).definition.pointInTimeRecovery ? 'ENABLED' : 'DISABLED';
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status },
      },
    };
  }
}
