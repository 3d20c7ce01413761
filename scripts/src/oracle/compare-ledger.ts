/**
 * Runs a synthetic load of every scenario through the pipeline, shuffled and with part of it sent twice, and holds
 * the ledger against what `expected-sequences.ts` works out of the same messages:
 *
 *   node scripts/src/oracle/compare-ledger.ts --transactions 10000 --seed 1 --environment localbatch --stacks <dir>
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { type Environment, loadEnvironment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import {
  lineOf,
  syntheticAccounts,
  syntheticCards,
  syntheticExchanges,
} from '@payments/ingest/synthetic-load';
import type { PostingEntry } from '@payments/schemas';
import { ingestInput } from '../ingest-input.ts';
import { numbered } from '../input-lines.ts';
import { type LocalRun, openLocalRun } from '../local-run.ts';
import { sampleSeed, seedReferenceData } from '../reference-data.ts';
import { expectedSequences, sequenceLine } from './expected-sequences.ts';

const SAMPLE = new URL('../../../sample/', import.meta.url);
/** Every so many-th line is sent a second time, somewhere else. */
const SENT_TWICE_EVERY = 20;
/** How many differences are shown. */
const SHOWN_MAX = 10;

const { values } = parseArgs({
  options: {
    transactions: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    environment: { type: 'string', default: 'localbatch' },
    stacks: { type: 'string' },
    'data-dir': { type: 'string' },
  },
});
const environment = loadEnvironment(values.environment);
const seed = Number(values.seed);
const exchanges = [...syntheticExchanges(Number(values.transactions), seed)];
const sample = sampleSeed(SAMPLE);
const cards = syntheticCards();
const accounts = syntheticAccounts();
const expected = expectedSequences(exchanges, {
  cards: new Map(cards.map((card) => [card.cardNumber, card])),
  accounts: new Map(accounts.map((account) => [account.accountId, account])),
  products: new Map(sample.referenceData.products.map((product) => [product.code, product])),
});

const lines = exchanges.map((exchange) => lineOf(exchange));
const sent = shuffled([...lines, ...lines.filter((_line, index) => index % SENT_TWICE_EVERY === 0)], seed);
const dataDir = values['data-dir'] ?? mkdtempSync(join(tmpdir(), 'payments-oracle-'));
try {
  const run = await openLocalRun(
    environment,
    { dataDir, fresh: true, stacksDirectory: values.stacks },
    () => undefined,
  );
  try {
    await seedReferenceData(environment, run, { ...sample, cards: [...sample.cards, ...cards], accounts });
    await ingestInput(environment, run.lambda, numbered(sent), () => undefined);
    await run.cloud.whenAtRest();
    const found = await sequencesOf(environment, run);
    const missing = without(expected, found);
    const extra = without(found, expected);
    console.log(
      JSON.stringify(
        {
          transactions: exchanges.length,
          sent: sent.length,
          expected: expected.length,
          found: found.length,
          missing: missing.length,
          extra: extra.length,
          differences: [...missing.map((line) => `- ${line}`), ...extra.map((line) => `+ ${line}`)]
            .sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1))
            .slice(0, SHOWN_MAX),
        },
        null,
        2,
      ),
    );
    if (missing.length + extra.length > 0) process.exitCode = 1;
  } finally {
    await run.cloud.close();
  }
} finally {
  if (values['data-dir'] === undefined) rmSync(dataDir, { recursive: true, force: true });
}

/** The sequences of the ledger, each as the oracle writes it. */
async function sequencesOf(where: Environment, { documents }: LocalRun): Promise<string[]> {
  const sequences = new Map<string, string[]>();
  const TableName = resourceName(where, 'posting', 'ledger');
  for await (const page of paginateScan({ client: documents }, { TableName })) {
    for (const row of (page.Items ?? []) as (PostingEntry & { position: string; sequenceId: string })[]) {
      if (row.position === 'SEQUENCE') continue;
      const { account, direction, amount, amountTag, bookingDate, reversal } = row;
      const leg = [bookingDate, account.accountId, direction, amount.minorUnits, amount.currency, amountTag];
      const legs = sequences.get(row.sequenceId) ?? [];
      legs.push([...leg, reversal ? 'REVERSAL' : 'FORWARD'].join(' '));
      sequences.set(row.sequenceId, legs);
    }
  }
  return [...sequences.values()].map(sequenceLine).sort();
}

/** What the first list holds more often than the second; both sorted or not. */
function without(these: readonly string[], those: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of those) counts.set(line, (counts.get(line) ?? 0) + 1);
  return these.filter((line) => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left <= 0;
  });
}

/** The lines in another order, the same for the same seed (Fisher-Yates over a linear congruential generator). */
function shuffled(list: readonly string[], from: number): string[] {
  const result = [...list];
  let state = from >>> 0;
  for (let index = result.length - 1; index > 0; index -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (index + 1));
    const kept = result[index] ?? '';
    result[index] = result[other] ?? '';
    result[other] = kept;
  }
  return result;
}
