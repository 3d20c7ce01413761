import type { Follower, Lifecycle, Original } from './lifecycle.ts';

/** The current time, and waiting for it to pass. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** A life cycle as it was read, with what its state was then. */
export interface ReadLifecycle extends Lifecycle {
  /** Grows with every change of the state; 0 where there is none. */
  readonly version: number;
  /** When the state is to be looked at, epoch milliseconds; absent where nothing waits. */
  readonly dueAt?: number;
}

/** Something of a life cycle that is to be looked at. */
export interface DueLifecycle {
  readonly lifecycleId: string;
  /** The hold that may be over; absent where a follower waits. */
  readonly authorizationId?: string;
}

/** What was posted and held, by life cycle. Reads see every write that was answered before. */
export interface Lifecycles {
  /** Keeps originals. The same again changes nothing. */
  keep(originals: readonly Original[]): Promise<void>;
  /** Keeps a follower that is not there yet. @throws LifecycleTooLongError */
  register(follower: Follower): Promise<void>;
  /** Those of the life cycles in which a follower is registered. */
  withFollowers(lifecycleIds: readonly string[]): Promise<ReadonlySet<string>>;
  read(lifecycleId: string): Promise<ReadLifecycle>;
  /**
   * Replaces the state that was read.
   *
   * @param due whether followers that still wait are due as they were, or from when they were registered: only
   * who publishes before anything leaves the list may keep it
   * @returns false when another one has changed it since
   */
  replace(lifecycle: ReadLifecycle, due: 'keep' | 'renew'): Promise<boolean>;
  /** What is due by a moment, at most so many. */
  due(now: number, max: number): Promise<readonly DueLifecycle[]>;
  /** Takes a hold, or a state that is as it was read, off the list; a follower may still be due later. */
  settleDue(due: DueLifecycle, lifecycle: ReadLifecycle, now: number): Promise<void>;
}
