import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import type { LocalService, ServiceContext } from '../../core/seams.ts';
import { blocks, isObject, optionalInteger, optionalText, requiredText } from '../sqs/members.ts';
import { BucketNotifications, type NotificationNeighbours } from './bucket-notifications.ts';
import { type Bucket, BucketRegistry } from './bucket-registry.ts';
import { readRange } from './byte-range.ts';
import { listObjects } from './list-objects.ts';
import { MultipartUploads, type NamedPart } from './multipart-uploads.ts';
import { notificationResourceType } from './notification-resource.ts';
import { NULL_VERSION, type ObjectHead, ObjectStore, type StoredObject } from './object-store.ts';
import { noSuchKey, s3Error } from './s3-error.ts';
import { s3Resources } from './s3-resources.ts';

/** The members of PutObject that come back with GetObject. */
const KEPT_HEADERS = [
  'CacheControl',
  'ChecksumCRC32',
  'ChecksumSHA256',
  'ContentDisposition',
  'ContentLanguage',
  'ContentType',
  'Metadata',
] as const;

const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';
const MAX_KEYS = { min: 0, max: 2_147_483_647 };

/** Amazon S3: buckets from Terraform, objects in the store, whole or uploaded in parts. No ACLs, no tags. */
export class S3Service implements LocalService {
  readonly name = 's3';
  readonly resourceTypes: readonly ResourceType[];
  readonly #context: ServiceContext;
  readonly #buckets: BucketRegistry;
  readonly #objects: ObjectStore;
  readonly #notifications: BucketNotifications;
  readonly #uploads: MultipartUploads;

  constructor(context: ServiceContext, neighbours: NotificationNeighbours) {
    this.#context = context;
    this.#buckets = new BucketRegistry(context.store);
    this.#objects = new ObjectStore(context.store);
    this.#notifications = new BucketNotifications(context, neighbours);
    this.#uploads = new MultipartUploads(context.store);
    const { account, runtime } = context;
    this.resourceTypes = [
      ...s3Resources({ account, runtime, buckets: this.#buckets, objects: this.#objects }),
      notificationResourceType(this.#buckets, this.#notifications),
    ];
  }

  call(operation: string, input: JsonObject): JsonObject {
    switch (operation) {
      case 'PutObject':
        return this.#billed('s3:put-requests', this.#putObject(input));
      case 'GetObject':
        return this.#billed('s3:get-requests', this.#getObject(input));
      case 'HeadObject': {
        const { Body: _, ...head } = this.#getObject(input, false);
        return this.#billed('s3:get-requests', head);
      }
      case 'CreateMultipartUpload':
        return this.#billed('s3:put-requests', this.#createUpload(input));
      case 'UploadPart':
        return this.#billed('s3:put-requests', this.#uploadPart(input));
      case 'CompleteMultipartUpload':
        return this.#billed('s3:put-requests', this.#completeUpload(input));
      case 'AbortMultipartUpload':
        this.#uploads.get(...this.#uploadOf(input));
        this.#uploads.end(requiredText(input, 'UploadId'));
        return {};
      case 'DeleteObject':
        return this.#deleteObject(input);
      case 'ListObjectsV2':
        return this.#billed('s3:put-requests', this.#listObjects(input));
      case 'HeadBucket':
        return { BucketRegion: this.#region(input) };
      case 'GetBucketLocation':
        return { LocationConstraint: this.#region(input) };
      case 'ListBuckets':
        return {
          Buckets: this.#buckets
            .all()
            .map(({ name, createdAt }) => ({ Name: name, CreationDate: createdAt / 1000 })),
        };
      default:
        throw new AwsError('UnknownOperationException', `The local cloud does not run s3:${operation}.`);
    }
  }

  /** The policy of a bucket, for the ARN of the bucket or of an object in it. */
  policyOf(arn: string): string | undefined {
    const name = arn.slice('arn:aws:s3:::'.length).split('/')[0] ?? '';
    return this.#buckets.find(name)?.policy;
  }

  resume(): void {
    this.#notifications.resume();
  }

  /** Notifications that are on their way. */
  outstanding(): number {
    return this.#notifications.pending;
  }

  #putObject(input: JsonObject): JsonObject {
    const bucket = this.#buckets.get(requiredText(input, 'Bucket'));
    const key = requiredText(input, 'Key');
    const body = Buffer.from(optionalText(input, 'Body') ?? '', 'base64');
    verifyDigests(input, body);
    this.#checkConditions(input, this.#current(bucket, key), key);
    const headers = headersOf(input, bucket);
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const object = this.#newObject(bucket, { key, body, etag, headers });
    this.#put(object, 'ObjectCreated:Put');
    const { ServerSideEncryption, SSEKMSKeyId, ChecksumCRC32, ChecksumSHA256 } = headers;
    return {
      ETag: object.etag,
      ...versionOf(object),
      ...{ ServerSideEncryption, SSEKMSKeyId, ChecksumCRC32, ChecksumSHA256 },
    };
  }

  #createUpload(input: JsonObject): JsonObject {
    const bucket = this.#buckets.get(requiredText(input, 'Bucket'));
    const key = requiredText(input, 'Key');
    const id = this.#newVersion();
    // A checksum is that of a part or of the whole, which nobody knows yet.
    const { ChecksumCRC32: _, ChecksumSHA256: __, ...headers } = headersOf(input, bucket);
    this.#uploads.begin(id, { bucket: bucket.name, key, headers });
    const { ServerSideEncryption, SSEKMSKeyId } = headers;
    return { Bucket: bucket.name, Key: key, UploadId: id, ServerSideEncryption, SSEKMSKeyId };
  }

  #uploadPart(input: JsonObject): JsonObject {
    const [id, bucket, key] = this.#uploadOf(input);
    const { headers } = this.#uploads.get(id, bucket, key);
    const body = Buffer.from(optionalText(input, 'Body') ?? '', 'base64');
    verifyDigests(input, body);
    const { ServerSideEncryption, SSEKMSKeyId } = headers;
    return {
      ETag: this.#uploads.putPart(id, Number(input['PartNumber']), body),
      ...{ ServerSideEncryption, SSEKMSKeyId, ChecksumCRC32: input['ChecksumCRC32'] },
    };
  }

  #completeUpload(input: JsonObject): JsonObject {
    const [id, bucketName, key] = this.#uploadOf(input);
    const { headers } = this.#uploads.get(id, bucketName, key);
    const bucket = this.#buckets.get(bucketName);
    this.#checkConditions(input, this.#current(bucket, key), key);
    const { body, etag } = this.#uploads.assemble(id, partsOf(input));
    const object = this.#newObject(bucket, { key, body, etag, headers });
    this.#put(object, 'ObjectCreated:CompleteMultipartUpload');
    this.#uploads.end(id);
    const Location = `https://${bucketName}.s3.${this.#context.account.region}.amazonaws.com/${key}`;
    const { ServerSideEncryption, SSEKMSKeyId } = headers;
    return {
      ...{ Location, Bucket: bucketName, Key: key, ETag: etag, ...versionOf(object) },
      ...{ ServerSideEncryption, SSEKMSKeyId },
    };
  }

  #uploadOf(input: JsonObject): [id: string, bucket: string, key: string] {
    return [requiredText(input, 'UploadId'), requiredText(input, 'Bucket'), requiredText(input, 'Key')];
  }

