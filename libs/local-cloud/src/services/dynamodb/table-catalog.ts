import { AwsError } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import { tableNotFound } from './dynamodb-error.ts';
import { ItemTable } from './item-table.ts';
import { StreamLog, type TableStream } from './stream-log.ts';
import type { NewTable, StreamViewType, TableDefinition } from './table-definition.ts';

/** A table that is there: its definition, its items and its stream. */
export interface Table {
  readonly definition: TableDefinition;
  readonly items: ItemTable;
  readonly stream: TableStream | undefined;
}

/** All tables; their definitions are kept in the store. */
export class TableCatalog {
  readonly streams: StreamLog;
  readonly #context: ServiceContext;
  readonly #tables = new Map<string, Table>();

  constructor(context: ServiceContext) {
    this.#context = context;
    context.store.define(
      `CREATE TABLE IF NOT EXISTS ddb_tables (number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, definition TEXT)`,
    );
    this.streams = new StreamLog(context);
    for (const { definition } of context.store.all<{ definition: string }>(
      'SELECT definition FROM ddb_tables ORDER BY number',
    )) {
      this.#open(JSON.parse(definition) as TableDefinition);
    }
  }

  names(): string[] {
    return [...this.#tables.keys()].sort();
  }

  all(): Iterable<Table> {
    return this.#tables.values();
  }

  find(name: string): Table | undefined {
    return this.#tables.get(name);
  }

  /**
   * @param nameOrArn the table as a request names it
   * @throws AwsError ResourceNotFoundException
   */
  get(nameOrArn: unknown): Table {
    const name = typeof nameOrArn === 'string' ? nameOrArn : '';
    const table = this.#tables.get(name) ?? this.#tables.get(name.replace(/^arn:[^/]*:table\//, ''));
    if (table === undefined) throw tableNotFound();
    return table;
  }

  /** @throws AwsError ResourceInUseException when there is a table of that name */
  create(table: NewTable): Table {
    if (this.#tables.has(table.name)) {
      throw new AwsError('ResourceInUseException', `Table already exists: ${table.name}`);
    }
    const { streamViewType, ...rest } = table;
    const { store, runtime } = this.#context;
    store.run('INSERT INTO ddb_tables (name) VALUES (?)', table.name);
    const row = store.get<{ number: number }>('SELECT number FROM ddb_tables WHERE name = ?', table.name);
    if (row === undefined) throw new Error(`table ${table.name} was inserted and is not there`);
    return this.#keep({
      ...rest,
      number: row.number,
      id: runtime.uuid(),
      createdAt: runtime.now(),
      stream: streamViewType && this.#newStream(streamViewType),
    });
  }

  /** Changes what a table is besides its key; items stay. A stream that gets another view type begins anew. */
  update(table: Table, changes: Partial<Omit<NewTable, 'name' | 'key'>>): Table {
    const { streamViewType, ...rest } = changes;
    const before = table.definition;
    let stream = before.stream;
    if ('streamViewType' in changes && streamViewType !== before.stream?.viewType) {
      if (table.stream !== undefined) this.streams.drop(table.stream);
      stream = streamViewType && this.#newStream(streamViewType);
    }
    const indexesChange =
      rest.indexes !== undefined && JSON.stringify(rest.indexes) !== JSON.stringify(before.indexes);
    const after = { ...before, ...rest, stream };
    if (indexesChange) this.#exchangeIndexes(table, after);
    const changed = this.#keep(after);
    if (indexesChange || after.ttlAttribute !== before.ttlAttribute) changed.items.rebuildColumns();
    return changed;
  }

  drop(table: Table): void {
    const { name, number } = table.definition;
    if (table.stream !== undefined) this.streams.drop(table.stream);
    table.items.drop();
    this.#context.store.run('DELETE FROM ddb_tables WHERE number = ?', number);
    this.#tables.delete(name);
  }

  arn(name: string): string {
    const { region, id } = this.#context.account;
    return `arn:aws:dynamodb:${region}:${id}:table/${name}`;
  }

  streamArn(definition: TableDefinition): string | undefined {
    const label = definition.stream?.label;
    return label === undefined ? undefined : `${this.arn(definition.name)}/stream/${label}`;
  }

  #newStream(viewType: StreamViewType): { viewType: StreamViewType; label: string } {
    const label = new Date(this.#context.runtime.now()).toISOString().replace('Z', '');
    return { viewType, label };
  }

  /** Moves the items to an SQL table with the columns of the new indexes. */
  #exchangeIndexes(table: Table, after: TableDefinition): void {
    const { store } = this.#context;
    const old = `${table.items.sqlName}_old`;
    const items = new ItemTable(store, after);
    store.define(
      [
        `DROP INDEX IF EXISTS ${table.items.sqlName}_expires`,
        ...table.definition.indexes.map(
          (_, index) => `DROP INDEX IF EXISTS ${table.items.sqlName}_x${index}`,
        ),
        `ALTER TABLE ${table.items.sqlName} RENAME TO ${old}`,
      ].join('; '),
    );
    items.define();
    store.define(
      `INSERT INTO ${items.sqlName} (id, pk, sk, item, size) SELECT id, pk, sk, item, size FROM ${old}; DROP TABLE ${old}`,
    );
  }

  #keep(definition: TableDefinition): Table {
    this.#context.store.run(
      'UPDATE ddb_tables SET definition = ? WHERE number = ?',
      JSON.stringify(definition),
      definition.number,
    );
    return this.#open(definition);
  }

  #open(definition: TableDefinition): Table {
    const items = new ItemTable(this.#context.store, definition);
    items.define();
    const arn = this.streamArn(definition);
    const stream =
      arn === undefined || definition.stream === undefined
        ? undefined
        : this.streams.open(definition.number, arn, definition.stream.viewType);
    const table: Table = { definition, items, stream };
    this.#tables.set(definition.name, table);
    return table;
  }
}
