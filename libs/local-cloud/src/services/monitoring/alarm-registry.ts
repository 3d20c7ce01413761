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
  /** Alarms by the text that they lie in the store as: all are read every minute and hardly ever change. */
  readonly #parsed = new Map<string, Alarm>();

  constructor(store: Store) {
    this.#store = store;
    store.define(`CREATE TABLE IF NOT EXISTS cloudwatch_alarms (
      name TEXT PRIMARY KEY, alarm TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
      changed_at INTEGER NOT NULL) STRICT`);
  }

  put(alarm: Alarm, now: number): void {
    this.#parsed.clear();
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
    this.#parsed.clear();
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
    return row === undefined ? undefined : this.#toStatus(row);
  }

  all(): AlarmStatus[] {
    const rows = this.#store.all<AlarmRow>('SELECT * FROM cloudwatch_alarms ORDER BY name');
    return rows.map((row) => this.#toStatus(row));
  }

  #toStatus({ alarm: text, state, reason, changed_at: changedAt }: AlarmRow): AlarmStatus {
    let alarm = this.#parsed.get(text);
    if (alarm === undefined) {
      alarm = JSON.parse(text) as Alarm;
      this.#parsed.set(text, alarm);
    }
    return { alarm, state, reason, changedAt };
  }
}
