import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ReferenceDataAbsentError, ReferenceDataUnavailableError } from '../errors.ts';
import type { Clock, ReferenceData, ReferenceVersion } from '../ports.ts';
import { type ReferenceKey, ReferenceRows } from '../reference-rows.ts';
import { CURRENT, itemIdOf, type Manifest, manifestIdOf, type ReferenceItem } from './reference-items.ts';
import { RowCache } from './row-cache.ts';

/** BatchGetItem takes at most 100 keys (docs.aws.amazon.com, BatchGetItem). */
const KEYS_PER_CALL_MAX = 100;

/** Calls of one lookup that run at the same time. */
const CALLS_IN_FLIGHT_MAX = 4;

/** How often keys are asked for that the table did not get to, with a pause that doubles. */
const ATTEMPTS_MAX = 5;
const FIRST_PAUSE_MILLISECONDS = 50;

const MILLISECONDS = 1000;

/** Which table, and how it is read. */
export interface ReferenceTableOptions {
  readonly table: string;
  /** How long it is believed which version is the current one; zero asks each time. */
  readonly cacheSeconds: number;
  /** The version to read, or `CURRENT`. */
  readonly version: string;
  readonly clock: Clock;
}

/**
 * The reference data in one DynamoDB table. Only which version is current can change, so that is remembered for a
 * while, and rows for as long as there is room. Reads are strongly consistent: a row that the current version has
 * must not seem absent because it was written a moment ago.
 */
export class DynamoDBReferenceData implements ReferenceData {
  readonly #documents: DynamoDBDocumentClient;
  readonly #options: ReferenceTableOptions;
  readonly #cache = new RowCache();
  #known: { readonly version: ReferenceVersion; readonly until: number } | undefined;

  constructor(documents: DynamoDBDocumentClient, options: ReferenceTableOptions) {
    this.#documents = documents;
    this.#options = options;
  }

  async version(): Promise<ReferenceVersion> {
    const { clock, cacheSeconds, version: wanted } = this.#options;
    if (this.#known !== undefined && this.#known.until > clock.now()) return this.#known.version;
    const isPinned = wanted !== CURRENT;
    const id = isPinned ? manifestIdOf(wanted) : CURRENT;
    const manifest = (await this.#fetch([id])).get(id) as Manifest | undefined;
    if (manifest === undefined) throw new ReferenceDataAbsentError(isPinned ? wanted : undefined);
    const version = { load: (keys: readonly ReferenceKey[]) => this.#load(keys, manifest) };
    this.#known = { version, until: isPinned ? Infinity : clock.now() + cacheSeconds * MILLISECONDS };
    return version;
  }

  async #load(keys: readonly ReferenceKey[], manifest: Manifest): Promise<ReferenceRows> {
    const rows = new Map<ReferenceKey, unknown>();
    const unknown = new Map<ReferenceKey, string>();
    for (const key of new Set(keys)) {
      const id = itemIdOf(key, manifest);
      const known = this.#cache.get(id);
      if (known === undefined) unknown.set(key, id);
      else if (known.row !== undefined) rows.set(key, known.row);
    }
    const fetched = await this.#fetch([...unknown.values()]);
    for (const [key, id] of unknown) {
      const row = fetched.get(id);
      this.#cache.put(id, row);
      if (row !== undefined) rows.set(key, row);
    }
    return new ReferenceRows(manifest.version, rows);
  }

  /** @throws ReferenceDataUnavailableError */
  async #fetch(ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const rows = new Map<string, unknown>();
    let missing = ids;
    for (let attempt = 0; missing.length > 0; attempt += 1) {
      if (attempt === ATTEMPTS_MAX)
        throw new ReferenceDataUnavailableError(
          `the reference table did not get to ${missing.length} of ${ids.length} rows in ${ATTEMPTS_MAX} attempts`,
        );
      if (attempt > 0) await this.#options.clock.sleep(FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1));
      missing = await this.#fetchOnce(missing, rows);
    }
    return rows;
  }

  /** Asks for each id once, a few calls at a time; gives the ids that the table did not get to. */
  async #fetchOnce(ids: readonly string[], rows: Map<string, unknown>): Promise<readonly string[]> {
    const calls: (readonly string[])[] = [];
    for (let start = 0; start < ids.length; start += KEYS_PER_CALL_MAX)
      calls.push(ids.slice(start, start + KEYS_PER_CALL_MAX));
    const unprocessed: string[] = [];
    const worker = async (): Promise<void> => {
      for (let call = calls.shift(); call !== undefined; call = calls.shift())
        unprocessed.push(...(await this.#get(call, rows)));
    };
    await Promise.all(Array.from({ length: Math.min(CALLS_IN_FLIGHT_MAX, calls.length) }, worker));
    return unprocessed;
  }

  async #get(ids: readonly string[], rows: Map<string, unknown>): Promise<readonly string[]> {
    const { table } = this.#options;
    try {
      const { Responses, UnprocessedKeys } = await this.#documents.send(
        new BatchGetCommand({
          RequestItems: { [table]: { Keys: ids.map((id) => ({ id })), ConsistentRead: true } },
        }),
      );
      for (const { id, row } of (Responses?.[table] ?? []) as ReferenceItem[]) rows.set(id, row);
      return (UnprocessedKeys?.[table]?.Keys ?? []).map(({ id }) => String(id));
    } catch (cause) {
      throw new ReferenceDataUnavailableError('the reference table could not be read', cause);
    }
  }
}
