import { createHash } from 'node:crypto';
import { type Follower, NO_STATE, type Original } from '@payments/account-interface/lifecycle';
import type { Lifecycles, ReadLifecycle } from '@payments/account-interface/ports';
import type { Claim, ClaimResult, ParkedTransactions, SeenTransactions } from '@payments/dedup/ports';
import type { ReferenceVersion } from '@payments/enrich/ports';
import { type ReferenceKey, ReferenceRows } from '@payments/enrich/reference-rows';
import { keyedRows, REFERENCE_SETS } from '@payments/enrich/reference-sets';
import { randomToken } from '@payments/ingest/card-token';
import type { ContentHash, TokenVault } from '@payments/ingest/ports';
import { compileMapping } from '@payments/posting/compile-mapping';
import { entryRowsOf, postedSequenceOf, refusalOf, sequenceRowOf } from '@payments/posting/ledger-row';
import type { PostingResult, PostingSystem, SequenceAssembly } from '@payments/posting/ports';
import { postingInputOf } from '@payments/posting/posting-input';
import postingMapping from '@payments/posting/posting-mapping' with { type: 'json' };
import type { SideStore } from '@payments/reconcile/ports';
import { mergeSides, type TransactionSides } from '@payments/reconcile/transaction-sides';
import type { ReferenceData } from '@payments/schemas';

/** The ports of the stages, in memory: what a decision costs, without what a table or a network costs. */

/** Gives each card number a token of the vault's shape, the same in every run. */
export class MemoryVault implements TokenVault {
  readonly #tokens = new Map<string, string>();

  async tokensFor(cardNumbers: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return new Map(cardNumbers.map((number) => [number, this.tokenOf(number)]));
  }

  async fingerprintOf(text: string): Promise<string> {
    return createHash('sha256').update(text).digest('hex');
  }

  /** The token of a card number. */
  tokenOf(number: string): string {
    const known = this.#tokens.get(number);
    if (known !== undefined) return known;
    const token = randomToken(number, () => createHash('sha256').update(number).digest());
    this.#tokens.set(number, token);
    return token;
  }
}

export const sha256: ContentHash = {
  hashOf: (text) => createHash('sha256').update(text).digest('hex'),
};

export class MemorySeenTransactions implements SeenTransactions {
  readonly #claims = new Map<string, Claim>();

  async claim(claims: readonly Claim[]): Promise<readonly ClaimResult[]> {
    return claims.map((claim) => {
      const holder = this.#claims.get(claim.dedupKey);
      if (holder === undefined) this.#claims.set(claim.dedupKey, claim);
      return holder === undefined || holder.owner === claim.owner
        ? { kind: 'first' }
        : { kind: 'taken', owner: holder.owner, amount: holder.amount };
    });
  }
}

export const parkedNowhere: ParkedTransactions = {
  park: async (name) => ({ bucket: 'memory', key: `parked/${name}.json` }),
};

/** All rows of some reference data, as one version. */
export class MemoryReferenceVersion implements ReferenceVersion {
  readonly #version: string;
  readonly #rows: ReadonlyMap<ReferenceKey, object>;

  constructor(data: ReferenceData) {
    this.#version = data.version;
    this.#rows = new Map(
      REFERENCE_SETS.flatMap((set) => keyedRows(data, set)).map(({ key, row }) => [key, row]),
    );
  }

  async load(keys: readonly ReferenceKey[]): Promise<ReferenceRows> {
    return new ReferenceRows(
      this.#version,
      keys.flatMap((key) => {
        const row = this.#rows.get(key);
        return row === undefined ? [] : [[key, row] as const];
      }),
    );
  }
}

/** Life cycles without what waits for a time to come. */
export class MemoryLifecycles implements Lifecycles {
  readonly #lifecycles = new Map<string, ReadLifecycle>();

  async keep(originals: readonly Original[]): Promise<void> {
    for (const original of originals) {
      const { lifecycleId, transactionId } = original.message;
      const lifecycle = this.#get(lifecycleId);
      const others = lifecycle.originals.filter(({ message }) => message.transactionId !== transactionId);
      this.#lifecycles.set(lifecycleId, { ...lifecycle, originals: [...others, original] });
    }
  }

  async register(follower: Follower): Promise<void> {
    const { lifecycleId, transactionId } = follower.message;
    const lifecycle = this.#get(lifecycleId);
    if (lifecycle.state.followers[transactionId] !== undefined) return;
    const followers = { ...lifecycle.state.followers, [transactionId]: follower };
    this.#lifecycles.set(lifecycleId, {
      ...lifecycle,
      state: { ...lifecycle.state, followers },
      version: lifecycle.version + 1,
    });
  }

  async withFollowers(lifecycleIds: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(lifecycleIds.filter((id) => (this.#lifecycles.get(id)?.version ?? 0) > 0));
  }

  async read(lifecycleId: string): Promise<ReadLifecycle> {
    return this.#get(lifecycleId);
  }

  async replace(lifecycle: ReadLifecycle): Promise<boolean> {
    this.#lifecycles.set(lifecycle.lifecycleId, { ...lifecycle, version: lifecycle.version + 1 });
    return true;
  }

  async due(): Promise<readonly []> {
    return [];
  }

  async settleDue(): Promise<void> {}

  #get(lifecycleId: string): ReadLifecycle {
    return this.#lifecycles.get(lifecycleId) ?? { lifecycleId, originals: [], state: NO_STATE, version: 0 };
  }
}

/** Every sequence comes whole, so that there is nothing to assemble. */
export const noAssembly: SequenceAssembly = {
  keep: async (records) => records,
  forget: async () => undefined,
  incomplete: async () => [],
  forgetSequence: async () => undefined,
};

/** Makes of each sequence both the rows of the reference ledger and the posting input of a core, and keeps neither. */
export class MemoryPostingSystem implements PostingSystem {
  readonly #write = compileMapping(postingMapping).write;

  async post(sequences: Parameters<PostingSystem['post']>[0]): Promise<readonly PostingResult[]> {
    return sequences.map((sequence) => {
      const refusal = refusalOf(sequence);
      if (refusal !== undefined) return { kind: 'refused', ...refusal };
      entryRowsOf(sequence);
      JSON.stringify(this.#write(postingInputOf(sequence, 'real-time')));
      return { kind: 'posted', posted: postedSequenceOf(sequenceRowOf(sequence)) };
    });
  }

  async find(): ReturnType<PostingSystem['find']> {
    return new Map();
  }
}

export class MemorySides implements SideStore {
  readonly #sides = new Map<string, TransactionSides>();

  async add(reports: readonly TransactionSides[]): Promise<readonly TransactionSides[]> {
    return reports.map((report) => {
      const known = this.#sides.get(report.transactionId);
      const merged = known === undefined ? report : mergeSides(known, report);
      this.#sides.set(report.transactionId, merged);
      return merged;
    });
  }

  async settle(): Promise<void> {}

  async overdue(): Promise<readonly TransactionSides[]> {
    return [];
  }
}
