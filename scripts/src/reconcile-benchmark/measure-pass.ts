import type { LedgerStatement } from '@payments/reconcile/ledger-statement';
import type { PostedSequences } from '@payments/reconcile/pass-ports';
import { runPass } from '@payments/reconcile/run-pass';
import { table } from '../text-table.ts';
import { BookTables } from './book-tables.ts';
import { MadeUpBooks } from './made-up-books.ts';

/** The batch limit: a Lambda function runs no longer. */
const LIMIT_MS = 15 * 60_000;
/** One sequence in so many is spoilt where breaks are to be found. */
const SPOILT_IN = 5_000;
/** The local tables are measured with fewer: filling them takes longer than the pass. */
const TABLES_MAX = 20_000;
const SETTLED_BEFORE = '2026-12-01T00:00:00Z';
/** How often the memory is read. */
const MEMORY_LOOK_MS = 50;

/** What a pass over some books took. */
export interface PassFigures {
  readonly name: string;
  readonly transactions: number;
  /** Entries of both sides. */
  readonly entries: number;
  readonly elapsedMs: number;
  /** To read both sides as often as the pass did, without comparing anything. */
  readonly readingMs: number;
  /** The largest resident set of the process during the pass. */
  readonly peakBytes: number;
  readonly findings: number;
  readonly expectedFindings: number;
  readonly comparedSequences: number;
}

/**
 * Measures passes over made-up books: in this process, where all agrees and where some sequences are spoilt, and fewer
 * on tables of the local cloud.
 *
 * @throws Error when a pass finds anything else than what was spoilt: its figures would be of no use
 */
export async function measurePasses(load: {
  readonly transactions: number;
  readonly seed: number;
  /** How many of them at most are put on tables. */
  readonly onTables?: number;
}): Promise<readonly PassFigures[]> {
  const { transactions, seed } = load;
  const agreeing = new MadeUpBooks({ transactions, seed });
  const spoilt = new MadeUpBooks({ transactions, seed, spoilt: Math.ceil(transactions / SPOILT_IN) });
  const figures = [
    await measure('all agrees', agreeing, agreeing),
    await measure('some spoilt', spoilt, spoilt),
  ];
  const fewer = Math.min(transactions, load.onTables ?? TABLES_MAX);
  const onTables = new MadeUpBooks({ transactions: fewer, seed, spoilt: Math.ceil(fewer / SPOILT_IN) });
  const tables = await BookTables.open();
  try {
    await tables.fill(onTables);
    figures.push(await measure('on local tables, some spoilt', onTables, tables));
  } finally {
    await tables.close();
  }
  return figures;
}

async function measure(
  name: string,
  books: MadeUpBooks,
  sides: { readonly posted: PostedSequences; readonly ledger: LedgerStatement },
): Promise<PassFigures> {
  let peakBytes = process.memoryUsage.rss();
  const look = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }, MEMORY_LOOK_MS);
  const before = performance.now();
  const pass = runPass({
    ...counted(sides, () => {
      peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    }),
    settledBefore: SETTLED_BEFORE,
  });
  let findings = 0;
  for await (const page of pass.findings) findings += page.length;
  const elapsedMs = performance.now() - before;
  clearInterval(look);
  const result = pass.result();
  if (findings !== books.spoilt)
    throw new Error(`${name}: ${books.spoilt} sequences are spoilt, the pass found ${findings}`);
  const entries = result.groups.reduce((sum, { posted, booked }) => sum + posted.count + booked.count, 0);
  const reads = result.buckets.readAgain > 0 ? 2 : 1;
  return {
    name,
    transactions: books.transactions,
    entries,
    elapsedMs,
    readingMs: await readingTime(sides, reads),
    peakBytes,
    findings,
    expectedFindings: books.spoilt,
    comparedSequences: result.sequences.compared,
  };
}

/** The sides, with a look at each page that is read: a pass that never waits leaves a timer no room. */
function counted(
  { posted, ledger }: { readonly posted: PostedSequences; readonly ledger: LedgerStatement },
  look: () => void,
): { readonly posted: PostedSequences; readonly ledger: LedgerStatement } {
  const looking = async function* <Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
    let page = 0;
    for await (const each of pages) {
      page += 1;
      if (page % 10 === 0) look();
      yield each;
    }
  };
  return {
    posted: { read: () => looking(posted.read()), find: (ids) => posted.find(ids) },
    ledger: { scope: ledger.scope, read: () => looking(ledger.read()) },
  };
}

async function readingTime(
  { posted, ledger }: { readonly posted: PostedSequences; readonly ledger: LedgerStatement },
  reads: number,
): Promise<number> {
  const before = performance.now();
  for (let read = 0; read < reads; read += 1) {
    for await (const _page of posted.read());
    for await (const _page of ledger.read());
  }
  return performance.now() - before;
}

/** The figures as a table, and what they are figures of. */
export function passText(figures: readonly PassFigures[]): string {
  const rows = figures.map((each) => [
    each.name,
    count(each.transactions),
    count(each.entries),
    seconds(each.elapsedMs),
    seconds(each.readingMs),
    `${Math.round((each.elapsedMs / LIMIT_MS) * 1_000) / 10} %`,
    count((each.transactions / each.elapsedMs) * 1_000),
    `${count(each.peakBytes / 2 ** 20)} MB`,
    `${count(each.findings)} of ${count(each.expectedFindings)}`,
    count(each.comparedSequences),
  ]);
  const head = [
    'pass',
    'transactions',
    'entries',
    'elapsed',
    'reading',
    'of 15 min',
    'per second',
    'peak memory',
    'found',
    'compared',
  ];
  return [
    table(head, rows),
    '',
    'entries: of both sides. reading: to make up or read both sides as often, without comparing. compared: sequences',
    'that were looked into one by one. peak memory: the largest resident set of this process by then, Node included.',
  ].join('\n');
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