  #newObject(bucket: Bucket, content: Pick<StoredObject, 'key' | 'body' | 'etag' | 'headers'>): StoredObject {
    return {
      ...content,
      bucket: bucket.name,
      versionId: bucket.versioned ? this.#newVersion() : NULL_VERSION,
      modifiedAt: this.#context.runtime.now(),
      isDeleteMarker: false,
    };
  }

  #put(object: StoredObject, event: string): void {
    const sequence = this.#objects.put(object);
    const { bucket, key, body, etag, isDeleteMarker } = object;
    this.#notifications.notify({
      name: event,
      bucket,
      key,
      sequence,
      ...(isDeleteMarker ? {} : { size: body.length, etag }),
      ...(object.versionId === NULL_VERSION ? {} : { versionId: object.versionId }),
    });
  }

  #getObject(input: JsonObject, withBody = true): JsonObject {
    const bucket = this.#buckets.get(requiredText(input, 'Bucket'));
    const key = requiredText(input, 'Key');
    const versionId = optionalText(input, 'VersionId');
    const object = this.#objects.find(bucket.name, key, versionId);
    if (object === undefined || object.isDeleteMarker) {
      if (versionId === undefined) throw noSuchKey(key);
      if (object === undefined) throw s3Error('NoSuchVersion', 404, 'The specified version does not exist.');
      throw s3Error('MethodNotAllowed', 405, 'The specified method is not allowed against a delete marker.');
    }
    const expected = optionalText(input, 'IfMatch');
    if (expected !== undefined && expected !== object.etag) throw preconditionFailed('If-Match');
    if (optionalText(input, 'IfNoneMatch') === object.etag) throw s3Error('NotModified', 304, 'Not Modified');
    const range = readRange(optionalText(input, 'Range') ?? '', object.size);
    const first = range?.first ?? 0;
    const length = range === undefined ? object.size : range.last - range.first + 1;
    const body = withBody ? this.#objects.body(object, first, length) : new Uint8Array();
    const { ChecksumCRC32: _, ChecksumSHA256: __, ...withoutChecksums } = object.headers;
    return {
      ...(range === undefined ? object.headers : withoutChecksums),
      AcceptRanges: 'bytes',
      Body: Buffer.from(body).toString('base64'),
      ContentLength: length,
      ETag: object.etag,
      LastModified: object.modifiedAt / 1000,
      ...versionOf(object),
      ...(range === undefined ? {} : { ContentRange: `bytes ${range.first}-${range.last}/${object.size}` }),
    };
  }

  #deleteObject(input: JsonObject): JsonObject {
    const bucket = this.#buckets.get(requiredText(input, 'Bucket'));
    const key = requiredText(input, 'Key');
    const versionId = optionalText(input, 'VersionId');
    if (versionId !== undefined || !bucket.versioned) {
      const removed = this.#objects.find(bucket.name, key, versionId ?? NULL_VERSION);
      this.#objects.remove(bucket.name, key, versionId ?? NULL_VERSION);
      if (removed !== undefined)
        this.#notifications.notify({
          name: 'ObjectRemoved:Delete',
          bucket: bucket.name,
          key,
          sequence: removed.sequence,
          ...(versionId === undefined ? {} : { versionId }),
        });
      return versionId === undefined ? {} : { VersionId: versionId };
    }
    const marker: StoredObject = {
      bucket: bucket.name,
      key,
      versionId: this.#newVersion(),
      body: new Uint8Array(),
      etag: '',
      modifiedAt: this.#context.runtime.now(),
      headers: {},
      isDeleteMarker: true,
    };
    this.#put(marker, 'ObjectRemoved:DeleteMarkerCreated');
    return { DeleteMarker: true, VersionId: marker.versionId };
  }

  #listObjects(input: JsonObject): JsonObject {
    const token = optionalText(input, 'ContinuationToken');
    return listObjects(this.#objects, {
      bucket: this.#buckets.get(requiredText(input, 'Bucket')).name,
      prefix: optionalText(input, 'Prefix') ?? '',
      delimiter: optionalText(input, 'Delimiter'),
      maxKeys: optionalInteger(input, 'MaxKeys', MAX_KEYS),
      after:
        token === undefined
          ? (optionalText(input, 'StartAfter') ?? '')
          : Buffer.from(token, 'base64url').toString('utf8'),
    });
  }

  #checkConditions(input: JsonObject, current: ObjectHead | undefined, key: string): void {
    if (optionalText(input, 'IfNoneMatch') === '*' && current !== undefined)
      throw preconditionFailed('If-None-Match');
    const expected = optionalText(input, 'IfMatch');
    if (expected === undefined) return;
    if (current === undefined) throw noSuchKey(key);
    if (current.etag !== expected) throw preconditionFailed('If-Match');
  }

  #current(bucket: Bucket, key: string): ObjectHead | undefined {
    const object = this.#objects.find(bucket.name, key);
    return object?.isDeleteMarker === true ? undefined : object;
  }

  #newVersion(): string {
    return this.#context.runtime.uuid().replaceAll('-', '');
  }

  #region(input: JsonObject): string {
    this.#buckets.get(requiredText(input, 'Bucket'));
    return this.#context.account.region;
  }

  #billed(unit: string, output: JsonObject): JsonObject {
    this.#context.bill(unit, 1);
    return output;
  }
}

