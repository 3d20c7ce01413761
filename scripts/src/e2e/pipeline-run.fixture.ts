import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { keepGrants } from '../grants/kept-grants.ts';
import type { Summary } from '../summary.ts';

const START = fileURLToPath(new URL('../start.ts', import.meta.url));
const SYNTHESIZE = fileURLToPath(new URL('../synthesize-environment.ts', import.meta.url));
/** Where a run's output stays, in its data directory. */
const OUTPUT_FILE = 'output.log';
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning'];

/** What the end-to-end tests leave behind: `npm test` scans it for cardholder data at its end. */
const LEFT_BEHIND = fileURLToPath(new URL('../../dist/e2e/', import.meta.url));
/** Where a data directory has the unpacked code of the functions, which no run has written. */
const BUNDLES_FOLDER = 'bundles';
const synthesized = new Set<string>();

/**
 * A folder of a test file's own, empty at first. `remove` takes out of it what no run has written: the stacks and the
 * bundles, which are code, and the files that lie in the folder itself, which are input of the test's own making. What
 * the runs have written, in folders of it, stays until the next time; and what they were granted and used is kept, so
 * that all of them have to be closed before.
 */
export function temporaryFolder(): { readonly path: string; remove(): Promise<void> } {
  const { testPath } = expect.getState();
  const test = basename(testPath ?? 'no-test', '.test.ts');
  const path = join(LEFT_BEHIND, test);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return {
    path,
    remove: async () => {
      try {
        await keepGrants(test, path);
      } finally {
        for (const stacks of synthesized) rmSync(stacks, { recursive: true, force: true });
        for (const each of readdirSync(path, { recursive: true, withFileTypes: true })) {
          const isBundles = each.isDirectory() && each.name === BUNDLES_FOLDER;
          if (isBundles || (each.isFile() && each.parentPath === path))
            rmSync(join(each.parentPath, each.name), { recursive: true, force: true });
        }
      }
    },
  };
}

/** Synthesizes an environment's stacks, with the bundles that would be uploaded; gives their folder. */
export function synthesize(environment: string, folder: string): string {
  const target = join(folder, environment);
  synthesized.add(target);
  const printed = execFileSync(process.execPath, [...NODE_OPTIONS, SYNTHESIZE, environment, target], {
    encoding: 'utf8',
  });
  return printed.trim().split('\n').at(-1) ?? '';
}

/** How a run of `npm start` ended. */
export interface EndedRun {
  readonly status: number | null;
  readonly output: string;
  readonly summary: Summary | undefined;
}

/** A run of what `npm start` runs, on given stacks and a given data directory. */
export class PipelineRun {
  readonly #child: ChildProcess;
  readonly #summaryPath: string;
  readonly ended: Promise<EndedRun>;
  #output = '';

  constructor(environment: string, stacks: string, dataDir: string, options: readonly string[]) {
    this.#summaryPath = join(dataDir, 'summary.json');
    const args = ['--exit', '--data-dir', dataDir, '--summary', this.#summaryPath, ...options];
    this.#child = spawn(process.execPath, [...NODE_OPTIONS, START, ...args], {
      env: { ...process.env, PAYMENTS_ENV: environment, PAYMENTS_STACKS: stacks, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output += String(chunk);
      });
    }
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (status) => {
        mkdirSync(dataDir, { recursive: true });
        writeFileSync(join(dataDir, OUTPUT_FILE), this.#output);
        resolve({ status, output: this.#output, summary: this.#summary() });
      });
    });
  }

  /** Kills the process as nothing can prevent. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Resolves when the output holds a text, or the run has ended. */
  async until(text: string): Promise<void> {
    while (!this.#output.includes(text) && this.#child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  #summary(): Summary | undefined {
    try {
      return JSON.parse(readFileSync(this.#summaryPath, 'utf8')) as Summary;
    } catch {
      return undefined;
    }
  }
}

/** Runs to the end; fails with what was printed when there is no summary. */
export async function runPipeline(
  environment: string,
  stacks: string,
  dataDir: string,
  options: readonly string[],
): Promise<Summary & { readonly output: string }> {
  const { status, summary, output } = await new PipelineRun(environment, stacks, dataDir, options).ended;
  if (status !== 0 || summary === undefined) throw new Error(`the run ended with ${status}:\n${output}`);
  return { ...summary, output };
}
