/**
 * Runs environments and writes down what they asked of AWS, in `recorded-runs.json`:
 * `node scripts/src/cost/record-runs.ts [environment …]`; without names, those that are recorded.
 */
import { writeFileSync } from 'node:fs';
import { loadEnvironment } from '@payments/infra/environment';
import { RECORDED_RUNS_FILE, type RecordedRun, readRecordedRuns } from './recorded-run.ts';
import { measuredRun } from './runs-to-use.ts';

const recorded = readRecordedRuns();
const runs = new Map<string, RecordedRun>(recorded.runs.map((run) => [run.environment, run]));
const named = process.argv.slice(2);
for (const name of named.length > 0 ? named : runs.keys()) {
  console.error(`${name} …`);
  const { run } = await measuredRun(loadEnvironment(name));
  runs.set(name, run);
}
writeFileSync(RECORDED_RUNS_FILE, `${JSON.stringify({ ...recorded, runs: [...runs.values()] }, null, 2)}\n`);
