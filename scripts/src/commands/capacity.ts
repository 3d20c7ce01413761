import { parseArgs } from 'node:util';
import { capacityReport } from '../capacity/capacity-report.ts';
import { capacityText } from '../capacity/capacity-text.ts';
import { demandsOf } from '../capacity/demands.ts';
import { readQuotaTable } from '../capacity/quota-table.ts';
import { MEASURING } from '../cost/runs-to-use.ts';
import { type Command, CommandUsageError } from './command.ts';
import { runsOf } from './cost.ts';

const DEFAULT_TPS = 1_111;
const DEFAULT_REGION = 'eu-west-2';
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** `payments capacity`: which quota of AWS is reached first, and what to change. */
export const capacity: Command = {
  name: 'capacity',
  summary: 'which quota of a region is reached first, at how many transactions a second, and what to change',
  help: `payments capacity [options]

Holds what a run of each delivery mode asked of AWS (calls, deliveries, invocations, write units, how long functions
ran) against the quotas of a region and the limits of the environment's own, and says which is reached first, at which
rate, and what to change. How long a call takes is assumed (scripts/src/cost/assumptions.ts); how many there are was
counted at ${MEASURING.perSecond} transactions a second.

  --tps <n>              the rate that is wished for, in transactions a second (default ${DEFAULT_TPS})
  --region <region>      whose quotas (default ${DEFAULT_REGION})
  --env <name>           this environment alone instead of the three modes; exits with 1 when it does not hold
  --measure              run the environments now, ${MEASURING.transactions} made-up transactions each, instead of using recorded runs
  --json                 the report for machines, every limit in it

Example:  payments capacity --tps 1111 --region eu-west-2 --env dev`,
  run: async (args, output) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        tps: { type: 'string' },
        region: { type: 'string' },
        env: { type: 'string' },
        measure: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const tps = Number(values.tps ?? DEFAULT_TPS);
    if (!Number.isFinite(tps) || tps <= 0)
      throw new CommandUsageError(`--tps takes a rate above 0, not ${values.tps}.`);
    const region = values.region ?? DEFAULT_REGION;
    if (!REGION.test(region))
      throw new CommandUsageError(`--region takes the name of a region, as in eu-west-2, not ${region}.`);
    const runs = await runsOf(values.env, values.measure === true);
    const report = capacityReport(
      runs.map(({ run, environment, current }) => ({
        environment: run.environment,
        recordedOn: run.recordedOn,
        current,
        demands: demandsOf(run, environment),
      })),
      readQuotaTable(),
      { tps, region },
    );
    output.print(values.json === true ? JSON.stringify(report, null, 2) : capacityText(report));
    return values.env === undefined || report.environments.every(({ holds }) => holds) ? 0 : 1;
  },
};
