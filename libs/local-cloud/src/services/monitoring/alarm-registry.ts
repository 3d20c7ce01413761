import type { Store } from '../../core/store.ts';
import type { Alarm, AlarmState } from './alarm.ts';

/** An alarm with its state. */
export interface AlarmStatus {
  readonly alarm: Alarm;
  readonly state: AlarmState;
  readonly reason: string;
  /** Epoch milliseconds of the last change of state. */
  readonly changedAt: number;
}

interface AlarmRow {
  alarm: string;
  state: AlarmState;
  reason: string;
  changed_at: number;
}

const NEW_REASON = 'Unchecked: Initial alarm creation';

/** The alarms of the account with their states. */
export class AlarmRegistry {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(`CREATE TABLE IF NOT EXISTS cloudwatch_alarms (
      name TEXT PRIMARY KEY, alarm TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
      changed_at INTEGER NOT NULL) STRICT`);
  }

  put(alarm: Alarm, now: number): void {
    this.#store.run(
      `INSERT INTO cloudwatch_alarms VALUES (?, ?, 'INSUFFICIENT_DATA', ?, ?)
        ON CONFLICT (name) DO UPDATE SET alarm = excluded.alarm`,
      alarm.name,
      JSON.stringify(alarm),
      NEW_REASON,
      now,
    );
  }

  remove(name: string): void {
    this.#store.run('DELETE FROM cloudwatch_alarms WHERE name = ?', name);
  }

  setState(name: string, state: AlarmState, reason: string, now: number): void {
    this.#store.run(
      'UPDATE cloudwatch_alarms SET state = ?, reason = ?, changed_at = ? WHERE name = ?',
      state,
      reason,
      now,
      name,
    );
  }

  find(name: string): AlarmStatus | undefined {
    const row = this.#store.get<AlarmRow>('SELECT * FROM cloudwatch_alarms WHERE name = ?', name);
    return row === undefined ? undefined : toStatus(row);
  }

  all(): AlarmStatus[] {
    return this.#store.all<AlarmRow>('SELECT * FROM cloudwatch_alarms ORDER BY name').map(toStatus);
  }
}

function toStatus(row: AlarmRow): AlarmStatus {
  return { alarm: JSON.parse(row.alarm), state: row.state, reason: row.reason, changedAt: row.changed_at };
}
