/**
 * Releases the present contracts: copies them to `released/`, with which every later change is compared.
 *
 * `node src/release.ts` releases the next version (a new major version or a retired contract: major; what can be read
 * anew: minor; words alone: patch) and refuses what breaks. `--again` puts the present contracts in the place of the
 * last release, breaking or not, which is right only as long as nobody has it. `--check` says what would be released.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { contractBreaks } from './compatibility/contract-breaks.ts';
import { readContractSet } from './compatibility/contract-set.ts';
import { explainBreaks } from './compatibility/explain-breaks.ts';
import { FIRST_VERSION, nextVersion } from './compatibility/next-version.ts';
import { PRESENT, RELEASED, readRelease, retiredContracts } from './compatibility/released-contracts.ts';
import { SCHEMA_FOLDERS } from './load-schemas.ts';

/** `2026-11-22` */
const DATE_LENGTH = 10;

const { values: options } = parseArgs({
  options: { again: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
});
const release = readRelease();
const present = readContractSet(PRESENT);
const retired = retiredContracts();
const version = options.again ? (release?.version ?? FIRST_VERSION) : nextVersion(release, present, retired);
const breaks =
  release === undefined || options.again ? [] : contractBreaks(release.contracts, present, retired);
if (breaks.length > 0) {
  console.error(explainBreaks(breaks).join('\n'));
  process.exitCode = 1;
} else if (version === undefined) {
  console.log(`nothing to release: the contracts are those of ${release?.version}`);
} else if (options.check) {
  console.log(`would release ${version}: ${present.size} contracts`);
} else {
  for (const folder of SCHEMA_FOLDERS) {
    rmSync(new URL(`${folder}/`, RELEASED), { recursive: true, force: true });
    mkdirSync(new URL(`${folder}/`, RELEASED), { recursive: true });
  }
  for (const path of present.keys()) cpSync(new URL(path, PRESENT), new URL(path, RELEASED));
  const manifest = { version, date: new Date().toISOString().slice(0, DATE_LENGTH), contracts: present.size };
  writeFileSync(new URL('release.json', RELEASED), `${JSON.stringify(manifest, undefined, 2)}\n`);
  console.log(`released ${version}: ${present.size} contracts`);
}
