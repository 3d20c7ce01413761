import type { Store } from '../../core/store.ts';

/** What a decision rests on: one action on one resource of a statement, as they are written there. */
export interface Grant {
  /** The role or policy, or the resource whose policy it is: its ARN. */
  readonly holder: string;
  /** The name of the role's policy, or `resource policy`. */
  readonly policy: string;
  readonly statement: string;
  readonly action: string;
  readonly resource: string;
}

/** A grant with how often calls were allowed by it. */
export interface GrantUse extends Grant {
  readonly used: number;
}

/** Calls that were denied. */
export interface Denial {
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  readonly times: number;
}

/** What policies grant and what they denied. */
export interface GrantReport {
  readonly grants: readonly GrantUse[];
  readonly denials: readonly Denial[];
  /** The alias of each key by the key's ARN, which is made up when the key is. */
  readonly keys: Readonly<Record<string, string>>;
}

/** How often a decision was made. */
export interface DecisionCount {
  readonly key: readonly string[];
  count: number;
}

/** A denied call has no statement: it is kept under its caller, action and resource. */
const DENIED = 'denied';
const ALLOWED = 'allowed';

interface Row {
  readonly holder: string;
  readonly policy: string;
  readonly statement: string;
  readonly action: string;
  readonly resource: string;
  readonly times: number;
}

/**
 * How often each grant allowed a call, and what was denied how often, over all times that the store was open. The first
 * decision of each kind is stored at once, so that a killed process forgets none; numbers are stored by `save`.
 */
export class DecisionCounts {
  readonly #store: Store;
  readonly #counts = new Map<string, DecisionCount>();

  constructor(store: Store) {
    this.#store = store;
    store.define(`CREATE TABLE IF NOT EXISTS iam_decisions (
      outcome TEXT NOT NULL, holder TEXT NOT NULL, policy TEXT NOT NULL, statement TEXT NOT NULL,
      action TEXT NOT NULL, resource TEXT NOT NULL, times INTEGER NOT NULL,
      PRIMARY KEY (outcome, holder, policy, statement, action, resource)) STRICT`);
  }

  ofGrant({ holder, policy, statement, action, resource }: Grant): DecisionCount {
    return this.#of([ALLOWED, holder, policy, statement, action, resource]);
  }

  ofDenial(caller: string, action: string, resource: string): DecisionCount {
    return this.#of([DENIED, caller, '', '', action, resource]);
  }

  /** Counts one more decision. */
  add(decision: DecisionCount): void {
    decision.count += 1;
    if (decision.count === 1) this.#write(decision);
  }

  /** Stores the numbers. */
  save(): void {
    for (const decision of this.#counts.values()) if (decision.count > 0) this.#write(decision);
  }

  /** All grants that ever allowed a call, deployed still or not. */
  used(): GrantUse[] {
    this.save();
    return this.#rows(ALLOWED).map(({ times, ...grant }) => ({ ...grant, used: times }));
  }

  /** All that was ever denied. */
  denied(): Denial[] {
    this.save();
    return this.#rows(DENIED).map(({ holder, action, resource, times }) => ({
      caller: holder,
      action,
      resource,
      times,
    }));
  }

  #of(key: readonly string[]): DecisionCount {
    const name = key.join('\n');
    let decision = this.#counts.get(name);
    if (decision === undefined) {
      decision = { key, count: this.#stored(key) };
      this.#counts.set(name, decision);
    }
    return decision;
  }

  #stored(key: readonly string[]): number {
    const row = this.#store.get<Pick<Row, 'times'>>(
      `SELECT times FROM iam_decisions WHERE outcome = ? AND holder = ? AND policy = ? AND statement = ?
        AND action = ? AND resource = ?`,
      ...key,
    );
    return row?.times ?? 0;
  }

  #write({ key, count }: DecisionCount): void {
    this.#store.run('INSERT OR REPLACE INTO iam_decisions VALUES (?, ?, ?, ?, ?, ?, ?)', ...key, count);
  }

  #rows(outcome: string): Row[] {
    return this.#store.all<Row>(
      `SELECT holder, policy, statement, action, resource, times FROM iam_decisions WHERE outcome = ?
        ORDER BY holder, policy, statement, action, resource`,
      outcome,
    );
  }
}
