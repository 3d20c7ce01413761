import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const COMPARE = fileURLToPath(new URL('../oracle/compare-ledger.ts', import.meta.url));
const MINUTE_MS = 60_000;
const folder = temporaryFolder();
afterAll(() => folder.remove());

describe('the ledger', () => {
  it(
    'holds, leg for leg, what an oracle works out of 10,000 shuffled and repeated messages',
    async () => {
      const stacks = synthesize('localbatch', folder.path);
      const options = ['--transactions', '10000', '--seed', '11', '--environment', 'localbatch'];
      const dataDir = join(folder.path, 'oracle');
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [
          '--disable-warning=ExperimentalWarning',
          COMPARE,
          ...options,
          '--stacks',
          stacks,
          '--data-dir',
          dataDir,
        ],
        { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
      ).catch((error: { readonly stdout?: string; readonly stderr?: string }) => {
        throw new Error(`${error.stdout}\n${error.stderr}`);
      });
      const { expected, ...comparison } = JSON.parse(stdout) as Record<string, unknown>;
      expect(comparison).toEqual({
        transactions: 10_000,
        sent: 10_500,
        found: expected,
        missing: 0,
        extra: 0,
        differences: [],
      });
      expect(expected).toBeGreaterThan(8_000);
    },
    5 * MINUTE_MS,
  );
});
