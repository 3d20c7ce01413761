import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { BreaksNotKeptError } from '../errors.ts';
import type { PassGroup, PassResult } from '../pass-result.ts';
import type { Clock } from '../ports.ts';

/** BatchWriteItem takes at most this many writes (DynamoDB API reference). */
const BATCH_WRITE_MAX = 25;
const ATTEMPTS = 8;
const BACK_OFF_MS = 20;

/** Where the summaries of passes stand beside what each came to for a day. */
export const PASSES = 'PASSES';

/** What a pass came to, without its groups. */
export interface KeptPass extends Omit<PassResult, 'groups'> {
  readonly businessDate: typeof PASSES;
  /** RFC 3339: when it began. */
  readonly ranAt: string;
  readonly endedAt: string;
  /** What it is called in the configuration, or `once`. */
  readonly name: string;
  readonly groups: { readonly compared: number; readonly differing: number };
}

/** What a pass came to for one booking date. */
export interface KeptDay {
  readonly businessDate: string;
  readonly ranAt: string;
  readonly name: string;
  readonly groups: readonly PassGroup[];
}

/** The results of passes on a DynamoDB table: one row for each pass, and one for each day that it looked at. */
export class DynamoDbPasses {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(documents: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#documents = documents;
    this.#table = table;
    this.#clock = clock;
  }

  /** Keeps a result: the days first, so that a pass that is there is there as a whole. */
  async keep(name: string, ranAt: string, { groups, ...result }: PassResult): Promise<KeptPass> {
    const days = [...Map.groupBy(groups, ({ bookingDate }) => bookingDate)].map(
      ([businessDate, ofDay]): KeptDay => ({ businessDate, ranAt, name, groups: ofDay }),
    );
    for (let start = 0; start < days.length; start += BATCH_WRITE_MAX)
      await this.#write(days.slice(start, start + BATCH_WRITE_MAX));
    const differing = groups.filter(({ standing }) => standing === 'DIFFERS').length;
    const kept: KeptPass = {
      ...result,
      businessDate: PASSES,
      ranAt,
      endedAt: new Date(this.#clock.now()).toISOString(),
      name,
      groups: { compared: groups.length, differing },
    };
    await this.#documents.send(new PutCommand({ TableName: this.#table, Item: kept }));
    return kept;
  }

  /** The last pass that ended. */
  async last(): Promise<KeptPass | undefined> {
    const [last] = await this.#latest<KeptPass>(PASSES);
    return last;
  }

  /** What the last pass over a day came to. */
  async ofDay(businessDate: string): Promise<KeptDay | undefined> {
    const [last] = await this.#latest<KeptDay>(businessDate);
    return last;
  }

  async #latest<Row>(businessDate: string): Promise<readonly Row[]> {
    const { Items = [] } = await this.#documents.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'businessDate = :businessDate',
        ExpressionAttributeValues: { ':businessDate': businessDate },
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    return Items as Row[];
  }

  async #write(days: readonly KeptDay[]): Promise<void> {
    let RequestItems: Record<string, unknown[]> = {
      [this.#table]: days.map((Item) => ({ PutRequest: { Item } })),
    };
    for (let attempt = 1; Object.values(RequestItems).some((items) => items.length > 0); attempt += 1) {
      if (attempt > ATTEMPTS) throw new BreaksNotKeptError(new Error('writes were left unprocessed'));
      if (attempt > 1) await this.#clock.sleep(BACK_OFF_MS * 2 ** (attempt - 2));
      const answer = await this.#documents.send(
        new BatchWriteCommand({ RequestItems: RequestItems as never }),
      );
      RequestItems = answer.UnprocessedItems ?? {};
    }
  }
}
