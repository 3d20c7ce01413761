import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { AwsError, type JsonObject, type JsonValue } from '../core/aws-error.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { bucketInHost, serviceNamed } from './http-host.ts';
import { type ApiCall, bodyBase64, bodyText, isList, isObject, type Protocol } from './protocol.ts';
import type { WireRequest, WireResponse } from './wire.ts';

/** The headers of a request that are members of the input, from S3's API model. */
const REQUEST_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-language': 'ContentLanguage',
  'content-md5': 'ContentMD5',
  'content-type': 'ContentType',
  'if-match': 'IfMatch',
  'if-none-match': 'IfNoneMatch',
  range: 'Range',
  'x-amz-checksum-crc32': 'ChecksumCRC32',
  'x-amz-checksum-mode': 'ChecksumMode',
  'x-amz-checksum-sha256': 'ChecksumSHA256',
  'x-amz-expected-bucket-owner': 'ExpectedBucketOwner',
  'x-amz-server-side-encryption': 'ServerSideEncryption',
  'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
  'x-amz-tagging': 'Tagging',
};

/** The headers of an answer that are members of the output. */
const RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  AcceptRanges: 'accept-ranges',
  CacheControl: 'cache-control',
  ChecksumCRC32: 'x-amz-checksum-crc32',
  ChecksumSHA256: 'x-amz-checksum-sha256',
  ContentDisposition: 'content-disposition',
  ContentLanguage: 'content-language',
  ContentLength: 'content-length',
  ContentRange: 'content-range',
  ContentType: 'content-type',
  DeleteMarker: 'x-amz-delete-marker',
  ETag: 'etag',
  LastModified: 'last-modified',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  VersionId: 'x-amz-version-id',
};

const QUERY_MEMBERS: Readonly<Record<string, string>> = {
  'continuation-token': 'ContinuationToken',
  delimiter: 'Delimiter',
  'encoding-type': 'EncodingType',
  'max-keys': 'MaxKeys',
  partNumber: 'PartNumber',
  prefix: 'Prefix',
  'start-after': 'StartAfter',
  uploadId: 'UploadId',
  versionId: 'VersionId',
};

const NUMBER_MEMBERS: ReadonlySet<string> = new Set(['MaxKeys', 'PartNumber']);
/** The operations that carry an object, or a part of one. */
const WITH_BODY: ReadonlySet<string> = new Set(['PutObject', 'UploadPart']);

const METADATA_PREFIX = 'x-amz-meta-';
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const BODILESS_STATUS: ReadonlySet<number> = new Set([204, 304]);

/** S3's own names for the errors of authorization. */
const ERROR_CODES: Readonly<Record<string, string>> = { AccessDeniedException: 'AccessDenied' };

const parser = new XMLParser({ parseTagValue: false });
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: false });

/**
 * S3's REST-XML, path style and virtual-hosted style, for objects, their listing, and uploads in parts.
 * Source: Amazon S3 API Reference, PutObject, GetObject, HeadObject, DeleteObject, ListObjectsV2,
 * CreateMultipartUpload, UploadPart, CompleteMultipartUpload, AbortMultipartUpload.
 */
export const restXmlS3: Protocol = {
  read(request: WireRequest): ApiCall | undefined {
    const service = serviceNamed(request);
    if (service !== undefined && service !== 's3') return undefined;
    const { bucket, key } = address(request);
    const operation = operationOf(request, bucket, key);
    const input: Record<string, JsonValue> = {};
    if (bucket !== '') input['Bucket'] = bucket;
    if (key !== '') input['Key'] = key;
    readHeaders(request, input);
    for (const [name, member] of Object.entries(QUERY_MEMBERS)) {
      const value = request.query[name];
      if (value !== undefined) input[member] = NUMBER_MEMBERS.has(member) ? Number(value) : value;
    }
    if (WITH_BODY.has(operation)) input['Body'] = bodyOf(request, input);
    if (operation === 'CompleteMultipartUpload') input['MultipartUpload'] = readParts(request);
    return { service: 's3', operation, input };
  },

  answer(call: ApiCall, output: JsonObject, requestId: string): WireResponse {
    const headers: Record<string, string> = { 'x-amz-request-id': requestId };
    writeHeaders(output, headers);
    switch (call.operation) {
      case 'GetObject': {
        const body = typeof output['Body'] === 'string' ? output['Body'] : '';
        const status = output['ContentRange'] === undefined ? 200 : 206;
        return { status, headers, body, bodyEncoding: 'base64' };
      }
      case 'AbortMultipartUpload':
      case 'DeleteObject':
        return { status: 204, headers, body: '' };
      case 'UploadPart':
      case 'PutObject':
      case 'HeadObject':
      case 'HeadBucket':
        return { status: 200, headers, body: '' };
      default:
        headers['content-type'] = 'application/xml';
        return { status: 200, headers, body: document(rootOf(call.operation), output) };
    }
  },

  refuse(error: AwsError, call: ApiCall | undefined, requestId: string): WireResponse {
    const code = ERROR_CODES[error.code] ?? error.code;
    const status = code === 'AccessDenied' ? 403 : error.status;
    const headers = { 'x-amz-request-id': requestId, 'content-type': 'application/xml' };
    const isHead = call?.operation === 'HeadObject' || call?.operation === 'HeadBucket';
    if (isHead || BODILESS_STATUS.has(status)) return { status, headers, body: '' };
    const members = { Code: code, Message: error.message, ...error.members, RequestId: requestId };
    return { status, headers, body: builder.build({ Error: members }) };
  },
};

