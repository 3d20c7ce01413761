import { createHash, timingSafeEqual } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { AwsError } from '../core/aws-error.ts';
import type { AccessKey } from './access-keys.ts';
import type { WireRequest } from './wire.ts';

/** How far a request's time may be from ours. Source: IAM User Guide, "Troubleshoot SigV4", request expiration. */
const SKEW_MAX_MS = 5 * 60 * 1000;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<id>[^/]+)\/(?<day>\d{8})\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request, *SignedHeaders=(?<headers>[^, ]+), *Signature=(?<signature>[0-9a-f]{64})$/;
const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const PAYLOAD_HASH = 'x-amz-content-sha256';

/** Without these in the signature, a signed request could be sent to another host or at another time. */
const MUST_BE_SIGNED = ['host', 'x-amz-date'];

/** What a signature is made for. */
export interface SignatureScope {
  readonly region: string;
  /** The service's signing name, for example `lambda`. */
  readonly service: string;
}

/** A request that is to be signed. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Credentials as a client of the AWS SDK resolves them. */
export interface SigningCredentials extends AccessKey {
  readonly sessionToken?: string;
}

/**
 * Signs an HTTP request with AWS Signature Version 4.
 * Source: IAM User Guide, "AWS Signature Version 4 for API requests".
 *
 * @param at epoch milliseconds
 * @returns the headers to send, those given included
 */
export async function signRequest(
  { method, url, headers, body }: UnsignedRequest,
  credentials: SigningCredentials,
  { region, service }: SignatureScope,
  at: number,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const request = new HttpRequest({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: queryIn(url.search),
    headers: { ...headers, host: url.host },
    body,
  });
  return { ...(await signer.sign(request, { signingDate: new Date(at) })).headers };
}

/**
 * Verifies the AWS Signature Version 4 in a request's Authorization header: that the holder of the key signed
 * this method, path, query, headers and body, for this service and region, a short while ago.
 *
 * @param keyOf the access key with an id
 * @param now epoch milliseconds
 * @returns the id of the access key
 * @throws AwsError with status 403: MissingAuthenticationToken, IncompleteSignatureException,
 *   UnrecognizedClientException, InvalidSignatureException, SignatureDoesNotMatch
 */
export async function verifySignature(
  request: WireRequest,
  keyOf: (accessKeyId: string) => AccessKey | undefined,
  { region, service }: SignatureScope,
  now: number,
): Promise<string> {
  const authorization = request.headers['authorization'];
  if (authorization === undefined)
    throw refused('MissingAuthenticationToken', 'The request has no Authorization header.');
  const parts = AUTHORIZATION.exec(authorization)?.groups;
  if (parts === undefined)
    throw refused('IncompleteSignatureException', 'The Authorization header is no AWS4-HMAC-SHA256 one.');
  const { id = '', day = '', headers: list = '', signature = '' } = parts;
  if (parts['region'] !== region || parts['service'] !== service)
    throw refused('InvalidSignatureException', `Credential should be scoped to ${region}/${service}.`);
  const names = list.split(';');
  for (const name of MUST_BE_SIGNED) {
    if (!names.includes(name))
      throw refused('InvalidSignatureException', `'${name}' must be a signed header.`);
  }
  const signedAt = timeIn(request.headers['x-amz-date'] ?? '');
  if (signedAt === undefined || !(request.headers['x-amz-date'] ?? '').startsWith(day))
    throw refused('InvalidSignatureException', 'x-amz-date is no time, or not of the day of the credential.');
  if (Math.abs(now - signedAt) > SKEW_MAX_MS)
    throw refused('InvalidSignatureException', 'The signature expired, or is of the future.');
  const body = Buffer.from(request.body, request.bodyEncoding ?? 'utf8');
  const bodyHash = createHash('sha256').update(body).digest('hex');
  if ((request.headers[PAYLOAD_HASH] ?? bodyHash) !== bodyHash)
    throw refused('InvalidSignatureException', `${PAYLOAD_HASH} is not the hash of the body.`);
  const key = keyOf(id);
  if (key === undefined)
    throw refused('UnrecognizedClientException', 'The security token included in the request is invalid.');

  const signer = new SignatureV4({
    credentials: key,
    region,
    service,
    sha256: Sha256,
    // The headers that were signed are signed again, and none is added.
    applyChecksum: false,
  });
  const signed = await signer.sign(
    new HttpRequest({
      method: request.method,
      path: request.path,
      query: queryOf(request),
      headers: Object.fromEntries(names.map((name) => [name, request.headers[name] ?? ''])),
      body,
    }),
    { signingDate: new Date(signedAt), signableHeaders: new Set(names) },
  );
  const expected = AUTHORIZATION.exec(signed.headers['authorization'] ?? '')?.groups?.['signature'] ?? '';
  if (expected.length !== signature.length || !timingSafeEqual(Buffer.from(expected), Buffer.from(signature)))
    throw refused(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
    );
  return id;
}

/** The query with names that stand there more than once; what was decoded into one value each has lost them. */
function queryOf({ query, rawQuery }: WireRequest): Record<string, string | string[]> {
  return rawQuery === undefined ? { ...query } : queryIn(rawQuery);
}

function queryIn(text: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = found[name];
    found[name] = before === undefined ? value : [before, value].flat();
  }
  return found;
}

function timeIn(text: string): number | undefined {
  const iso = text.replace(AMZ_DATE, '$1-$2-$3T$4:$5:$6Z');
  const time = iso === text ? Number.NaN : Date.parse(iso);
  return Number.isNaN(time) ? undefined : time;
}

function refused(code: string, message: string): AwsError {
  return new AwsError(code, message, { status: 403 });
}
