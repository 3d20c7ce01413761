#!/usr/bin/env node
// `npm start` and `npm test` on a fresh clone, with Node 20 or later and nothing else: installs what the lock
// file names (once), builds what changed, and hands over to the Node version that comes with the project.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'node_modules', '.bin');
const MARKER = join(ROOT, 'node_modules', '.installed-lock');
/** How often it is looked whether the process that started this one is still there. */
const PARENT_CHECK_MS = 500;
const COMMANDS = {
  start: { build: 'synth', script: 'src/start.ts' },
  test: { build: undefined, script: 'src/check.ts' },
  benchmark: { build: 'bundle', script: 'src/benchmark.ts' },
  payments: { build: undefined, script: 'src/payments.ts' },
};

const [name = '', ...rest] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined)
  fail(`usage: node scripts/bootstrap.mjs <${Object.keys(COMMANDS).join('|')}> [options]`);
if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Node 20 or later is needed; this is ${process.version}`);

const env = {
  ...process.env,
  PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}`,
  PAYMENTS_ENV: process.env.PAYMENTS_ENV ?? 'local',
};
install();
if (command.build !== undefined && !rest.includes('--help')) build(command.build);
run(join(ROOT, 'scripts', command.script), rest);

function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'pnpm-lock.yaml')))
    .digest('hex');
  if (existsSync(MARKER) && readFileSync(MARKER, 'utf8') === lock) return;
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).devEngines.packageManager;
  const startedAt = Date.now();
  console.error('Installing what the lock file names (first run only) …');
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['-y', `pnpm@${version}`, 'install', '--frozen-lockfile'],
    {
      cwd: ROOT,
      env,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) fail(`${stdout}\n${stderr}\nThe installation failed; see above.`);
  writeFileSync(MARKER, lock);
  console.error(`Installed in ${seconds(startedAt)}.`);
}

function build(task) {
  const startedAt = Date.now();
  console.error('Building what changed …');
  const { status, stdout, stderr } = spawnSync('turbo', ['run', task, '--output-logs=errors-only'], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail(`${stdout}\n${stderr}\nThe build failed; see above.`);
  console.error(`Built in ${seconds(startedAt)}.`);
}

/** Runs a script; when whoever started this process is gone, so is the script, as if it had crashed. */
function run(script, args) {
  const parent = process.ppid;
  const child = spawn('node', ['--disable-warning=ExperimentalWarning', script, ...args], {
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    child.kill('SIGKILL');
    process.exit(1);
  }, PARENT_CHECK_MS);
  // Ctrl-C reaches the child too, which ends in its own time.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    clearInterval(watch);
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
