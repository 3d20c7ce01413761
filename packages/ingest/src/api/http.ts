/** An HTTP request as the API looks at it. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes of the body; empty when there are none. */
  readonly body: Uint8Array;
  /** Who signed the request: the ARN of a user, or of a role without its session. */
  readonly caller: string;
}

/** What the API answers; the body is JSON. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>`: sessions come and go, the role calls. */
const ASSUMED_ROLE = /^(arn:[^:]+:sts::\d+:assumed-role\/[^/]+)\/.*$/;

/** An answer with a body. */
export function answer(
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** An answer that says what is wrong; no message repeats what was sent. */
export function refusal(
  statusCode: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return answer(statusCode, { error: { code, message } }, headers);
}

/**
 * The request in an event of a Lambda function URL, payload format version 2.0.
 * Source: Lambda Developer Guide, "Invoking Lambda function URLs".
 *
 * @returns undefined for an event that is none, or that nobody signed
 */
export function requestOf(event: unknown): HttpRequest | undefined {
  if (memberOf(event, 'version') !== '2.0') return undefined;
  const context = memberOf(event, 'requestContext');
  const http = memberOf(context, 'http');
  const caller = memberOf(memberOf(memberOf(context, 'authorizer'), 'iam'), 'userArn');
  const method = memberOf(http, 'method');
  const path = memberOf(event, 'rawPath');
  if (typeof caller !== 'string' || typeof method !== 'string' || typeof path !== 'string') return undefined;
  const headers = Object.entries(memberOf(event, 'headers') ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  const body = memberOf(event, 'body');
  const encoding = memberOf(event, 'isBase64Encoded') === true ? 'base64' : 'utf8';
  return {
    method,
    path,
    headers: Object.fromEntries(headers),
    body: Buffer.from(typeof body === 'string' ? body : '', encoding),
    caller: caller.replace(ASSUMED_ROLE, '$1'),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
