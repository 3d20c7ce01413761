import { createHash } from 'node:crypto';
import { AwsError } from '../../core/aws-error.ts';
import type { Account } from '../../core/resource.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { Store } from '../../core/store.ts';

export type KeyUsage = 'ENCRYPT_DECRYPT' | 'GENERATE_VERIFY_MAC';
export type KeySpec = 'SYMMETRIC_DEFAULT' | 'HMAC_256' | 'HMAC_384' | 'HMAC_512';

/** A key with its material, which is as safe as the data directory is. */
export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly usage: KeyUsage;
  readonly spec: KeySpec;
  readonly enabled: boolean;
  readonly policy: string | undefined;
  readonly description: string;
  readonly createdAt: number;
  readonly material: Uint8Array;
}

interface KeyRow {
  id: string;
  settings: string;
  material: Uint8Array;
}

/** The bytes of key material by spec; AES-256 and the HMAC's own length. */
const MATERIAL_BYTES: Readonly<Record<KeySpec, number>> = {
  SYMMETRIC_DEFAULT: 32,
  HMAC_256: 32,
  HMAC_384: 48,
  HMAC_512: 64,
};

/** The keys of the account and their aliases. */
export class KeyRegistry {
  readonly #account: Account;
  readonly #runtime: Runtime;
  readonly #store: Store;
  readonly #keys = new Map<string, Key>();

  constructor(account: Account, runtime: Runtime, store: Store) {
    this.#account = account;
    this.#runtime = runtime;
    this.#store = store;
    store.define(`
      CREATE TABLE IF NOT EXISTS kms_keys (id TEXT PRIMARY KEY, settings TEXT NOT NULL, material BLOB NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS kms_aliases (name TEXT PRIMARY KEY, key_id TEXT NOT NULL) STRICT;`);
  }

  create(settings: Pick<Key, 'usage' | 'spec' | 'enabled' | 'policy' | 'description'>): Key {
    const id = this.#runtime.uuid();
    const key: Key = {
      ...settings,
      id,
      arn: `arn:aws:kms:${this.#account.region}:${this.#account.id}:key/${id}`,
      createdAt: this.#runtime.now(),
      material: randomBytes(this.#runtime, MATERIAL_BYTES[settings.spec]),
    };
    this.put(key);
    return key;
  }

  put(key: Key): void {
    const { material, ...settings } = key;
    this.#store.run(
      'INSERT OR REPLACE INTO kms_keys VALUES (?, ?, ?)',
      key.id,
      JSON.stringify(settings),
      material,
    );
    this.#keys.set(key.id, key);
  }

  remove(id: string): void {
    this.#store.run('DELETE FROM kms_keys WHERE id = ?', id);
    this.#keys.delete(id);
  }

  putAlias(name: string, keyId: string): void {
    this.#store.run('INSERT OR REPLACE INTO kms_aliases VALUES (?, ?)', name, keyId);
  }

  removeAlias(name: string): void {
    this.#store.run('DELETE FROM kms_aliases WHERE name = ?', name);
  }

  /** An alias of each key that has one, by the key's ARN. */
  aliases(): Record<string, string> {
    const rows = this.#store.all<{ name: string; key_id: string }>('SELECT * FROM kms_aliases ORDER BY name');
    return Object.fromEntries(rows.map(({ name, key_id }) => [this.get(key_id).arn, name]));
  }

  aliasArn(name: string): string {
    return `arn:aws:kms:${this.#account.region}:${this.#account.id}:${name}`;
  }

  /** The key with an id, an ARN, an alias or an alias's ARN. */
  find(reference: string): Key | undefined {
    const name = reference.startsWith('arn:') ? reference.split(':').slice(5).join(':') : reference;
    if (name.startsWith('alias/')) {
      const row = this.#store.get<{ key_id: string }>('SELECT key_id FROM kms_aliases WHERE name = ?', name);
      return row === undefined ? undefined : this.#byId(row.key_id);
    }
    return this.#byId(name.startsWith('key/') ? name.slice('key/'.length) : name);
  }

  /** @throws AwsError NotFoundException */
  get(reference: string): Key {
    const key = this.find(reference);
    if (key !== undefined) return key;
    const what = reference.includes('alias/') ? 'Alias' : 'Key';
    throw new AwsError('NotFoundException', `${what} '${reference}' does not exist`);
  }

  #byId(id: string): Key | undefined {
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const row = this.#store.get<KeyRow>('SELECT * FROM kms_keys WHERE id = ?', id);
    if (row === undefined) return undefined;
    const key: Key = { ...JSON.parse(row.settings), material: row.material };
    this.#keys.set(id, key);
    return key;
  }
}

/** Random bytes from the runtime's randomness, so that a simulation makes the same ones again. */
export function randomBytes(runtime: Runtime, count: number): Uint8Array {
  const chunks: Buffer[] = [];
  for (let length = 0; length < count; length += 32) {
    // Three UUIDs have 366 random bits, more than the 256 that come out.
    const seed = `${runtime.uuid()}${runtime.uuid()}${runtime.uuid()}`;
    chunks.push(createHash('sha256').update(seed).digest());
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, count));
}
