import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { DEFAULT_ENVIRONMENT, loadEnvironment } from '@payments/infra/environment';
import { type GrantReport, LocalCloud } from '@payments/local-cloud';
import { runningEndpoint } from '../deployment/endpoint-file.ts';
import { ROOT } from '../stack-files.ts';

const STORE_FILE = 'cloud.sqlite';

/** A data directory that holds no state of a local cloud. */
export class NoStateError extends Error {
  override readonly name = 'NoStateError';
  readonly code = 'NoState';
  readonly retryable = false;
}

/**
 * What was granted, used and denied in the local cloud of a data directory, whether it runs or not.
 *
 * @throws NoStateError when the directory holds none
 */
export async function readGrants(dataDirectory: string): Promise<GrantReport> {
  const running = runningEndpoint(dataDirectory);
  if (running !== undefined) {
    const answer = await fetch(`${running.url}/_local-cloud/grants`);
    if (!answer.ok) throw new Error(`the local cloud does not tell its grants: ${await answer.text()}`);
    return (await answer.json()) as GrantReport;
  }
  if (!existsSync(join(dataDirectory, STORE_FILE))) {
    const shown = relative(ROOT, resolve(dataDirectory)) || '.';
    throw new NoStateError(
      `No local cloud runs on ${shown} and it holds no state of one: run "npm start" first, or name another directory.`,
    );
  }
  const { accountId: id, region } = loadEnvironment(DEFAULT_ENVIRONMENT);
  const cloud = new LocalCloud({ account: { id, region }, dataDirectory, host: 'in-process' });
  try {
    return cloud.grants();
  } finally {
    await cloud.close();
  }
}
