import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../stack-files.ts';

const TURBO = join(ROOT, 'node_modules', '.bin', 'turbo');
const SYNTHESIZE = join(ROOT, 'scripts', 'src', 'synthesize-environment.ts');

/** What a drill deploys could not be built. */
export class DrillBuildError extends Error {
  override readonly name = 'DrillBuildError';
  readonly code = 'DrillBuild';
  readonly retryable = true;
}

/**
 * Bundles what has changed and synthesizes an environment's stacks, apart from those that the packages have.
 *
 * @returns the folder of the stacks, and what removes it
 * @throws DrillBuildError with what the build printed
 */
export function buildStacks(environment: string): { readonly stacks: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'payments-drill-stacks-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    run(TURBO, ['run', 'bundle', '--output-logs=errors-only']);
    const printed = run(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      SYNTHESIZE,
      environment,
      folder,
    ]);
    return { stacks: printed.trim().split('\n').at(-1) ?? '', remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function run(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: 'pipe',
      shell: process.platform === 'win32',
    });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { readonly stdout?: string; readonly stderr?: string };
    throw new DrillBuildError(`what the drill deploys cannot be built:\n${stdout}\n${stderr}`, { cause });
  }
}
