import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Environment, loadEnvironment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import { synthesizeFor } from '@payments/infra/testing';
import { LocalCloud } from '@payments/local-cloud';
import { type Behaviour, CoreServer, referenceOf } from '@payments/posting/core-server.fixture';
import type { PostingInput } from '@payments/schemas';
import { openConnection } from '../commands/connection.ts';
import { runCommand } from '../commands/run-command.ts';
import { readLedger } from '../ledger-content.ts';
import { packageFolder, ROOT } from '../stack-files.ts';
import { runPipeline, synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const MINUTE_MS = 60_000;
const folder = temporaryFolder();
const server = new CoreServer();
/** How the core behaves at first; it is well afterwards. */
const MISBEHAVIOUR: readonly Behaviour[] = [
  'error',
  'book-and-reset',
  'slow',
  'book-and-lose',
  'garbage',
  'busy',
  'reset',
  'unauthorized',
];
/** How the core is called here: with little patience, and so often that no sequence waits for the queue to give it again,
 * which takes minutes. */
const CORE = { timeoutMilliseconds: 300, attempts: 10, failuresToOpen: 20, openSeconds: 1 };
/** The reference ledger's stacks, and the same with a core. */
let stacks: { readonly ledger: string; readonly core: string };

beforeAll(async () => {
  const core = { ...CORE, url: await server.listen() };
  const directories = {
    ledger: synthesize('local', join(folder.path, 'ledger')),
    core: synthesize('local', join(folder.path, 'core')),
  };
  synthesizePosting(core, dirname(directories.core));
  stacks = directories;
}, 2 * MINUTE_MS);
afterAll(async () => {
  await server.close();
  await folder.remove();
});

/** Synthesizes posting alone for the local environment with a core; gives the path of its stack. */
function synthesizePosting(core: NonNullable<Environment['core']>, outDirectory: string): string {
  const posting = join(ROOT, packageFolder('posting'));
  mkdirSync(outDirectory, { recursive: true });
  return synthesizeFor(
    { ...loadEnvironment('local'), core },
    'posting',
    pathToFileURL(join(posting, 'src', 'infra.ts')),
    { outDirectory, handlerZip: join(posting, 'dist', 'handler.zip') },
  );
}

/** The lines of a ledger's entries, sorted, and the references of its sequences. */
async function ledgerOf(dataDir: string) {
  const connection = await openConnection({ dataDir, environment: 'local' });
  try {
    const lines: string[] = [];
    await readLedger(connection.environment, connection.documents, (line) => lines.push(line));
    const references = new Map<string, string>();
    const TableName = resourceName(connection.environment, 'posting', 'ledger');
    for await (const page of paginateScan({ client: connection.documents }, { TableName }))
      for (const row of page.Items ?? [])
        if (row['position'] === 'SEQUENCE') references.set(row['sequenceId'], row['postingReference']);
    return { lines: lines.sort(), references };
  } finally {
    await connection.close();
  }
}

/** The customers' accounts in lines of a ledger. */
function accountsIn(lines: readonly string[]): ReadonlySet<string> {
  return new Set(
    lines.map((line) => line.split('|')).flatMap((cells) => (cells[6] === 'CUST' ? (cells[7] ?? '') : [])),
  );
}

/** What a command prints as JSON; it must end well. */
async function payments(...args: string[]): Promise<unknown> {
  const lines: string[] = [];
  const status = await runCommand(args, { print: (line) => lines.push(line), warn: () => undefined });
  expect(status).toBe(0);
  return JSON.parse(lines.join('\n'));
}

/** What the core has booked, as lines of a ledger. */
function linesInCore(): readonly string[] {
  return [...server.booked.values()]
    .flatMap((body) => {
      const { header, legs } = JSON.parse(body) as PostingInput;
      return legs.map((leg) =>
        [
          header.transactionId,
          leg.entryId,
          `${leg.seqNo}/${leg.seqCount}`,
          leg.direction,
          leg.amount.minorUnits,
          leg.amount.currency,
          leg.accountRole,
          leg.accountId,
          leg.amountTag,
          leg.eventCode,
          leg.bookingDate,
          leg.valueDate,
          leg.narrative,
        ].join('|'),
      );
    })
    .sort();
}

describe('the pipeline with a core behind HTTP', () => {
  it(
    'books in the core what it books in the reference ledger, once, however the core misbehaves',
    async () => {
      const [ledgerData, coreData] = [join(folder.path, 'ledger-data'), join(folder.path, 'core-data')];
      const inLedger = await runPipeline('local', stacks.ledger, ledgerData, ['--fresh']);
      server.script.push(...MISBEHAVIOUR);
      const inCore = await runPipeline('local', stacks.core, coreData, ['--fresh']);

      expect(server.script).toEqual([]);
      expect(server.booked.size).toBe(inLedger.posted);
      expect(inLedger.posted).toBeGreaterThan(5);
      const reference = await ledgerOf(ledgerData);
      expect(linesInCore()).toEqual(reference.lines);

      // What the core has acknowledged stands under its own references, balances and reconciles.
      const { timing: _timing, output: _output, ...expected } = inLedger;
      expect(inCore).toMatchObject(expected);
      const acknowledged = await ledgerOf(coreData);
      expect(acknowledged.lines).toEqual(reference.lines);
      for (const [sequenceId, postingReference] of acknowledged.references)
        expect(postingReference).toBe(referenceOf(sequenceId));

      // Customers' accounts can be read, and the fold says what the ledger says.
      for (const accountId of accountsIn(reference.lines)) {
        const folded = await payments('balance', accountId, '--verify', '--json', '--data-dir', coreData);
        const listed = await payments('statement', accountId, '--json', '--data-dir', coreData);
        const nets = (folded as { balances: { currency: string; net: string }[] }).balances;
        const { statements } = listed as { statements: { currency: string; closing: string }[] };
        expect(statements.map(({ currency, closing }) => ({ currency, net: closing }))).toEqual(
          nets.map(({ currency, net }) => ({ currency, net })),
        );
      }
    },
    3 * MINUTE_MS,
  );

  it('is not run by the local cloud when its token is a secret: it says what it does not run', async () => {
    const core = { ...CORE, url: 'https://core.bank.example/postings', secretId: 'payments/core-token' };
    const path = synthesizePosting(core, join(folder.path, 'secret'));
    const { accountId: id, region } = loadEnvironment('local');
    const cloud = new LocalCloud({
      account: { id, region },
      dataDirectory: join(folder.path, 'none'),
      host: 'in-process',
    });
    try {
      await expect(cloud.deploy(path)).rejects.toThrow(/aws_lambda_function\.subscriber.*layers/s);
    } finally {
      await cloud.close();
    }
  });
});
