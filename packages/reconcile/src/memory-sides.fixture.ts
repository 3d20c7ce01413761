import type { LedgerRow } from './break.ts';
import type { LedgerStatement, StatementScope } from './ledger-statement.ts';
import type { OpenSequence, PostedSequence, PostedSequences } from './pass-ports.ts';

export const EVERYTHING: StatementScope = { scheme: true, eventCode: true, valueDate: true };

/** A list in pages of so many. */
function* pagesOf<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** What was posted, in memory; `reads` counts how often all of it was read. */
export class MemoryPosted implements PostedSequences {
  reads = 0;
  readonly #sequences: readonly (PostedSequence | OpenSequence)[];
  readonly #page: number;
  /** What nobody had heard of when it was read, by transaction. */
  readonly came = new Map<string, PostedSequence | OpenSequence>();

  constructor(sequences: readonly (PostedSequence | OpenSequence)[], page = 3) {
    this.#sequences = sequences;
    this.#page = page;
  }

  async *read(): AsyncGenerator<readonly (PostedSequence | OpenSequence)[]> {
    this.reads += 1;
    yield* pagesOf(this.#sequences, this.#page);
  }

  async find(transactionIds: readonly string[]): Promise<readonly (PostedSequence | OpenSequence)[]> {
    return transactionIds.flatMap((id) => this.came.get(id) ?? []);
  }
}

/** A ledger in memory. */
export class MemoryStatement implements LedgerStatement {
  readonly scope: StatementScope;
  readonly #rows: readonly LedgerRow[];
  readonly #page: number;

  constructor(rows: readonly LedgerRow[], scope = EVERYTHING, page = 5) {
    this.scope = scope;
    this.#rows = rows;
    this.#page = page;
  }

  async *read(): AsyncGenerator<readonly LedgerRow[]> {
    yield* pagesOf(this.#rows, this.#page);
  }
}
