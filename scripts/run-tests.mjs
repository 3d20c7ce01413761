// Runs a package's tests with jest and keeps what they came to in `dist/test-results.json`.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const JEST = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const NODE_OPTIONS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

mkdirSync('dist', { recursive: true });
const args = ['--json', '--outputFile=dist/test-results.json', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, [...NODE_OPTIONS, JEST, ...args], { stdio: 'inherit' });
process.exitCode = status ?? 1;
