import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** A stage's bundle as Terraform refers to it. */
export interface HandlerBundle {
  /** Relative to the stack's directory, so that what is synthesized holds no path of a machine. */
  readonly filename: string;
  /** SHA-256 in base64: a changed bundle is a changed function. */
  readonly sourceCodeHash: string;
}

/** A stage whose bundle is not there. */
export class BundleMissingError extends Error {
  override readonly name = 'BundleMissingError';
  readonly code = 'BundleMissing';
  readonly retryable = false;

  constructor(stage: string, path: string) {
    super(`${path} is not there; "pnpm turbo bundle --filter=@payments/${stage}" makes it`);
  }
}

/**
 * The bundle at a path, as the stack in a directory refers to it.
 *
 * @throws BundleMissingError when there is none
 */
export function handlerBundle(stage: string, zipPath: string, stackDirectory: string): HandlerBundle {
  if (!existsSync(zipPath)) throw new BundleMissingError(stage, zipPath);
  return {
    filename: `\${path.module}/${relative(stackDirectory, zipPath)}`,
    sourceCodeHash: createHash('sha256').update(readFileSync(zipPath)).digest('base64'),
  };
}
