import {
  lineOf,
  syntheticAccounts,
  syntheticCards,
  syntheticExchanges,
} from '@payments/ingest/synthetic-load';
import { type Seed, sampleSeed } from '../reference-data.ts';

const SAMPLE = new URL('../../../sample/', import.meta.url);
/** Reversals without an original are taken from a load of another seed, this far from the own one. */
const OTHER_SEED = 7_777;
/** How many lines of that load are looked through for one reversal: about one line in thirty is one. */
const LINES_A_REVERSAL = 200;
/** Authorizations on such an account are held, and a reversal of nothing that is held is no break. */
const HOLDING_PRODUCT = 'CURRENT_HOLD';
/** DE2: the card number. */
const CARD_NUMBER = 2;

/** What goes into the pipeline, and the reference data that it stands on. */
export interface DrillLoad {
  /** Lines that come together. */
  readonly chunks: readonly (readonly string[])[];
  readonly reference: Seed;
  /** Lines that reverse what is not in the load. */
  readonly loneReversals: readonly string[];
  /** The reference data with some accounts closed. */
  referenceWithout(accountIds: readonly string[]): Seed;
}

/**
 * A synthetic load with its reference data.
 *
 * @param cards how many of the synthetic cards it uses; few make a short run
 * @param reversals how many lines that reverse nothing it has besides
 * @param chunks in about how many parts it comes
 */
export function drillLoad(options: {
  readonly transactions: number;
  readonly seed: number;
  readonly cards: number;
  readonly reversals: number;
  readonly chunks: number;
}): DrillLoad {
  const { transactions, seed, cards, reversals, chunks } = options;
  const sample = sampleSeed(SAMPLE);
  const accounts = syntheticAccounts(cards);
  const reference = { ...sample, cards: [...sample.cards, ...syntheticCards(cards)], accounts };
  return {
    chunks: chunksOf(
      [...syntheticExchanges(transactions, seed, cards)].map((exchange) => lineOf(exchange)),
      Math.ceil(transactions / chunks),
    ),
    reference,
    loneReversals: loneReversals(reversals, seed, cards),
    referenceWithout: (closed) => ({
      ...reference,
      accounts: accounts.map((account) =>
        closed.includes(account.accountId) ? { ...account, status: 'CLOSED' } : account,
      ),
    }),
  };
}

function chunksOf(lines: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, index) =>
    lines.slice(index * size, (index + 1) * size),
  );
}

function loneReversals(count: number, seed: number, cards: number): string[] {
  const postable = new Set(
    syntheticAccounts(cards)
      .filter(({ status, productCode }) => status === 'ACTIVE' && productCode !== HOLDING_PRODUCT)
      .map(({ accountId }) => accountId),
  );
  const sound = new Set(
    syntheticCards(cards)
      .filter(({ status, accountId }) => status === 'ACTIVE' && postable.has(accountId))
      .map(({ cardNumber }) => cardNumber),
  );
  return [...syntheticExchanges(count * LINES_A_REVERSAL, seed + OTHER_SEED, cards)]
    .filter(({ mti, request }) => mti[0] === '0400' && sound.has(request.get(CARD_NUMBER) ?? ''))
    .slice(0, count)
    .map((exchange) => lineOf(exchange));
}
