import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Owner } from '@payments/infra/names';
import { packageFolder, ROOT } from '../stack-files.ts';

/** What a package's scripts do to its stack. */
export type PackageScript = 'plan' | 'deploy' | 'destroy';

/** How a script ended, and what it printed. */
export interface ScriptResult {
  readonly status: number;
  readonly out: string;
  readonly said: string;
}

/**
 * Runs `plan`, `deploy` or `destroy` as a package's script does, in a process of its own.
 *
 * @param env all the variables that it gets
 * @param onFirstOutput called when it prints for the first time
 */
export async function runPackageScript(
  script: PackageScript,
  stack: Owner,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  onFirstOutput?: () => void,
): Promise<ScriptResult> {
  const path = fileURLToPath(new URL(`../${script}.ts`, import.meta.url));
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', path, ...args],
      { cwd: join(ROOT, packageFolder(stack)), env },
      (_error, stdout, stderr) =>
        resolve({ status: child.exitCode ?? -1, out: stdout.trim(), said: stderr.trim() }),
    );
    if (onFirstOutput !== undefined) child.stdout?.once('data', onFirstOutput);
  });
}
