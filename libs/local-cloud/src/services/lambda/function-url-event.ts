import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import type { Account } from '../../core/resource.ts';
import type { InvocationResult } from '../../core/seams.ts';
import type { Principal } from '../../core/service.ts';
import type { WireRequest, WireResponse } from '../../transport/wire.ts';

/** Who calls a function URL, as its signature says. */
export interface UrlCaller {
  readonly principal: Principal;
  readonly accessKeyId: string;
}

/** What an event is made from beside the request. */
export interface UrlInvocation {
  readonly account: Account;
  readonly urlId: string;
  readonly domainName: string;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly caller: UrlCaller;
}

/** Bodies of these types are text in the event; all others are base64. */
const TEXT_TYPE = /^(?:text\/|application\/(?:json|xml|javascript)\b|application\/[^;]+\+(?:json|xml))/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LOOPBACK = '127.0.0.1';

/**
 * The event of a function URL, payload format version 2.0.
 * Source: Lambda Developer Guide, "Invoking Lambda function URLs", request payload format.
 */
export function functionUrlEvent(request: WireRequest, invocation: UrlInvocation): JsonObject {
  const { account, urlId, domainName, requestId, now, caller } = invocation;
  const { cookie, ...headers } = request.headers;
  const rawQueryString = request.rawQuery ?? new URLSearchParams(request.query).toString();
  const query = queryParameters(rawQueryString);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: request.path,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers,
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: account.id,
      apiId: urlId,
      authentication: null,
      authorizer: { iam: iamOf(caller, account) },
      domainName,
      domainPrefix: urlId,
      http: {
        method: request.method,
        path: request.path,
        protocol: 'HTTP/1.1',
        sourceIp: LOOPBACK,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now,
    },
    ...bodyOf(request),
  };
}

/**
 * The HTTP answer that a function's answer stands for: what it says with a statusCode, or 200 with the answer as
 * JSON; a function that failed is a bad gateway.
 * Source: the same page, response payload format.
 */
export function functionUrlResponse({ payload, functionError }: InvocationResult): WireResponse {
  if (functionError !== undefined) return badGateway();
  const answer: JsonValue = JSON.parse(payload === '' ? 'null' : payload);
  if (!isObject(answer) || answer['statusCode'] === undefined) {
    const body = typeof answer === 'string' ? answer : payload;
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const { statusCode, headers, body, isBase64Encoded, cookies } = answer;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return badGateway();
  const found: Record<string, string> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(isObject(headers) ? headers : {}))
    found[name.toLowerCase()] = String(value);
  if (Array.isArray(cookies) && cookies.length > 0) found['set-cookie'] = cookies.join(', ');
  return {
    status,
    headers: found,
    body: typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body),
    ...(isBase64Encoded === true ? { bodyEncoding: 'base64' as const } : {}),
  };
}

function badGateway(): WireResponse {
  return {
    status: 502,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Message: 'Internal Server Error' }),
  };
}

function iamOf({ principal, accessKeyId }: UrlCaller, account: Account): JsonObject {
  const { arn, id } = identityOf(principal, account);
  return {
    accessKey: accessKeyId,
    accountId: account.id,
    callerId: id,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: arn,
    userId: id,
  };
}

/** A role's session has its role's name here, the owner is the account's root. */
function identityOf(principal: Principal, account: Account): { arn: string; id: string } {
  if (principal.kind !== 'role') return { arn: `arn:aws:iam::${account.id}:root`, id: account.id };
  const role = principal.arn.split('/').at(-1) ?? '';
  return { arn: `arn:aws:sts::${account.id}:assumed-role/${role}/local`, id: `AROALOCAL${role}:local` };
}

function bodyOf(request: WireRequest): JsonObject {
  if (request.body === '') return { isBase64Encoded: false };
  const bytes = Buffer.from(request.body, request.bodyEncoding ?? 'utf8');
  const isText = TEXT_TYPE.test(request.headers['content-type'] ?? '');
  return { body: bytes.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** Several values of one name are one text with commas. */
function queryParameters(rawQuery: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQuery))
    found[name] = found[name] === undefined ? value : `${found[name]},${value}`;
  return found;
}

/** `12/Mar/2020:19:03:58 +0000`. */
function commonLogTime(at: number): string {
  const date = new Date(at);
  const day = String(date.getUTCDate()).padStart(2, '0');
  const time = date.toISOString().slice(11, 19);
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${time} +0000`;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
