import type { JsonObject } from '../core/aws-error.ts';
import type { Store } from '../core/store.ts';

/** A resource that a stack has deployed. */
export interface DeployedResource {
  readonly stack: string;
  readonly address: string;
  readonly type: string;
  readonly arguments: JsonObject;
  readonly attributes: JsonObject;
  /** Addresses in the same stack that have to outlive it. */
  readonly dependencies: readonly string[];
}

interface StateRow {
  stack: string;
  address: string;
  type: string;
  arguments: string;
  attributes: string;
  dependencies: string;
}

/** Each stack's own Terraform state, in the store of the cloud that it describes. */
export class DeployedState {
  readonly #store: Store;
  /** What is deployed, read once for each type: metrics ask for it every minute. */
  readonly #byType = new Map<string, readonly DeployedResource[]>();

  constructor(store: Store) {
    this.#store = store;
    store.onRollback(() => this.#byType.clear());
    store.define(`CREATE TABLE IF NOT EXISTS tf_state (
      stack TEXT NOT NULL, address TEXT NOT NULL, type TEXT NOT NULL, arguments TEXT NOT NULL,
      attributes TEXT NOT NULL, dependencies TEXT NOT NULL, PRIMARY KEY (stack, address)) STRICT`);
  }

  /** The names of all stacks that have something deployed. */
  stacks(): string[] {
    return this.#store
      .all<{ stack: string }>('SELECT DISTINCT stack FROM tf_state ORDER BY stack')
      .map((row) => row.stack);
  }

  /** All that one stack has deployed, by address, in the order in which it was made. */
  of(stack: string): Map<string, DeployedResource> {
    const rows = this.#store.all<StateRow>('SELECT * FROM tf_state WHERE stack = ? ORDER BY rowid', stack);
    return new Map(rows.map((row) => [row.address, fromRow(row)]));
  }

  /** All resources of a type, of every stack. */
  ofType(type: string): DeployedResource[] {
    let found = this.#byType.get(type);
    if (found === undefined) {
      const rows = this.#store.all<StateRow>('SELECT * FROM tf_state WHERE type = ? ORDER BY rowid', type);
      found = rows.map(fromRow);
      this.#byType.set(type, found);
    }
    return [...found];
  }

  put(resource: DeployedResource): void {
    this.#byType.clear();
    this.#store.run(
      `INSERT INTO tf_state VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (stack, address) DO UPDATE SET
        type = excluded.type, arguments = excluded.arguments, attributes = excluded.attributes,
        dependencies = excluded.dependencies`,
      resource.stack,
      resource.address,
      resource.type,
      JSON.stringify(resource.arguments),
      JSON.stringify(resource.attributes),
      JSON.stringify(resource.dependencies),
    );
  }

  remove(stack: string, address: string): void {
    this.#byType.clear();
    this.#store.run('DELETE FROM tf_state WHERE stack = ? AND address = ?', stack, address);
  }
}

function fromRow(row: StateRow): DeployedResource {
  return {
    stack: row.stack,
    address: row.address,
    type: row.type,
    arguments: JSON.parse(row.arguments),
    attributes: JSON.parse(row.attributes),
    dependencies: JSON.parse(row.dependencies),
  };
}
