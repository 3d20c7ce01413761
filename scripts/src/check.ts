/**
 * `npm test`: everything that must hold, in one command: format and lint, types, import rules, generated files,
 * tidiness, all tests, and at last a scan for cardholder data in what the tests left, and a look for permissions that no
 * end-to-end run used. What did not change since it last passed is not run again. `--fast` leaves out the tests and what
 * follows them; `--affected` tests only the packages that what
 * changed since `TURBO_SCM_BASE` (or `main`) concerns.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Step {
  readonly title: string;
  readonly command: readonly [string, ...string[]];
}

const turbo = (...tasks: string[]): Step['command'] => [
  'turbo',
  'run',
  ...tasks,
  '--output-logs=errors-only',
  '--continue',
];
const CHECKS: readonly Step[] = [
  { title: 'Format and lint', command: turbo('//#lint') },
  { title: 'Import rules', command: turbo('//#imports') },
  { title: 'Tidiness', command: ['node', '--disable-warning=ExperimentalWarning', 'scripts/src/tidy.ts'] },
  { title: 'Types and generated files', command: turbo('typecheck', 'generated') },
];
/** Tests of these read documents and workflows, which lie in no package. */
const READERS_OF_ROOT = ['@payments/infra', '@payments/scripts'];
const affected = [`...[${process.env['TURBO_SCM_BASE'] || 'main'}]`, ...READERS_OF_ROOT];
const filters = process.argv.includes('--affected') ? affected.map((filter) => `--filter=${filter}`) : [];
const TESTS: Step = { title: 'Tests', command: turbo('test', '--concurrency=2', ...filters) };

const LEFTOVERS: Step = {
  title: 'No cardholder data in what the tests left',
  command: [
    'node',
    '--disable-warning=ExperimentalWarning',
    'scripts/src/cardholder-data/scan-test-leftovers.ts',
  ],
};

const GRANTS: Step = {
  title: 'No permission that no end-to-end run used',
  command: ['node', '--disable-warning=ExperimentalWarning', 'scripts/src/grants/check-test-grants.ts'],
};

const steps = process.argv.includes('--fast') ? CHECKS : [...CHECKS, TESTS, LEFTOVERS, GRANTS];
const failed = steps.filter((step) => !passes(step)).map(({ title }) => title);
if (!process.argv.includes('--fast')) reportTests();
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

function passes({ title, command: [program, ...args] }: Step): boolean {
  const startedAt = Date.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const took = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
  console.log(`${status === 0 ? '✓' : '✗'} ${title} (${took})`);
  if (status !== 0) console.error(`${stdout}${stderr}`);
  return status === 0;
}

/** Adds up what the test runs of all packages wrote, whether they ran now or before. */
function reportTests(): void {
  const total = { suites: 0, passed: 0, failed: 0, skipped: 0 };
  for (const path of globSync('{packages/*,libs/*,schemas,infra,scripts}/dist/test-results.json', {
    cwd: ROOT,
  })) {
    if (!existsSync(`${ROOT}${path}`)) continue;
    const results = JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8')) as Record<string, number>;
    total.suites += results['numTotalTestSuites'] ?? 0;
    total.passed += results['numPassedTests'] ?? 0;
    total.failed += (results['numFailedTests'] ?? 0) + (results['numRuntimeErrorTestSuites'] ?? 0);
    total.skipped += results['numPendingTests'] ?? 0;
  }
  console.log(`\n${total.suites} test suites`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
}