function address(request: WireRequest): { bucket: string; key: string } {
  const path = request.path.slice(1);
  const inHost = bucketInHost(request);
  if (inHost !== undefined) return { bucket: inHost, key: decodeURIComponent(path) };
  const slash = path.indexOf('/');
  if (slash < 0) return { bucket: decodeURIComponent(path), key: '' };
  return { bucket: decodeURIComponent(path.slice(0, slash)), key: decodeURIComponent(path.slice(slash + 1)) };
}

function operationOf(request: WireRequest, bucket: string, key: string): string {
  const { method, query } = request;
  const sub = ['tagging', 'acl', 'delete'].find((name) => query[name] !== undefined);
  if (sub !== undefined || request.headers['x-amz-copy-source'] !== undefined) {
    throw new AwsError(
      'NotImplemented',
      `S3 with ${sub ?? 'x-amz-copy-source'} is not run by the local cloud.`,
      {
        status: 501,
      },
    );
  }
  if (bucket === '') return 'ListBuckets';
  if (key === '') {
    if (method === 'HEAD') return 'HeadBucket';
    if (method === 'GET' && query['location'] !== undefined) return 'GetBucketLocation';
    if (method === 'GET' && query['list-type'] === '2') return 'ListObjectsV2';
  } else if (query['uploads'] !== undefined || query['uploadId'] !== undefined) {
    const upload = uploadOperation(method, query);
    if (upload !== undefined) return upload;
  } else {
    if (method === 'GET') return 'GetObject';
    if (method === 'HEAD') return 'HeadObject';
    if (method === 'PUT') return 'PutObject';
    if (method === 'DELETE') return 'DeleteObject';
  }
  throw new AwsError('NotImplemented', `S3's ${method} ${request.path} is not run by the local cloud.`, {
    status: 501,
  });
}

function uploadOperation(method: string, query: WireRequest['query']): string | undefined {
  if (method === 'POST')
    return query['uploads'] === undefined ? 'CompleteMultipartUpload' : 'CreateMultipartUpload';
  if (method === 'PUT' && query['partNumber'] !== undefined) return 'UploadPart';
  return method === 'DELETE' ? 'AbortMultipartUpload' : undefined;
}

/** @throws AwsError MalformedXML */
function readParts(request: WireRequest): JsonObject {
  const parsed: JsonObject = parser.parse(bodyText(request));
  const upload = parsed['CompleteMultipartUpload'];
  if (!isObject(upload)) throw new AwsError('MalformedXML', 'The XML you provided was not well-formed');
  const parts = upload['Part'];
  return { Parts: isList(parts) ? parts : isObject(parts) ? [parts] : [] };
}

function readHeaders(request: WireRequest, input: Record<string, JsonValue>): void {
  const metadata: Record<string, string> = {};
  for (const [header, value] of Object.entries(request.headers)) {
    const member = REQUEST_HEADERS[header];
    if (member !== undefined) input[member] = value;
    else if (header.startsWith(METADATA_PREFIX)) metadata[header.slice(METADATA_PREFIX.length)] = value;
  }
  if (Object.keys(metadata).length > 0) input['Metadata'] = metadata;
}

function bodyOf(request: WireRequest, input: Record<string, JsonValue>): string {
  if (!(request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-')) return bodyBase64(request);
  const { content, trailers } = decodeAwsChunked(Buffer.from(bodyBase64(request), 'base64'));
  for (const [header, value] of Object.entries(trailers)) {
    const member = REQUEST_HEADERS[header];
    if (member !== undefined) input[member] = value;
  }
  return content.toString('base64');
}

function writeHeaders(output: JsonObject, headers: Record<string, string>): void {
  for (const [member, value] of Object.entries(output)) {
    const header = RESPONSE_HEADERS[member];
    if (header === undefined || value === undefined || value === null) continue;
    const isTime = header === 'last-modified' && typeof value === 'number';
    headers[header] = isTime ? new Date(value * 1000).toUTCString() : String(value);
  }
  if (!isObject(output['Metadata'])) return;
  for (const [name, value] of Object.entries(output['Metadata'])) {
    headers[METADATA_PREFIX + name] = String(value);
  }
}

function rootOf(operation: string): string {
  switch (operation) {
    case 'ListObjectsV2':
      return 'ListBucketResult';
    case 'CreateMultipartUpload':
      return 'InitiateMultipartUploadResult';
    case 'ListBuckets':
      return 'ListAllMyBucketsResult';
    case 'GetBucketLocation':
      return 'LocationConstraint';
    default:
      return `${operation}Result`;
  }
}

function document(root: string, output: JsonObject): string {
  return builder.build({ [root]: { '@xmlns': NAMESPACE, ...elements(output) } });
}

function elements(output: JsonObject): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(output)) {
    if (value === undefined || value === null) continue;
    members[name] = element(name, value);
  }
  return members;
}

/** S3's lists are flattened, but for `Buckets`, whose items are wrapped as `Bucket`. */
function element(name: string, value: JsonValue): unknown {
  if (isList(value)) {
    const items = value.map((item) => element('', item));
    return name === 'Buckets' ? { Bucket: items } : items;
  }
  if (isObject(value)) return elements(value);
  if ((name === 'LastModified' || name === 'CreationDate') && typeof value === 'number') {
    return new Date(value * 1000).toISOString();
  }
  return value;
}
