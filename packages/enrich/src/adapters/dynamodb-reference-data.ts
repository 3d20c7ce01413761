import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ReferenceDataUnavailableError } from '../errors.ts';
import type { Clock, ReferenceData } from '../ports.ts';
import { type ReferenceKey, ReferenceRows } from '../reference-rows.ts';
import { RowCache } from './row-cache.ts';

/** BatchGetItem takes at most 100 keys (docs.aws.amazon.com, BatchGetItem). */
const KEYS_PER_CALL_MAX = 100;

/** Calls of one lookup that run at the same time. */
const CALLS_IN_FLIGHT_MAX = 4;

/** How often keys are asked for that the table did not get to, with a pause that doubles. */
const ATTEMPTS_MAX = 5;
const FIRST_PAUSE_MILLISECONDS = 50;

/** How one item of the table looks; the row is apart, so that other attributes may stand beside it. */
export interface ReferenceItem {
  readonly id: ReferenceKey;
  readonly row: unknown;
}

/** The reference data in one DynamoDB table, with a cache before it. */
export class DynamoDBReferenceData implements ReferenceData {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #cache: RowCache;

  constructor(
    documents: DynamoDBDocumentClient,
    options: { readonly table: string; readonly cacheSeconds: number; readonly clock: Clock },
  ) {
    this.#documents = documents;
    this.#table = options.table;
    this.#clock = options.clock;
    this.#cache = new RowCache(options.clock, options.cacheSeconds);
  }

  async load(keys: readonly ReferenceKey[]): Promise<ReferenceRows> {
    const rows = new Map<ReferenceKey, unknown>();
    const unknown: ReferenceKey[] = [];
    for (const key of new Set(keys)) {
      const known = this.#cache.get(key);
      if (known === undefined) unknown.push(key);
      else if (known.row !== undefined) rows.set(key, known.row);
    }
    const fetched = await this.#fetch(unknown);
    for (const key of unknown) this.#cache.put(key, fetched.get(key));
    return new ReferenceRows([...rows, ...fetched]);
  }

  /** @throws ReferenceDataUnavailableError */
  async #fetch(keys: readonly ReferenceKey[]): Promise<ReadonlyMap<ReferenceKey, unknown>> {
    const rows = new Map<ReferenceKey, unknown>();
    let missing = keys;
    for (let attempt = 0; missing.length > 0; attempt += 1) {
      if (attempt === ATTEMPTS_MAX)
        throw new ReferenceDataUnavailableError(
          `the reference table did not get to ${missing.length} of ${keys.length} rows in ${ATTEMPTS_MAX} attempts`,
        );
      if (attempt > 0) await this.#clock.sleep(FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1));
      missing = await this.#fetchOnce(missing, rows);
    }
    return rows;
  }

  /** Asks for each key once, a few calls at a time; gives the keys that the table did not get to. */
  async #fetchOnce(
    keys: readonly ReferenceKey[],
    rows: Map<ReferenceKey, unknown>,
  ): Promise<readonly ReferenceKey[]> {
    const calls: (readonly ReferenceKey[])[] = [];
    for (let start = 0; start < keys.length; start += KEYS_PER_CALL_MAX)
      calls.push(keys.slice(start, start + KEYS_PER_CALL_MAX));
    const unprocessed: ReferenceKey[] = [];
    const worker = async (): Promise<void> => {
      for (let call = calls.shift(); call !== undefined; call = calls.shift())
        unprocessed.push(...(await this.#get(call, rows)));
    };
    await Promise.all(Array.from({ length: Math.min(CALLS_IN_FLIGHT_MAX, calls.length) }, worker));
    return unprocessed;
  }

  async #get(
    keys: readonly ReferenceKey[],
    rows: Map<ReferenceKey, unknown>,
  ): Promise<readonly ReferenceKey[]> {
    try {
      const { Responses, UnprocessedKeys } = await this.#documents.send(
        new BatchGetCommand({ RequestItems: { [this.#table]: { Keys: keys.map((id) => ({ id })) } } }),
      );
      for (const { id, row } of (Responses?.[this.#table] ?? []) as ReferenceItem[]) rows.set(id, row);
      return (UnprocessedKeys?.[this.#table]?.Keys ?? []).map(({ id }) => id as ReferenceKey);
    } catch (cause) {
      throw new ReferenceDataUnavailableError('the reference table could not be read', cause);
    }
  }
}
