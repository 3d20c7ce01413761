import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Summary } from '../summary.ts';

const START = fileURLToPath(new URL('../start.ts', import.meta.url));
const SYNTHESIZE = fileURLToPath(new URL('../synthesize-environment.ts', import.meta.url));
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning'];

/** A folder of a test's own, removed with `remove`. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'payments-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Synthesizes an environment's stacks, with the bundles that would be uploaded; gives their folder. */
export function synthesize(environment: string, folder: string): string {
  const target = join(folder, environment);
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
      this.#child.on('close', (status) =>
        resolve({ status, output: this.#output, summary: this.#summary() }),
      );
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
