import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Money } from '@payments/schemas';
import { ClaimUnknownError } from '../errors.ts';
import type { Claim, ClaimResult, Clock, SeenTransactions } from '../ports.ts';

/** TransactWriteItems takes at most this many actions (DynamoDB API reference). */
const TRANSACT_WRITE_MAX = 100;
/** How often what is left of a cancelled transaction is tried again before its claims count as unknown. */
const ATTEMPTS = 5;
/** The first pause before that, where nothing was found taken; it doubles. */
const BACK_OFF_MS = 20;
const DAY_SECONDS = 86_400;

/** Each clause of the condition under which a claim holds. */
const CLAIM_CONDITION = [
  // Nobody has claimed the key.
  'attribute_not_exists(dedupKey)',
  // This very record has: it comes again, and is no duplicate of itself.
  '#owner = :owner',
  // Who claimed it did so before the window; DynamoDB's own expiry may be days late.
  'expiresAt < :now',
].join(' OR ');

/** Remembers first claims in a table keyed by the deduplication key, one conditional write for each claim. */
export class DynamoDbSeenTransactions implements SeenTransactions {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #windowSeconds: number;
  readonly #clock: Clock;

  constructor(documents: DynamoDBDocumentClient, table: string, windowDays: number, clock: Clock) {
    this.#documents = documents;
    this.#table = table;
    this.#windowSeconds = windowDays * DAY_SECONDS;
    this.#clock = clock;
  }

  async claim(claims: readonly Claim[]): Promise<readonly ClaimResult[]> {
    const results: ClaimResult[] = new Array(claims.length);
    // A transaction must not touch an item twice, so later claims of a key wait for the first one's result.
    let round = claims.map((claim, index) => ({ claim, index }));
    while (round.length > 0) {
      const keys = new Set<string>();
      const now = round.filter(({ claim }) => !keys.has(claim.dedupKey) && keys.add(claim.dedupKey));
      for (let start = 0; start < now.length; start += TRANSACT_WRITE_MAX) {
        await this.#claimTogether(now.slice(start, start + TRANSACT_WRITE_MAX), results);
      }
      const done = new Set(now);
      round = round.filter((each) => !done.has(each));
    }
    return results;
  }

  /** Claims different keys in one transaction; what others hold is left out and the rest tried again. */
  async #claimTogether(
    together: readonly { claim: Claim; index: number }[],
    results: ClaimResult[],
  ): Promise<void> {
    let remaining = together;
    let cause: unknown;
    for (let attempt = 1; attempt <= ATTEMPTS && remaining.length > 0; attempt += 1) {
      try {
        await this.#documents.send(
          new TransactWriteCommand({ TransactItems: remaining.map(({ claim }) => this.#put(claim)) }),
        );
        for (const { index } of remaining) results[index] = { kind: 'first' };
        return;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        cause = error;
        const reasons = error.CancellationReasons ?? [];
        const before = remaining.length;
        remaining = remaining.filter(({ index }, position) => {
          const reason = reasons[position];
          if (reason?.Code !== 'ConditionalCheckFailed' || reason.Item === undefined) return true;
          const { owner, amount } = unmarshall(reason.Item) as { owner: string; amount: Money };
          results[index] = { kind: 'taken', owner, amount };
          return false;
        });
        if (remaining.length === before) await this.#clock.sleep(BACK_OFF_MS * 2 ** (attempt - 1));
      }
    }
    const error = new ClaimUnknownError('the transaction was cancelled again and again', cause);
    for (const { index } of remaining) results[index] = { kind: 'unknown', cause: error };
  }

  #put({ dedupKey, owner, amount }: Claim) {
    const now = Math.floor(this.#clock.now() / 1000);
    return {
      Put: {
        TableName: this.#table,
        Item: { dedupKey, owner, amount, expiresAt: now + this.#windowSeconds },
        ConditionExpression: CLAIM_CONDITION,
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': owner, ':now': now },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    };
  }
}
