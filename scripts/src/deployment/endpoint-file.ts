import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROOT } from '../stack-files.ts';

const FILE = 'endpoint.json';
const DEFAULT_DATA_DIRECTORY = '.payments';

/** Where a running local cloud is reached, as its data directory says. */
export interface RunningEndpoint {
  readonly url: string;
  readonly pid: number;
  /** The name of the environment that it plays. */
  readonly environment: string;
}

/** The data directory that is meant when nobody names one: `PAYMENTS_DATA_DIR`, else `.payments`, from the root. */
export function defaultDataDirectory(): string {
  return resolve(ROOT, process.env['PAYMENTS_DATA_DIR'] ?? DEFAULT_DATA_DIRECTORY);
}

/** Says where the local cloud of a data directory listens. */
export function writeEndpoint(dataDirectory: string, endpoint: RunningEndpoint): void {
  writeFileSync(join(dataDirectory, FILE), `${JSON.stringify(endpoint)}\n`);
}

/** Takes back what `writeEndpoint` said. */
export function removeEndpoint(dataDirectory: string): void {
  rmSync(join(dataDirectory, FILE), { force: true });
}

/** Where the local cloud of a data directory listens, or undefined when none runs: a killed one leaves its file. */
export function runningEndpoint(dataDirectory: string): RunningEndpoint | undefined {
  const path = join(dataDirectory, FILE);
  if (!existsSync(path)) return undefined;
  const endpoint = JSON.parse(readFileSync(path, 'utf8')) as RunningEndpoint;
  return isAlive(endpoint.pid) ? endpoint : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process answers so.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
