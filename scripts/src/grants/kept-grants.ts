import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { GrantReport } from '@payments/local-cloud';
import { ROOT } from '../stack-files.ts';
import { readGrants } from './read-grants.ts';

/** Where tests keep what their runs were granted and used: an output of the task that runs them. */
export const KEPT_GRANTS = 'scripts/dist/grants';
const STORES = '**/cloud.sqlite';

/**
 * Keeps what all runs of a test were granted and used.
 *
 * @param test the name of the test's file, without its ending
 * @param folder where the runs have their data directories
 */
export async function keepGrants(test: string, folder: string): Promise<void> {
  const reports: GrantReport[] = [];
  for (const store of globSync(STORES, { cwd: folder }).sort()) {
    reports.push(await readGrants(join(folder, dirname(store))));
  }
  if (reports.length === 0) return;
  mkdirSync(join(ROOT, KEPT_GRANTS), { recursive: true });
  writeFileSync(join(ROOT, KEPT_GRANTS, `${test}.json`), JSON.stringify(reports));
}

/** What the runs of all tests kept; a test that is not there any more counts no more. */
export function keptGrants(): readonly GrantReport[] {
  return globSync(`${KEPT_GRANTS}/*.json`, { cwd: ROOT }).flatMap((file) => {
    const test = globSync(`scripts/src/**/${basename(file, '.json')}.test.ts`, { cwd: ROOT });
    return test.length === 0 ? [] : (JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as GrantReport[]);
  });
}
