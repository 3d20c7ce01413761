import type { JsonObject } from '../../core/aws-error.ts';
import type { ListedObject, ObjectStore } from './object-store.ts';

/** What S3 lists in one answer. */
const KEYS_MAX = 1000;

/** Above every character, so that a listing goes on after all keys of a common prefix. */
const AFTER_PREFIX = '\u{10ffff}';

/** What ListObjectsV2 is asked. */
export interface ListRequest {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly maxKeys: number | undefined;
  /** The key or common prefix to go on after. */
  readonly after: string;
}

/**
 * Lists objects, those with the delimiter after the prefix as one common prefix.
 * Source: Amazon S3 API Reference, ListObjectsV2.
 */
export function listObjects(objects: ObjectStore, request: ListRequest): JsonObject {
  const { bucket, prefix, delimiter } = request;
  const limit = Math.min(request.maxKeys ?? KEYS_MAX, KEYS_MAX);
  const contents: ListedObject[] = [];
  const commonPrefixes: string[] = [];
  let after = request.after;
  let last = '';
  let more = false;
  for (;;) {
    const page = objects.list(bucket, prefix, after, KEYS_MAX);
    let skipped = false;
    for (const object of page) {
      const common = delimiter === undefined ? undefined : commonPrefix(object.key, prefix, delimiter);
      if (contents.length + commonPrefixes.length >= limit) {
        more = true;
        break;
      }
      if (common === undefined) {
        contents.push(object);
        last = object.key;
        after = object.key;
      } else {
        commonPrefixes.push(common);
        last = common + AFTER_PREFIX;
        after = last;
        skipped = true;
        break;
      }
    }
    if (more || (!skipped && page.length < KEYS_MAX)) break;
  }
  return {
    Name: bucket,
    Prefix: prefix,
    MaxKeys: limit,
    KeyCount: contents.length + commonPrefixes.length,
    IsTruncated: more,
    ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
    ...(more ? { NextContinuationToken: Buffer.from(last).toString('base64url') } : {}),
    Contents: contents.map((object) => ({
      Key: object.key,
      ETag: object.etag,
      Size: object.size,
      LastModified: object.modifiedAt / 1000,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: commonPrefixes.map((common) => ({ Prefix: common })),
  };
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}
