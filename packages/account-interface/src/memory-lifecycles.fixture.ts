import { holdExpiryOf } from './hold.ts';
import { type Follower, NO_STATE, type Original } from './lifecycle.ts';
import { placesHold } from './message.ts';
import type { DueLifecycle, Lifecycles, ReadLifecycle } from './ports.ts';

/** Life cycles in memory that keep to what the port promises. Each call takes its turn, so that runs interleave. */
export class MemoryLifecycles implements Lifecycles {
  readonly #windowMs: number;
  readonly #turn: () => Promise<void>;
  readonly #originals = new Map<string, Original>();
  readonly #states = new Map<string, ReadLifecycle>();
  readonly #holds = new Map<string, DueLifecycle & { readonly dueAt: number }>();

  /** @param turn waits until it is the caller's turn */
  constructor(windowMs: number, turn: () => Promise<void> = async () => undefined) {
    this.#windowMs = windowMs;
    this.#turn = turn;
  }

  async keep(originals: readonly Original[]): Promise<void> {
    await this.#turn();
    for (const original of originals) {
      const { transactionId, lifecycleId } = original.message;
      this.#originals.set(transactionId, structuredClone(original));
      if (!placesHold(original.message)) continue;
      const dueAt = holdExpiryOf(original.message);
      this.#holds.set(transactionId, { lifecycleId, authorizationId: transactionId, dueAt });
    }
  }

  async register(follower: Follower): Promise<void> {
    await this.#turn();
    const { lifecycleId, transactionId } = follower.message;
    const known = this.#stateOf(lifecycleId);
    if (known.state.followers[transactionId] !== undefined) return;
    this.#states.set(lifecycleId, {
      ...known,
      state: { ...known.state, followers: { ...known.state.followers, [transactionId]: follower } },
      version: known.version + 1,
      dueAt: known.dueAt ?? follower.since + this.#windowMs,
    });
  }

  async withFollowers(lifecycleIds: readonly string[]): Promise<ReadonlySet<string>> {
    await this.#turn();
    return new Set(lifecycleIds.filter((id) => this.#states.has(id)));
  }

  async read(lifecycleId: string): Promise<ReadLifecycle> {
    await this.#turn();
    return structuredClone({
      ...this.#stateOf(lifecycleId),
      originals: [...this.#originals.values()].filter(({ message }) => message.lifecycleId === lifecycleId),
    });
  }

  async replace(lifecycle: ReadLifecycle, due: 'keep' | 'renew'): Promise<boolean> {
    await this.#turn();
    return this.#replace(lifecycle, due === 'keep' ? lifecycle.dueAt : this.#nextDue(lifecycle, 0));
  }

  async due(now: number, max: number): Promise<readonly DueLifecycle[]> {
    await this.#turn();
    const states = [...this.#states.values()]
      .filter(({ dueAt }) => dueAt !== undefined && dueAt <= now)
      .map(({ lifecycleId }) => ({ lifecycleId }));
    return [...[...this.#holds.values()].filter(({ dueAt }) => dueAt <= now), ...states].slice(0, max);
  }

  async settleDue({ authorizationId }: DueLifecycle, lifecycle: ReadLifecycle, now: number): Promise<void> {
    await this.#turn();
    if (authorizationId === undefined) this.#replace(lifecycle, this.#nextDue(lifecycle, now));
    else this.#holds.delete(authorizationId);
  }

  #replace({ dueAt: _dueAt, ...lifecycle }: ReadLifecycle, dueAt: number | undefined): boolean {
    const { lifecycleId, version } = lifecycle;
    if (this.#stateOf(lifecycleId).version !== version) return false;
    const next = { ...lifecycle, version: version + 1, originals: [] };
    this.#states.set(lifecycleId, structuredClone(dueAt === undefined ? next : { ...next, dueAt }));
    return true;
  }

  #stateOf(lifecycleId: string): ReadLifecycle {
    return this.#states.get(lifecycleId) ?? { lifecycleId, originals: [], state: NO_STATE, version: 0 };
  }

  #nextDue({ state }: ReadLifecycle, after: number): number | undefined {
    const dues = Object.values(state.followers)
      .filter(({ outcome }) => outcome === undefined)
      .map(({ since }) => since + this.#windowMs)
      .filter((dueAt) => dueAt > after);
    return dues.length === 0 ? undefined : Math.min(...dues);
  }
}
