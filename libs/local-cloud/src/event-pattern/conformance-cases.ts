import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where third-party conformance cases lie; they are no part of the repository. */
const CASES_DIRECTORY =
  process.env['PAYMENTS_CONFORMANCE_DIR'] ??
  fileURLToPath(new URL('../../../../../shared/conformance/', import.meta.url));

/** The cases of one file for a test, or nothing when the folder is absent; the caller says so by name. */
export function conformanceCases<T>(file: string): readonly T[] | undefined {
  const path = `${CASES_DIRECTORY.replace(/\/$/, '')}/${file}`;
  if (!existsSync(path)) return undefined;
  return JSON.parse(readFileSync(path, 'utf8')) as readonly T[];
}
