/**
 * What `npm test` does last: looks for cardholder data in everything that the tests leave behind, which is the data
 * and the output of the end-to-end runs, what the test runs of all packages wrote, and their logs. Prints each find
 * masked; exits with 1 when there is any, when something could not be looked into, or when there is nothing to look at.
 */
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { isClean, resultLines } from '../commands/scan.ts';
import { ROOT } from '../stack-files.ts';
import { findingText } from './finding.ts';
import { scanPaths } from './scan-paths.ts';

const RUNS = 'scripts/dist/e2e';
const STORES = `${RUNS}/**/cloud.sqlite`;
const REPORTS = '{packages/*,libs/*,schemas,infra,scripts}/{dist/test-results.json,.turbo/*.log}';

process.chdir(ROOT);
if (globSync(STORES).length === 0) {
  console.error(
    `No end-to-end run has left its data in ${RUNS}: "npx turbo run test --filter=@payments/scripts --force" runs them.`,
  );
  process.exitCode = 1;
} else {
  const paths = [RUNS, ...globSync(REPORTS)].filter((path) => existsSync(join(ROOT, path)));
  const result = await scanPaths(paths, (finding) => console.log(findingText(finding)));
  for (const line of resultLines(result)) console.log(line);
  process.exitCode = isClean(result) ? 0 : 1;
}
