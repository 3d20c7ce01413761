import type { Principal } from '../core/service.ts';

/** An HTTP request to an AWS API, as plain data: it can be sent between threads. */
export interface WireRequest {
  readonly method: string;
  /** The path as it stands on the wire (percent-encoded), without the query. */
  readonly path: string;
  /** The decoded query parameters; one without a value has the empty string. */
  readonly query: Readonly<Record<string, string>>;
  /** The query as it stands on the wire, where it came over one. */
  readonly rawQuery?: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How `body` holds the bytes; `utf8` when absent. */
  readonly bodyEncoding?: 'utf8' | 'base64';
}

/** The answer to a `WireRequest`, as plain data too. */
export interface WireResponse {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How `body` holds the bytes; `utf8` when absent. */
  readonly bodyEncoding?: 'utf8' | 'base64';
}

/** Answers an API request of a caller, whatever the protocol. Never rejects: a failure is an answer too. */
export type HandleRequest = (request: WireRequest, caller: Principal) => Promise<WireResponse>;