/** The headers that an object is kept with: those that came, and how it is encrypted. */
function headersOf(input: JsonObject, bucket: Bucket): JsonObject {
  const headers: Record<string, JsonValue> = { ContentType: DEFAULT_CONTENT_TYPE };
  for (const name of KEPT_HEADERS) {
    const value = input[name];
    if (value !== undefined && value !== null) headers[name] = value;
  }
  headers['ServerSideEncryption'] = optionalText(input, 'ServerSideEncryption') ?? bucket.encryption;
  const kmsKeyId = optionalText(input, 'SSEKMSKeyId') ?? bucket.kmsKeyId;
  if (kmsKeyId !== undefined) headers['SSEKMSKeyId'] = kmsKeyId;
  return headers;
}

/** The parts that CompleteMultipartUpload names. */
function partsOf(input: JsonObject): NamedPart[] {
  const upload = input['MultipartUpload'];
  return (isObject(upload) ? blocks(upload, 'Parts') : []).map((part) => ({
    partNumber: Number(part['PartNumber']),
    etag: requiredText(part, 'ETag'),
  }));
}

function versionOf(object: Pick<StoredObject, 'versionId'>): JsonObject {
  return object.versionId === NULL_VERSION ? {} : { VersionId: object.versionId };
}

function preconditionFailed(condition: string): AwsError {
  return s3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });
}

/** Checks the digests that came with an object: what was changed on the way must not be kept. */
function verifyDigests(input: JsonObject, body: Buffer): void {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  const actual: Readonly<Record<string, () => string>> = {
    ChecksumCRC32: () => checksum.toString('base64'),
    ChecksumSHA256: () => createHash('sha256').update(body).digest('base64'),
    ContentMD5: () => createHash('md5').update(body).digest('base64'),
  };
  for (const [member, compute] of Object.entries(actual)) {
    const given = optionalText(input, member);
    if (given === undefined || given === compute()) continue;
    throw s3Error('BadDigest', 400, `The ${member} you specified did not match what we received.`);
  }
  if (input['Metadata'] !== undefined && !isObject(input['Metadata'])) {
    throw s3Error('InvalidArgument', 400, 'Metadata must be an object.');
  }
}
