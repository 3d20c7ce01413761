/**
 * What `npm test` does after all tests: adds up what the end-to-end runs were granted and used, and fails with every grant
 * that none of them used and `infra/unused-grants.json` does not explain, and with every explanation of what is not so.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../stack-files.ts';
import { mergeReports } from './grant.ts';
import { KEPT_GRANTS, keptGrants } from './kept-grants.ts';
import { environmentPrefixes } from './prefixes.ts';
import { grantProblems, parseUnusedGrants } from './unused-grants.ts';

const UNUSED_GRANTS = 'infra/unused-grants.json';

const reports = keptGrants();
if (reports.length === 0) {
  console.error(
    `No end-to-end run has left what it was granted in ${KEPT_GRANTS}: "npx turbo run test --filter=@payments/scripts --force" runs them.`,
  );
  process.exitCode = 1;
} else {
  const { grants } = mergeReports(reports, environmentPrefixes());
  const entries = parseUnusedGrants(readFileSync(join(ROOT, UNUSED_GRANTS), 'utf8'));
  const problems = grantProblems(grants, entries, UNUSED_GRANTS);
  for (const problem of problems) console.error(problem);
  const used = grants.filter(({ used }) => used > 0).length;
  console.log(
    `${grants.length} grants in ${reports.length} runs: ${used} used, ${problems.length} problems.`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}
