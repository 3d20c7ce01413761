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
/** Room for short-lived objects, in MB: batches make many, and copying them about is what garbage collection costs. */
const SEMI_SPACE_MB = 64;
const COMMANDS = {
  start: { build: 'synth', script: 'src/start.ts', environment: 'local' },
  test: { build: undefined, script: 'src/check.ts', environment: 'local' },
  benchmark: { build: 'bundle', script: 'src/benchmark.ts', environment: 'local' },
  // Without a default environment: a command takes the one that the local cloud plays.
  payments: { build: undefined, script: 'src/payments.ts', environment: undefined },
  'new:subscriber': { build: undefined, script: 'src/scaffold/new-subscriber.ts', environment: undefined },
  'new:event': { build: undefined, script: 'src/scaffold/new-event.ts', environment: undefined },
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
};
if (command.environment !== undefined) env.PAYMENTS_ENV ??= command.environment;
install();
// The stages on their own run from their sources.
const needsBuild = !rest.includes('--help') && !(name === 'benchmark' && rest.includes('--stages'));
if (command.build !== undefined && needsBuild) build(command.build);
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

/** Runs a script; when the npm that started this process is killed, so is the script, as if it had crashed. */
function run(script, args) {
  const child = spawn(
    'node',
    ['--disable-warning=ExperimentalWarning', `--max-semi-space-size=${SEMI_SPACE_MB}`, script, ...args],
    {
      env,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    },
  );
  const npm = npmProcess();
  const watch = setInterval(() => {
    if (npm === undefined || isAlive(npm)) return;
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

/** The npm that runs this as a script, which has a shell between itself and this process or has not. */
function npmProcess() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return undefined;
  const { command: parentCommand, parent } = processInfo(process.ppid);
  return /(^|\/)(ba|da|z)?sh$/.test(parentCommand) ? parent : process.ppid;
}

/** The command and the parent of a process, from the kernel where it tells, else from `ps`. */
function processInfo(pid) {
  try {
    // `pid (command) state parent …`; the command may hold blanks and parentheses.
    const [, name = '', , parent] =
      /\((.*)\) (\S) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { command: name, parent: Number(parent) };
  } catch {
    const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' });
    const [parent, name = ''] = (stdout ?? '').trim().split(/\s+/);
    return { command: name, parent: Number(parent) || undefined };
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
