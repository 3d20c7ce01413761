/**
 * Runs the pipeline in virtual time under faults, once for each seed, and holds each ledger against that of an
 * undisturbed run of the same input. A seed that fails can be run again by its number:
 *
 *   node scripts/src/simulation/run-seeds.ts --seeds 17 --environment local --verbose
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadEnvironment } from '@payments/infra/environment';
import { syntheticLoad } from '@payments/ingest/synthetic-load';
import { ROUGH } from '@payments/local-cloud';
import { sampleSeed } from '../reference-data.ts';
import { DeployedPipeline, SIMULATED_CARDS } from './deployed-pipeline.ts';
import { seedsOf } from './seed-list.ts';
import { type SimulationResult, simulate } from './simulate.ts';

const SAMPLE = new URL('../../../sample/', import.meta.url);
const QUIET = {
  refusedCalls: 0,
  duplicateEvents: 0,
  duplicateMessages: 0,
  delays: 0,
  delayMsMax: 0,
  lostAnswers: 0,
  refusedEntries: 0,
};
/** The seed of the undisturbed run and of the made-up part of the input. */
const BASE_SEED = 1;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1-10' },
    environment: { type: 'string', default: 'local' },
    stacks: { type: 'string' },
    generate: { type: 'string', default: '12' },
    verbose: { type: 'boolean', default: false },
  },
});
if (values.stacks === undefined)
  throw new Error('--stacks <dir> is needed: see scripts/src/synthesize-environment.ts');

const environment = loadEnvironment(values.environment);
const lines = [
  ...readFileSync(new URL('authorizations.jsonl', SAMPLE), 'utf8').trim().split('\n'),
  ...syntheticLoad(Number(values.generate), BASE_SEED, SIMULATED_CARDS),
];
const pipeline = await DeployedPipeline.deploy(environment, values.stacks, sampleSeed(SAMPLE));
const input = { pipeline, lines };
const undisturbed = await simulate({ ...input, seed: BASE_SEED, rates: QUIET });
const failures = problemsOf(undisturbed).map((problem) => `undisturbed: ${problem}`);
let tasks = 0;
const seeds = seedsOf(values.seeds);
for (const seed of seeds) {
  const result = await simulate({ ...input, seed, rates: ROUGH });
  tasks += result.tasks;
  for (const problem of problemsOf(result)) failures.push(`seed ${seed}: ${problem}`);
  if (values.verbose)
    console.error(
      `seed ${seed}: ${result.tasks} tasks, ${Math.round(result.virtualMs / 1000)} virtual seconds`,
    );
}
const { posted } = undisturbed.state;
console.log(
  JSON.stringify(
    { environment: environment.name, seeds: seeds.length, lines: lines.length, posted, tasks, failures },
    null,
    2,
  ),
);
if (failures.length > 0) process.exitCode = 1;

function problemsOf(result: SimulationResult): string[] {
  const problems = [...result.problems];
  const { entries, state } = result;
  if (state.ledgerDigest !== undisturbed.state.ledgerDigest) {
    const expected = new Set(undisturbed.entries);
    const found = new Set(entries);
    const missing = [...expected].filter((entry) => !found.has(entry));
    const extra = entries.filter((entry) => !expected.has(entry));
    problems.push(`another ledger: ${missing.length} entries missing, ${extra.length} too many`);
    for (const entry of [...missing.map((each) => `- ${each}`), ...extra.map((each) => `+ ${each}`)].slice(
      0,
      6,
    ))
      problems.push(entry);
  }
  if (state.posted !== undisturbed.state.posted)
    problems.push(`${state.posted} posted instead of ${undisturbed.state.posted}`);
  return problems;
}
