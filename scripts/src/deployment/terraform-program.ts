import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { DeploymentRefusedError } from './deployment-refused-error.ts';

/** The programs that take Terraform's commands, the first one that is there. */
const PROGRAMS = ['terraform', 'tofu'];

/** Terraform or OpenTofu. */
export class TerraformProgram {
  readonly #program: string;

  private constructor(program: string) {
    this.#program = program;
  }

  /** The one that `PAYMENTS_TERRAFORM` names, or the first in the PATH. @throws DeploymentRefusedError when there is none */
  static find(): TerraformProgram {
    const chosen = process.env['PAYMENTS_TERRAFORM'];
    const candidates = chosen === undefined ? PROGRAMS : [chosen];
    const found = candidates.find((program) => spawnSync(program, ['version']).error === undefined);
    if (found !== undefined) return new TerraformProgram(found);
    throw new DeploymentRefusedError(
      chosen === undefined
        ? 'Neither terraform nor tofu is in the PATH: install one, or name it in PAYMENTS_TERRAFORM.'
        : `PAYMENTS_TERRAFORM names ${chosen}, which cannot be run.`,
    );
  }

  /**
   * Runs a command on the stack in a directory, with this process's input and output.
   *
   * @param alsoGood an exit status beside 0 that is no failure
   * @returns the exit status
   * @throws DeploymentRefusedError when it fails; it has said why
   */
  async run(stack: string, directory: string, args: readonly string[], alsoGood = 0): Promise<number> {
    const ended = await this.#runToEnd([`-chdir=${directory}`, ...args]);
    if (ended === 0 || ended === alsoGood) return ended;
    const how = typeof ended === 'number' ? `ended with ${ended}` : `was ended by ${ended}`;
    throw new DeploymentRefusedError(`${this.#program} ${args[0]} of ${stack} ${how}; see above.`);
  }

  /** Gives the exit status, or the signal that ended it. */
  async #runToEnd(args: readonly string[]): Promise<number | NodeJS.Signals> {
    const child = spawn(this.#program, args, { stdio: 'inherit' });
    // Ctrl-C reaches Terraform too, which then finishes what it has begun and releases its lock: wait for that.
    const forward = (signal: NodeJS.Signals): void => {
      if (signal !== 'SIGINT') child.kill(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, forward);
    const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    for (const each of ['SIGINT', 'SIGTERM'] as const) process.off(each, forward);
    return status ?? signal ?? 1;
  }
}
