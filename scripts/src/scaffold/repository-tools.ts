import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ScaffoldRefusedError } from './scaffold-refused-error.ts';

/**
 * Runs one of the repository's tools, and says nothing unless it fails.
 *
 * @throws ScaffoldRefusedError with what it printed
 */
function runTool(root: string, folder: string, program: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(program, [...args], {
    cwd: join(root, folder),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (status === 0) return;
  const printed = error?.message ?? `${stdout}${stderr}`.trim();
  throw new ScaffoldRefusedError(`The files are written, but "${args.join(' ')}" failed:\n${printed}`);
}

const bin = (root: string, name: string): string => join(root, 'node_modules', '.bin', name);

/** Formats files as the linter wants them. */
export function format(root: string, paths: readonly string[]): void {
  const known = paths.filter((path) => /\.(ts|mjs|json)$/.test(path));
  runTool(root, '.', bin(root, 'biome'), ['format', '--write', ...known]);
}

/** Links the packages as their `package.json` say, and writes the lock file; what was fetched before is not again. */
export function installPackages(root: string): void {
  runTool(root, '.', bin(root, 'pnpm'), ['install', '--prefer-offline', '--no-frozen-lockfile']);
}

/** Makes what is generated of contracts and declarations: types and validators, then documents and pipelines. */
export function generate(root: string): void {
  for (const folder of ['schemas', 'scripts'])
    runTool(root, folder, process.execPath, ['--disable-warning=ExperimentalWarning', 'src/generate.ts']);
}
