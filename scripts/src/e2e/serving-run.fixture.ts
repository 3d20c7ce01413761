import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../start.ts', import.meta.url));
const PAYMENTS = fileURLToPath(new URL('../payments.ts', import.meta.url));
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning'];
const SERVING = /Serving on (http:\/\/\S+) until/;
const LOOK_MS = 20;

/** `npm start` that goes on serving, on given stacks and a given data directory, and commands that use it. */
export class ServingRun {
  readonly #child: ChildProcess;
  readonly #dataDir: string;
  readonly #environment: string;
  readonly #ended: Promise<void>;
  #output = '';

  private constructor(environment: string, stacks: string, dataDir: string, options: readonly string[]) {
    this.#dataDir = dataDir;
    this.#environment = environment;
    this.#child = spawn(process.execPath, [...NODE_OPTIONS, START, '--data-dir', dataDir, ...options], {
      env: { ...process.env, PAYMENTS_ENV: environment, PAYMENTS_STACKS: stacks, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output += String(chunk);
      });
    }
    this.#ended = new Promise((resolve) => this.#child.on('close', () => resolve()));
  }

  /** Starts, and resolves when it serves. @throws Error with what was printed when it ends before */
  static async start(
    environment: string,
    stacks: string,
    dataDir: string,
    options: readonly string[],
  ): Promise<ServingRun> {
    const run = new ServingRun(environment, stacks, dataDir, options);
    while (!SERVING.test(run.#output)) {
      if (run.#child.exitCode !== null) throw new Error(`the run ended:\n${run.#output}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return run;
  }

  /** Where it serves. */
  get url(): string {
    return SERVING.exec(this.#output)?.[1] ?? '';
  }

  /** Runs `payments <args>` against it. */
  payments(...args: readonly string[]): Promise<{ readonly status: number; readonly output: string }> {
    const all = [...NODE_OPTIONS, PAYMENTS, ...args, '--data-dir', this.#dataDir];
    const env = { ...process.env, PAYMENTS_ENV: this.#environment, NODE_OPTIONS: '' };
    return new Promise((resolve) => {
      execFile(process.execPath, all, { encoding: 'utf8', env }, (error, stdout, stderr) => {
        const status = error === null ? 0 : Number(error.code ?? 1);
        resolve({ status, output: `${stdout}${stderr}` });
      });
    });
  }

  /** Ends it as Ctrl-C does. */
  async stop(): Promise<void> {
    this.#child.kill('SIGINT');
    await this.#ended;
  }

  /** Kills it as nothing can prevent. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
