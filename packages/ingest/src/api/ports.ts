import type { AuthorizationLoggedRecord, Identifier } from '@payments/schemas';

/** What a request that was taken is answered with. */
export interface PostedAnswer {
  readonly transactionId: Identifier;
  readonly status: 'ACCEPTED' | 'DECLINED';
}

/** A request by its key. Neither hash can be turned back into what it was made from without the vault's key. */
export interface PostedRequest {
  /** Of the caller and the idempotency key. */
  readonly keyHash: string;
  /** Of the content. */
  readonly contentHash: string;
}

/** What claiming a key came to. */
export type Claim =
  /** The key is new, or the same content came before and was not answered: go on. */
  | { readonly kind: 'mine' }
  /** The same content was answered before. */
  | { readonly kind: 'answered'; readonly answer: PostedAnswer }
  /** Another content came with this key. */
  | { readonly kind: 'other-content' };

/** Remembers requests by their idempotency keys, for some days. */
export interface PostedRequests {
  /** Takes a key for a content, once and for all: another content cannot take it any more. */
  claim(request: PostedRequest): Promise<Claim>;
  /** Keeps the answer to a request that was claimed. */
  keepAnswer(request: PostedRequest, answer: PostedAnswer): Promise<void>;
}

/** Puts authorizations on the bus; the same record again is the same event. */
export interface AuthorizationEvents {
  publish(record: AuthorizationLoggedRecord): Promise<void>;
}
