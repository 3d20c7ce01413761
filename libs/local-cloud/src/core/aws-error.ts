/** An error that an AWS API answers, to be encoded by the protocol of the service. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** The error's short name as SDKs see it, for example `ConditionalCheckFailedException`. */
  readonly code: string;
  /** The HTTP status; 4xx for the caller's fault, 5xx for the service's. */
  readonly status: number;
  /** Further members of the error's shape, for example `CancellationReasons`. */
  readonly members: JsonObject;

  constructor(code: string, message: string, options: { status?: number; members?: JsonObject } = {}) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
  }
}

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}
