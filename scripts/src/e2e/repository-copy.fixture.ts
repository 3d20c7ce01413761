import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { ROOT } from '../stack-files.ts';

/** What no commit holds. */
const NOT_CONTENT = new Set(['node_modules', 'dist', '.turbo', '.git', '.payments', 'coverage']);
const MEGABYTE = 1 << 20;

/** How a command ended, and all that it printed. */
export interface EndedCommand {
  readonly status: number;
  readonly output: string;
}

/** Everything that a commit of a repository could hold: the hash of each file by its path. */
export function contentOf(root: string): Readonly<Record<string, string>> {
  const hashes: Record<string, string> = {};
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (NOT_CONTENT.has(entry.name)) continue;
      if (entry.isDirectory()) visit(path);
      else if (!entry.name.endsWith('.log'))
        hashes[relative(root, path)] = createHash('sha256').update(readFileSync(path)).digest('hex');
    }
  };
  visit(root);
  return hashes;
}

/** A copy of this repository, with its packages installed from what was fetched before, for tests that change it. */
export class RepositoryCopy {
  readonly path: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(path: string) {
    this.path = path;
    const { PATH = '', ...others } = process.env;
    const ofTurbo = Object.keys(others).filter((name) => name.startsWith('TURBO_'));
    for (const name of [...ofTurbo, 'NODE_OPTIONS']) delete others[name];
    this.#env = {
      ...others,
      PATH: `${join(path, 'node_modules', '.bin')}${delimiter}${PATH}`,
      TURBO_TELEMETRY_DISABLED: '1',
      NO_COLOR: '1',
    };
  }

  /** @throws Error with what was printed when the packages cannot be installed */
  static make(): RepositoryCopy {
    const path = mkdtempSync(join(realpathSync(tmpdir()), 'payments-copy-'));
    cpSync(ROOT, path, {
      recursive: true,
      filter: (source) => !NOT_CONTENT.has(source.replace(/^.*[\\/]/, '')),
    });
    const pnpm = join(ROOT, 'node_modules', '.bin', 'pnpm');
    execFileSync(pnpm, ['install', '--prefer-offline', '--frozen-lockfile'], { cwd: path, stdio: 'pipe' });
    return new RepositoryCopy(path);
  }

  /** Runs a program of the copy. */
  run(
    command: readonly [string, ...string[]],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<EndedCommand> {
    const [program, ...args] = command;
    const options = { cwd: this.path, env: { ...this.#env, ...variables }, maxBuffer: 64 * MEGABYTE };
    return new Promise((resolve) => {
      const child = execFile(program, args, options, (_error, stdout, stderr) =>
        resolve({ status: child.exitCode ?? -1, output: `${stdout}${stderr}` }),
      );
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
