import type { JsonObject } from '../../core/aws-error.ts';
import type { Store } from '../../core/store.ts';
import { s3Error } from './s3-error.ts';

/** A bucket with those of its settings that change what happens here. */
export interface Bucket {
  readonly name: string;
  readonly createdAt: number;
  readonly versioned: boolean;
  readonly policy: string | undefined;
  /** `AES256` or `aws:kms`, which new objects say of themselves. */
  readonly encryption: string;
  readonly kmsKeyId: string | undefined;
}

interface BucketRow {
  name: string;
  created_at: number;
  versioned: number;
  policy: string | null;
  encryption: string;
  kms_key_id: string | null;
}

/** Since 2023 S3 encrypts everything that does not say how with keys of its own. */
const DEFAULT_ENCRYPTION = 'AES256';

/** The buckets of the account. */
export class BucketRegistry {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(`CREATE TABLE IF NOT EXISTS s3_buckets (
      name TEXT PRIMARY KEY, created_at INTEGER NOT NULL, versioned INTEGER NOT NULL, policy TEXT,
      encryption TEXT NOT NULL, kms_key_id TEXT) STRICT`);
  }

  create(name: string, now: number): void {
    if (this.find(name) !== undefined) {
      throw s3Error('BucketAlreadyOwnedByYou', 409, `The bucket ${name} is there already.`);
    }
    this.#store.run('INSERT INTO s3_buckets VALUES (?, ?, 0, NULL, ?, NULL)', name, now, DEFAULT_ENCRYPTION);
  }

  remove(name: string): void {
    this.#store.run('DELETE FROM s3_buckets WHERE name = ?', name);
  }

  setVersioned(name: string, versioned: boolean): void {
    this.get(name);
    this.#store.run('UPDATE s3_buckets SET versioned = ? WHERE name = ?', Number(versioned), name);
  }

  setPolicy(name: string, policy: string | undefined): void {
    this.get(name);
    this.#store.run('UPDATE s3_buckets SET policy = ? WHERE name = ?', policy ?? null, name);
  }

  setEncryption(name: string, encryption: string | undefined, kmsKeyId: string | undefined): void {
    this.get(name);
    this.#store.run(
      'UPDATE s3_buckets SET encryption = ?, kms_key_id = ? WHERE name = ?',
      encryption ?? DEFAULT_ENCRYPTION,
      kmsKeyId ?? null,
      name,
    );
  }

  find(name: string): Bucket | undefined {
    const row = this.#store.get<BucketRow>('SELECT * FROM s3_buckets WHERE name = ?', name);
    return row === undefined ? undefined : fromRow(row);
  }

  /** @throws AwsError NoSuchBucket */
  get(name: string): Bucket {
    const bucket = this.find(name);
    if (bucket !== undefined) return bucket;
    const members: JsonObject = { BucketName: name };
    throw s3Error('NoSuchBucket', 404, 'The specified bucket does not exist', members);
  }

  all(): Bucket[] {
    return this.#store.all<BucketRow>('SELECT * FROM s3_buckets ORDER BY name').map(fromRow);
  }
}

function fromRow(row: BucketRow): Bucket {
  return {
    name: row.name,
    createdAt: row.created_at,
    versioned: row.versioned === 1,
    policy: row.policy ?? undefined,
    encryption: row.encryption,
    kmsKeyId: row.kms_key_id ?? undefined,
  };
}
