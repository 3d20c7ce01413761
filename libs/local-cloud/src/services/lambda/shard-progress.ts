/**
 * How far a shard is done: lanes finish records out of order, and the checkpoint is the last one before
 * which nothing is missing.
 */
export class ShardProgress {
  readonly #pending: string[] = [];
  readonly #done = new Set<string>();
  #checkpoint: string | undefined;

  constructor(checkpoint: string | undefined) {
    this.#checkpoint = checkpoint;
  }

  /** The sequence number up to which all is done, inclusive. */
  get checkpoint(): string | undefined {
    return this.#checkpoint;
  }

  /** How many records were read and are not done, or wait for an earlier one. */
  get size(): number {
    return this.#pending.length;
  }

  /** Adds a record that was read, in the order of the stream. */
  add(sequenceNumber: string): void {
    this.#pending.push(sequenceNumber);
  }

  /** Marks records done. @returns true when the checkpoint has moved */
  finish(sequenceNumbers: Iterable<string>): boolean {
    for (const sequenceNumber of sequenceNumbers) this.#done.add(sequenceNumber);
    let moved = 0;
    for (const sequenceNumber of this.#pending) {
      if (!this.#done.delete(sequenceNumber)) break;
      this.#checkpoint = sequenceNumber;
      moved += 1;
    }
    this.#pending.splice(0, moved);
    return moved > 0;
  }
}
