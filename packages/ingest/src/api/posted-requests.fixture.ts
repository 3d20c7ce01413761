import { Sha256ContentHash } from '../adapters/sha256-content-hash.ts';
import { LastDigitsVault } from '../reading.fixture.ts';
import type { Claim, PostedAnswer, PostedRequest, PostedRequests } from './ports.ts';

/** Requests in memory, as the table keeps them. */
export class RequestsInMemory implements PostedRequests {
  readonly rows = new Map<string, { contentHash: string; answer?: PostedAnswer }>();

  async claim({ keyHash, contentHash }: PostedRequest): Promise<Claim> {
    const row = this.rows.get(keyHash);
    if (row === undefined) {
      this.rows.set(keyHash, { contentHash });
      return { kind: 'mine' };
    }
    if (row.contentHash !== contentHash) return { kind: 'other-content' };
    return row.answer === undefined ? { kind: 'mine' } : { kind: 'answered', answer: row.answer };
  }

  async keepAnswer({ keyHash, contentHash }: PostedRequest, answer: PostedAnswer): Promise<void> {
    this.rows.set(keyHash, { contentHash, answer });
  }
}

/** A vault of which the fingerprints tell texts apart. */
export class HashingVault extends LastDigitsVault {
  override async fingerprintOf(text: string): Promise<string> {
    return new Sha256ContentHash().hashOf(text);
  }
}
