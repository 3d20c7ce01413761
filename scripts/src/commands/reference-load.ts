import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  currentCards,
  currentManifest,
  loadReferenceData,
  planReferenceLoad,
  type ReferenceLoad,
  type SetChange,
} from '@payments/enrich/load-reference-data';
import { referenceProblems } from '@payments/enrich/reference-problems';
import { resourceName } from '@payments/infra/names';
import type { ReferenceData } from '@payments/schemas';
import {
  knownAccountSets,
  onboardCards,
  readCardsFile,
  readReferenceFile,
  withToken,
} from '../reference-data.ts';
import { table as tableText } from '../text-table.ts';
import { type Command, CommandUsageError, type Output } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { onlyArgument } from './only-argument.ts';

/** How many problems are shown one by one. */
const PROBLEMS_SHOWN = 20;

const HELP = `usage: payments reference load <file> [--cards <file> | --keep-cards] [--dry-run] [--json]

Loads reference data (accounts, cards, products, merchant categories, rates) as a version of its own and makes it
the current one. The file is held against its contract and against itself first: card, account, product, account
set, IBAN, currency. Sets that did not change are not written again. Versions from before stay as they are, and a
version that is loaded never changes: a file that changed needs another "version".

  <file>                 like sample/reference-data.json; its cards have tokens
  --cards <file>         cards with their numbers, like sample/cards.json: their tokens come from the vault of a
                         pipeline that runs
  --keep-cards           the cards of the current version
  --dry-run              says what would change, and changes nothing
  --json                 what changed, or would
${CONNECTION_HELP}

  payments reference load sample/reference-data.json --cards sample/cards.json --dry-run`;

interface Options {
  readonly file: string;
  readonly cards: string | undefined;
  readonly keepCards: boolean;
  readonly dryRun: boolean;
  readonly asJson: boolean;
  readonly connection: ReturnType<typeof connectionOptions>;
}

/** `payments reference load`: exits with 1 when the file cannot be used. */
export const referenceLoad: Command = {
  name: 'reference load',
  summary: 'check reference data and make it the current version',
  help: HELP,
  async run(args, output) {
    const options = optionsOf(args);
    const file = readReferenceFile(resolve(options.file));
    const cards = options.cards === undefined ? [] : readCardsFile(resolve(options.cards));
    // What can be said of the files alone is said before anything is connected to, or given a token.
    const asRead = {
      ...file,
      cards: [...file.cards, ...cards.map((card, at) => withToken(card, placeholder(at)))],
    };
    if (report(asRead, output)) return 1;
    const connection = await openConnection(options.connection);
    try {
      const table = resourceName(connection.environment, 'enrich', 'reference');
      const kept = options.keepCards ? await currentCards(connection.documents, table) : [];
      const plan = { ...asRead, cards: [...asRead.cards, ...kept] };
      if (options.keepCards && report(plan, output)) return 1;
      await refuseToForgetCards(connection, table, plan);
      if (options.dryRun) {
        // Which tokens the vault has for cards it is not asked now: it would give them to new ones.
        const without = cards.length > 0 ? (['cards'] as const) : [];
        const planned = await planReferenceLoad(connection.documents, table, plan, without);
        print(planned, options, output, cards.length);
        return 0;
      }
      if (cards.length > 0 && connection.kind === 'at-rest')
        throw new CommandUsageError(
          'Tokens come from a pipeline that runs: run "npm start" first, or say --keep-cards.',
        );
      const onboarded = await onboardCards(connection.environment, connection.lambda, cards);
      const data = { ...file, cards: [...file.cards, ...onboarded, ...kept] };
      print(await loadReferenceData(connection.documents, table, data), options, output);
      return 0;
    } finally {
      await connection.close();
    }
  },
};

/** @throws CommandUsageError */
function optionsOf(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...CONNECTION_OPTIONS,
      cards: { type: 'string' },
      'keep-cards': { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const file = onlyArgument(positionals, 'One file of reference data is expected.');
  if (values.cards !== undefined && values['keep-cards'])
    throw new CommandUsageError('--cards and --keep-cards exclude each other.');
  return {
    file,
    cards: values.cards,
    keepCards: values['keep-cards'],
    dryRun: values['dry-run'],
    asJson: values.json,
    connection: connectionOptions(values),
  };
}

/** Stands for a card's token until the vault gives it. */
function placeholder(at: number): string {
  return `9${String(at).padStart(15, '0')}`;
}

/** Prints what is wrong with reference data; gives whether anything is. */
function report(data: ReferenceData, output: Output): boolean {
  const problems = referenceProblems(data, { accountSets: knownAccountSets() });
  if (problems.length === 0) return false;
  output.warn(`The reference data ${data.version} cannot be used:`);
  for (const problem of problems.slice(0, PROBLEMS_SHOWN)) output.warn(`  ${problem}`);
  const more = problems.length - PROBLEMS_SHOWN;
  if (more > 0) output.warn(`  … and ${more} more`);
  return true;
}

/** A file without cards would make every card unknown, and every transaction refused. */
async function refuseToForgetCards(
  { documents }: Connection,
  table: string,
  data: ReferenceData,
): Promise<void> {
  if (data.cards.length > 0) return;
  const rows = (await currentManifest(documents, table))?.sets.cards.rows ?? 0;
  if (rows > 0)
    throw new CommandUsageError(
      `The file has no cards and the current version has ${rows}: say --cards <file> or --keep-cards.`,
    );
}

/** @param cardsByNumber how many cards have no token yet, and so cannot be compared */
function print(
  { version, versionBefore, changes }: ReferenceLoad,
  { dryRun, asJson }: Options,
  output: Output,
  cardsByNumber = 0,
): void {
  const sets = changes.map((change) => {
    const { set, before, after } = change;
    const isKnown = cardsByNumber === 0 || set !== 'cards';
    const rows = isKnown ? after.rows : cardsByNumber;
    return {
      set,
      rowsBefore: before?.rows ?? 0,
      rows,
      verdict: isKnown ? verdictOf(change) : 'not compared',
    };
  });
  if (asJson) {
    output.print(JSON.stringify({ versionBefore, version, dryRun, sets }, null, 2));
    return;
  }
  output.print(`${versionBefore ?? 'nothing'} → ${version}\n`);
  const lines = sets.map(({ set, rowsBefore, rows, verdict }) => [
    set,
    String(rowsBefore),
    String(rows),
    verdict,
  ]);
  output.print(tableText(['set', 'rows before', 'rows', ''], lines, new Set([0, 3])));
  output.print(dryRun ? '\nNothing was changed (--dry-run).' : `\nThe current version is ${version}.`);
}

function verdictOf({ before, after, isWritten }: SetChange): string {
  if (before?.version === after.version) return 'unchanged';
  return isWritten ? 'changed' : 'as it was before';
}
