import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import type { Store } from '../../core/store.ts';
import { isObject } from '../sqs/members.ts';

/** A dashboard as it was put. */
export interface Dashboard {
  readonly name: string;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly changedAt: number;
}

interface DashboardRow {
  name: string;
  body: string;
  changed_at: number;
}

/** The columns that a dashboard has (CloudWatch API reference, "Dashboard Body Structure and Syntax"). */
const COLUMNS = 24;

/** The dashboards of the account. There is no console here to show them: they are kept to be read. */
export class DashboardRegistry {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(`CREATE TABLE IF NOT EXISTS cloudwatch_dashboards (
      name TEXT PRIMARY KEY, body TEXT NOT NULL, changed_at INTEGER NOT NULL) STRICT`);
  }

  /** @throws AwsError InvalidParameterInput when it could not be shown */
  put(name: string, body: string, now: number): void {
    checkBody(name, body);
    this.#store.run(
      `INSERT INTO cloudwatch_dashboards VALUES (?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at`,
      name,
      body,
      now,
    );
  }

  remove(name: string): void {
    this.#store.run('DELETE FROM cloudwatch_dashboards WHERE name = ?', name);
  }

  find(name: string): Dashboard | undefined {
    const row = this.#store.get<DashboardRow>('SELECT * FROM cloudwatch_dashboards WHERE name = ?', name);
    return row === undefined ? undefined : toDashboard(row);
  }

  all(): Dashboard[] {
    return this.#store
      .all<DashboardRow>('SELECT * FROM cloudwatch_dashboards ORDER BY name')
      .map(toDashboard);
  }
}

function toDashboard(row: DashboardRow): Dashboard {
  return { name: row.name, body: row.body, changedAt: row.changed_at };
}

function checkBody(name: string, body: string): void {
  const problem = problemOf(body);
  if (problem === undefined) return;
  throw new AwsError('InvalidParameterInput', `The body of the dashboard ${name} ${problem}`);
}

function problemOf(body: string): string | undefined {
  let content: JsonValue;
  try {
    content = JSON.parse(body);
  } catch (error) {
    return `is not JSON: ${String(error)}`;
  }
  const widgets = isObject(content) ? content['widgets'] : undefined;
  if (!Array.isArray(widgets)) return 'has no widgets';
  for (const [index, widget] of widgets.entries()) {
    if (!isObject(widget) || typeof widget['type'] !== 'string' || !isObject(widget['properties']))
      return `has a widget ${index} without type or properties`;
    if (!fits(widget)) return `has a widget ${index} that does not lie within ${COLUMNS} columns`;
  }
  return undefined;
}

function fits({ x = 0, width = 6 }: JsonObject): boolean {
  return typeof x === 'number' && typeof width === 'number' && x >= 0 && width >= 1 && x + width <= COLUMNS;
}
