import type { JsonObject } from '../../core/aws-error.ts';
import type { Store } from '../../core/store.ts';

/** One version of an object. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  /** `null` (the word) in a bucket without versions. */
  readonly versionId: string;
  readonly body: Uint8Array;
  readonly etag: string;
  readonly modifiedAt: number;
  /** The headers that come back with the object, under their API names, and `Metadata`. */
  readonly headers: JsonObject;
  readonly isDeleteMarker: boolean;
}

/** One version of an object without its bytes. */
export interface ObjectHead extends Omit<StoredObject, 'body'> {
  readonly size: number;
  readonly sequence: number;
}

/** An object as a listing shows it. */
export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly modifiedAt: number;
}

interface ObjectRow {
  sequence: number;
  bucket: string;
  key: string;
  version_id: string;
  size: number;
  etag: string;
  modified_at: number;
  headers: string;
  delete_marker: number;
}

const HEAD_COLUMNS =
  'sequence, bucket, key, version_id, length(body) AS size, etag, modified_at, headers, delete_marker';

/** The version of what is put into a bucket without versions. */
export const NULL_VERSION = 'null';

/** The objects of all buckets, with their versions. */
export class ObjectStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(`CREATE TABLE IF NOT EXISTS s3_objects (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL, key TEXT NOT NULL,
      version_id TEXT NOT NULL, latest INTEGER NOT NULL, body BLOB NOT NULL, etag TEXT NOT NULL,
      modified_at INTEGER NOT NULL, headers TEXT NOT NULL, delete_marker INTEGER NOT NULL,
      UNIQUE (bucket, key, version_id)) STRICT;
      CREATE INDEX IF NOT EXISTS s3_objects_latest ON s3_objects (bucket, key) WHERE latest = 1;`);
  }

  /**
   * Puts a version, which becomes the latest one; one with the same version id gives way.
   *
   * @returns a number that grows with each version that is put
   */
  put(object: StoredObject): number {
    return this.#store.atomically(() => {
      this.#store.run(
        'UPDATE s3_objects SET latest = 0 WHERE bucket = ? AND key = ? AND latest = 1',
        object.bucket,
        object.key,
      );
      const row = this.#store.get<{ sequence: number }>(
        `INSERT OR REPLACE INTO s3_objects
          (bucket, key, version_id, latest, body, etag, modified_at, headers, delete_marker)
          VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?) RETURNING sequence`,
        object.bucket,
        object.key,
        object.versionId,
        object.body,
        object.etag,
        object.modifiedAt,
        JSON.stringify(object.headers),
        Number(object.isDeleteMarker),
      );
      return row?.sequence ?? 0;
    });
  }

  /** The latest version of an object, or the one that is named; a delete marker counts as a version. */
  find(bucket: string, key: string, versionId?: string): ObjectHead | undefined {
    const row =
      versionId === undefined
        ? this.#store.get<ObjectRow>(
            `SELECT ${HEAD_COLUMNS} FROM s3_objects WHERE bucket = ? AND key = ? AND latest = 1`,
            bucket,
            key,
          )
        : this.#store.get<ObjectRow>(
            `SELECT ${HEAD_COLUMNS} FROM s3_objects WHERE bucket = ? AND key = ? AND version_id = ?`,
            bucket,
            key,
            versionId,
          );
    return row === undefined ? undefined : fromRow(row);
  }

  /** The bytes of a version from `first` on, so many of them: a large object is never read as a whole for a part. */
  body({ sequence }: ObjectHead, first: number, length: number): Uint8Array {
    const row = this.#store.get<{ part: Uint8Array }>(
      'SELECT substr(body, ?, ?) AS part FROM s3_objects WHERE sequence = ?',
      first + 1,
      length,
      sequence,
    );
    return row?.part ?? new Uint8Array();
  }

  /** Removes one version for good; the one before it becomes the latest. */
  remove(bucket: string, key: string, versionId: string): void {
    this.#store.atomically(() => {
      this.#store.run(
        'DELETE FROM s3_objects WHERE bucket = ? AND key = ? AND version_id = ?',
        bucket,
        key,
        versionId,
      );
      this.#store.run(
        `UPDATE s3_objects SET latest = 1 WHERE sequence =
          (SELECT max(sequence) FROM s3_objects WHERE bucket = ? AND key = ?)`,
        bucket,
        key,
      );
    });
  }

  /** The objects whose keys begin with a prefix and come after another, in the order of keys. */
  list(bucket: string, prefix: string, after: string, limit: number): ListedObject[] {
    const rows = this.#store.all<{ key: string; etag: string; size: number; modified_at: number }>(
      `SELECT key, etag, length(body) AS size, modified_at FROM s3_objects
        WHERE bucket = ? AND latest = 1 AND delete_marker = 0 AND key > ? AND key >= ?
          AND substr(key, 1, length(?)) = ?
        ORDER BY key LIMIT ?`,
      bucket,
      after,
      prefix,
      prefix,
      prefix,
      limit,
    );
    return rows.map(({ key, etag, size, modified_at: modifiedAt }) => ({ key, etag, size, modifiedAt }));
  }

  /** How many versions a bucket holds. */
  count(bucket: string): number {
    const row = this.#store.get<{ n: number }>(
      'SELECT count(*) AS n FROM s3_objects WHERE bucket = ?',
      bucket,
    );
    return row?.n ?? 0;
  }

  removeAll(bucket: string): void {
    this.#store.run('DELETE FROM s3_objects WHERE bucket = ?', bucket);
  }
}

function fromRow(row: ObjectRow): ObjectHead {
  return {
    sequence: row.sequence,
    bucket: row.bucket,
    key: row.key,
    versionId: row.version_id,
    size: row.size,
    etag: row.etag,
    modifiedAt: row.modified_at,
    headers: JSON.parse(row.headers),
    isDeleteMarker: row.delete_marker === 1,
  };
}
