/**
 * Runs the drill with small loads in virtual time, once for each seed: random damage, every event twice and in shuffled
 * order, calls refused and answers lost. A seed that fails can be run again by its number:
 *
 *   node scripts/src/drill/run-drill-seeds.ts --stacks <dir> --environment local --seeds 17 --verbose
 */
import { parseArgs } from 'node:util';
import { loadEnvironment } from '@payments/infra/environment';
import { ROUGH } from '@payments/local-cloud';
import { seedsOf } from '../simulation/seed-list.ts';
import type { Damage } from './damage.ts';
import { DAMAGES } from './damages.ts';
import { drawn, inDrawnOrder } from './draw.ts';
import { type DrillOptions, drill, undamagedRun } from './drill.ts';

const LOAD_SEED = 1;
const CARDS = 100;
const CHUNKS = 14;
/** How many sorts of damage a seed has, from and to. */
const SORTS = { least: 4, most: 10 };

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1-10' },
    environment: { type: 'string', default: 'local' },
    stacks: { type: 'string' },
    transactions: { type: 'string', default: '40' },
    verbose: { type: 'boolean', default: false },
  },
});
if (values.stacks === undefined)
  throw new Error('--stacks <dir> is needed: see scripts/src/synthesize-environment.ts');

const environment = loadEnvironment(values.environment);
const say = values.verbose ? (text: string) => console.error(text) : () => undefined;
const options: Omit<DrillOptions, 'seed' | 'damages'> = {
  environment,
  stacks: values.stacks,
  transactions: Number(values.transactions),
  loadSeed: LOAD_SEED,
  cards: CARDS,
  chunks: CHUNKS,
  each: 1,
  rates: ROUGH,
  say,
};
const undamaged = await undamagedRun({ ...options, seed: LOAD_SEED, damages: [] });
const failures: string[] = [];
let planted = 0;
let cases = 0;
const seeds = seedsOf(values.seeds);
for (const seed of seeds) {
  const damages = damagesOf(seed);
  const report = await drill({ ...options, seed, damages }, undamaged);
  for (const each of report.damages) {
    planted += each.planted;
    cases += each.patched + each.approved + each.parked;
  }
  for (const problem of report.problems) {
    failures.push(`seed ${seed}: ${problem}`);
    say(`seed ${seed}: ${problem}`);
  }
  say(`seed ${seed}: ${damages.map(({ name }) => name).join(', ')}; ${report.problems.length} problems`);
}
const summary = { environment: environment.name, seeds: seeds.length, planted, cases, failures };
console.log(JSON.stringify(summary, null, 2));
if (failures.length > 0) process.exitCode = 1;

function damagesOf(seed: number): readonly Damage[] {
  const count = SORTS.least + (drawn(seed, 'sorts') % (SORTS.most - SORTS.least + 1));
  return inDrawnOrder(DAMAGES, ({ name }) => name, seed, 'damages').slice(0, count);
}
