import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../stack-files.ts';

const PAYMENTS = fileURLToPath(new URL('../payments.ts', import.meta.url));
const SCRIPTS = fileURLToPath(new URL('../', import.meta.url));
const NODE = `'${process.execPath}' --disable-warning=ExperimentalWarning`;
/** What the set-up of the runbooks names for the local cloud. */
const PORT = 'http://127.0.0.1:4566';
/** A command that says in its comment that it exits with 1 when it finds something: that is an answer, no failure. */
const MAY_FIND = /^(payments [^#\n]*?) *(#.*exits with 1.*)$/gm;

/** Whether a program is there. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Where commands of a runbook run. */
export interface RunbookShell {
  readonly folder: string;
  readonly endpoint: string;
  readonly dataDir: string;
  readonly stacks: string;
}

/** How the commands ended. */
export interface RanCommands {
  readonly status: number;
  /** Both streams, as a terminal shows them. */
  readonly output: string;
}

/** Says what is wrong with commands before any is run: bash reads them and does nothing. */
export function syntaxProblems(code: string): string {
  return spawnSync('bash', ['-n'], { input: code, encoding: 'utf8' }).stderr;
}

/**
 * Runs commands as a reader types them, one after the other in one shell, and stops at the first that fails.
 *
 * @param setUp the commands of the set-up, which name the local cloud by another port
 */
export async function runCommands(setUp: string, code: string, shell: RunbookShell): Promise<RanCommands> {
  const script = [
    'set -Eeo pipefail',
    `trap 'echo "failed with $?: $BASH_COMMAND"' ERR`,
    setUp.replace(PORT, shell.endpoint),
    HERE,
    code.replaceAll(MAY_FIND, '$1 || [ $? -eq 1 ] $2'),
  ].join('\n');
  const child = spawn('bash', [], {
    cwd: shell.folder,
    env: {
      ...process.env,
      PAYMENTS_DATA_DIR: shell.dataDir,
      PAYMENTS_STACKS: shell.stacks,
      NODE_OPTIONS: '',
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  child.stdin.end(script);
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status: status ?? -1, output }));
  });
}

/** The same as a reader's `npm run payments` and `pnpm turbo`, without installing, bundling and synthesizing again. */
const HERE = `
payments() { ${NODE} '${PAYMENTS}' "$@" --env $PAYMENTS_ENV </dev/null; }
pnpm() {
  [ "$1" = turbo ] || { echo "not run here: pnpm $*"; return 2; }
  case "$2" in plan | deploy | destroy) ;; *) echo "there is no task $2"; return 2 ;; esac
  case "$3" in --filter=@payments/*) ;; *) echo "no package: $3"; return 2 ;; esac
  (cd '${ROOT}'"packages/\${3#--filter=@payments/}" && ${NODE} "${SCRIPTS}$2.ts" </dev/null)
}`;
