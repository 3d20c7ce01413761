import { parseArgs } from 'node:util';
import { loadEnvironment } from '@payments/infra/environment';
import { costReport } from '../cost/cost-report.ts';
import { costText } from '../cost/cost-text.ts';
import { pricedRegions, readPriceTable } from '../cost/price-table.ts';
import { recordRuns } from '../cost/recorded-run.ts';
import {
  MEASURING,
  MODE_ENVIRONMENTS,
  measuredRun,
  type RunToUse,
  recordedRun,
} from '../cost/runs-to-use.ts';
import { type Command, CommandUsageError } from './command.ts';

const DEFAULT_TRANSACTIONS = 1_000_000;
const DEFAULT_PER_MONTH = 20_000_000;
const DEFAULT_REGION = 'eu-west-2';

/** `payments cost`: what transactions cost on AWS, by delivery mode. */
export const cost: Command = {
  name: 'cost',
  summary: 'what a number of transactions costs on AWS, per service, delivery modes side by side',
  help: `payments cost [options]

Multiplies what the local cloud counted in a run of each delivery mode (real-time, near-real-time, batch) by a dated
table of prices, per service, and sets it beside the estimate of the Guidance that this system grew from. What was not
counted (durations, storage, alarms, polling) is estimated, in lines of its own; --json names what each stands on. The
free tier is left out.

  --transactions <n>     how many to price (default ${DEFAULT_TRANSACTIONS})
  --per-month <n>        among how many a month what each month costs is divided (default ${DEFAULT_PER_MONTH})
  --region <region>      whose prices: ${pricedRegions(readPriceTable()).join(' or ')} (default ${DEFAULT_REGION})
  --env <name>           this environment alone instead of the three modes
  --measure              run the environments now, ${MEASURING.transactions} made-up transactions each, instead of using recorded runs
  --record               with --measure: keep the runs as the recorded ones
  --json                 the report for machines

Example:  payments cost --transactions 1000000 --per-month 20000000`,
  run: async (args, output) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        transactions: { type: 'string' },
        'per-month': { type: 'string' },
        region: { type: 'string' },
        env: { type: 'string' },
        measure: { type: 'boolean' },
        record: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    if (values.record === true && values.measure !== true)
      throw new CommandUsageError('--record keeps runs that are measured: add --measure.');
    const table = readPriceTable();
    const region = values.region ?? DEFAULT_REGION;
    if (!pricedRegions(table).includes(region))
      throw new CommandUsageError(
        `--region takes a region with prices: ${pricedRegions(table).join(', ')}, not ${region}.`,
      );
    const volume = {
      transactions: countOf('transactions', values.transactions, DEFAULT_TRANSACTIONS),
      perMonth: countOf('per-month', values['per-month'], DEFAULT_PER_MONTH),
      region,
    };
    const runs = await runsOf(values.env, values.measure === true);
    if (values.record === true) recordRuns(runs.map(({ run }) => run));
    const report = costReport(
      runs.map(({ run, environment, current }) => ({ run, current, retention: environment })),
      table,
      volume,
    );
    output.print(values.json === true ? JSON.stringify(report, null, 2) : costText(report));
    return 0;
  },
};

/** The runs of the named environment, or of one for each mode. */
export async function runsOf(
  environment: string | undefined,
  measure: boolean,
): Promise<readonly RunToUse[]> {
  const names = environment === undefined ? MODE_ENVIRONMENTS : [environment];
  const runs: RunToUse[] = [];
  for (const name of names) {
    const loaded = loadEnvironment(name);
    runs.push(measure ? await measuredRun(loaded) : recordedRun(loaded));
  }
  return runs;
}

/** A positive whole number. @throws CommandUsageError */
function countOf(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new CommandUsageError(`--${option} takes a whole number from 1, not ${text}.`);
  return value;
}
