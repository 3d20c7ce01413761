/** How many Express executions of one machine run at a time; AWS has no such limit, one machine has. */
export const EXPRESS_RUNNING_MAX = 64;
/** How many used places at the front of the list are let go together. */
const COMPACT_AFTER = 1024;

/** Lets so many executions of a machine run at a time, the others in order after them. */
export class ExpressQueue {
  readonly #launch: (arn: string) => void;
  #arns: string[] = [];
  #head = 0;
  #running = 0;

  /** @param launch begins an execution; `done` must be called when it has ended */
  constructor(launch: (arn: string) => void) {
    this.#launch = launch;
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#arns.length - this.#head;
  }

  add(arn: string): void {
    if (this.#running < EXPRESS_RUNNING_MAX) {
      this.#running += 1;
      this.#launch(arn);
    } else {
      this.#arns.push(arn);
    }
  }

  /** Says that one has ended. */
  done(): void {
    const next = this.#arns[this.#head];
    if (next === undefined) {
      this.#running -= 1;
      return;
    }
    this.#head += 1;
    if (this.#head >= COMPACT_AFTER) {
      this.#arns = this.#arns.slice(this.#head);
      this.#head = 0;
    }
    this.#launch(next);
  }

  /** Forgets those that wait. */
  clear(): void {
    this.#arns = [];
    this.#head = 0;
  }
}
