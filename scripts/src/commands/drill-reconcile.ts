import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEnvironment } from '@payments/infra/environment';
import type { Damage } from '../drill/damage.ts';
import { DAMAGES } from '../drill/damages.ts';
import { type DrillOptions, drill, UNDISTURBED } from '../drill/drill.ts';
import { buildStacks } from '../drill/drill-stacks.ts';
import { drillText } from '../drill/drill-text.ts';
import { type Command, CommandUsageError } from './command.ts';
import { nearestName } from './nearest-name.ts';

const DEFAULT_ENVIRONMENT = 'local';
const DEFAULT_TRANSACTIONS = 5_000;
const TRANSACTIONS_MIN = 100;
const TRANSACTIONS_MAX = 100_000;
const DEFAULT_SEED = 1;
const SEED_MAX = 2 ** 32 - 1;
/** One transaction in so many is hit by each damage: of 5,000 that are 4 for each. */
const TRANSACTIONS_A_VICTIM = 1_250;
/** So many that those of whom events are lost have parts of their own. */
const CHUNKS = 60;
/** As many cards as a load needs for accounts with few transactions, up to all that there are. */
const CARDS = { least: 200, most: 2_000, perTransaction: 0.5 };

/** `payments drill reconcile`: damage on purpose, and what reconciliation makes of it. */
export const drillReconcile: Command = {
  name: 'drill reconcile',
  summary: 'damage a running pipeline in every way, and see whether reconciliation finds and patches it',
  help: `payments drill reconcile [options]

Runs a made-up load through the pipeline on a local cloud of its own, in virtual time and twice: undamaged, and with
events lost, ledger rows lost, doubled and altered, accounts closed. Then lets reconciliation run until it is quiet, and
shows what each damage was found as and what became of it. Exits with 1 when a break was not found, was found as another,
ended otherwise than policy says, when there is a false alarm, or when the ledger is not that of the undamaged run.
Nothing of what is in the data directory is touched.

  --transactions <n>     how many (default ${DEFAULT_TRANSACTIONS})
  --seed <s>             of the load, the victims and the course of events (default ${DEFAULT_SEED})
  --only <damage>        this damage alone; may be repeated
  --env <name>           the environment that is played (default ${DEFAULT_ENVIRONMENT})
  --stacks <dir>         stacks that are synthesized already; nothing is built then
  --data-dir <dir>       an empty directory, where the data of the damaged run stays to be looked into
  --json                 the report for machines

Damages:
${DAMAGES.map(({ name, does }) => `  ${name.padEnd(30)} ${does}`).join('\n')}

Example:  payments drill reconcile --transactions 1000 --only lost-entry`,
  run: async (args, output) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        transactions: { type: 'string' },
        seed: { type: 'string' },
        only: { type: 'string', multiple: true },
        env: { type: 'string' },
        stacks: { type: 'string' },
        'data-dir': { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const transactions = wholeNumber(
      'transactions',
      values.transactions ?? String(DEFAULT_TRANSACTIONS),
      TRANSACTIONS_MIN,
      TRANSACTIONS_MAX,
    );
    const seed = wholeNumber('seed', values.seed ?? String(DEFAULT_SEED), 0, SEED_MAX);
    const damages = chosenDamages(values.only);
    const environment = loadEnvironment(values.env ?? DEFAULT_ENVIRONMENT);
    if (values.stacks === undefined) output.warn('Building what changed …');
    const built = values.stacks === undefined ? buildStacks(environment.name) : undefined;
    try {
      const options: DrillOptions = {
        environment,
        stacks: values.stacks ?? built?.stacks ?? '',
        transactions,
        loadSeed: seed,
        seed,
        cards: cardsFor(transactions),
        chunks: CHUNKS,
        damages,
        each: Math.max(1, Math.floor(transactions / TRANSACTIONS_A_VICTIM)),
        rates: UNDISTURBED,
        ...(values['data-dir'] === undefined ? {} : { dataDirectory: resolve(values['data-dir']) }),
        say: (text) => output.warn(text),
      };
      const report = await drill(options);
      output.print(values.json === true ? JSON.stringify(report, null, 2) : drillText(report));
      return report.problems.length === 0 ? 0 : 1;
    } finally {
      built?.remove();
    }
  },
};

/** How many cards a load of so many transactions uses. */
export function cardsFor(transactions: number): number {
  const { least, most, perTransaction } = CARDS;
  return Math.min(most, Math.max(least, Math.ceil(transactions * perTransaction)));
}

function chosenDamages(names: readonly string[] | undefined): readonly Damage[] {
  if (names === undefined) return DAMAGES;
  const known = DAMAGES.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`;
    throw new CommandUsageError(`There is no damage "${name}": ${hint}`);
  }
  return DAMAGES.filter(({ name }) => names.includes(name));
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new CommandUsageError(`--${name} takes a whole number from ${min} to ${max}, not "${text}".`);
  return value;
}
