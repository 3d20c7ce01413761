import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Owner } from '@payments/infra/names';

const SCRIPT = fileURLToPath(new URL('./synthesize-environment.ts', import.meta.url));

/** Stacks that could not be synthesized; the message is what the synthesis said. */
export class SynthesisFailedError extends Error {
  override readonly name = 'SynthesisFailedError';
  readonly code = 'SynthesisFailed';
  readonly retryable = false;
}

/**
 * Synthesizes an environment's stacks into a directory of their own, in a process of its own, because CDKTF is
 * slow to load. The packages must have been bundled; their own stacks are not touched.
 *
 * @param environment the environment's name
 * @param directory is made when it is not there
 * @param stacks which; all when absent
 * @returns the directory that holds `<stack>/cdk.tf.json` for each of them
 * @throws SynthesisFailedError
 */
export async function synthesizeEnvironment(
  environment: string,
  directory: string,
  stacks: readonly Owner[] = [],
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      SCRIPT,
      environment,
      directory,
      ...stacks,
    ]);
    return stdout.trim();
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new SynthesisFailedError(said === '' ? String(error) : said, { cause: error });
  }
}
