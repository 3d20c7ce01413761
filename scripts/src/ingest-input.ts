import { setTimeout } from 'node:timers/promises';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import { chunksOf, type NumberedLine } from './input-lines.ts';
import { invoke } from './invoke.ts';

/** How many lines go into one invocation; the function takes up to 500. */
const LINES_A_CALL = 250;
/** A call that is refused is repeated after this long, doubled each time. */
const BACK_OFF_MS = 100;

/** How a chunk is sent again when the function fails; the same lines again add nothing. */
export interface Persistence {
  readonly attempts: number;
  sleep(milliseconds: number): Promise<unknown>;
}

const PERSISTENCE: Persistence = { attempts: 5, sleep: (milliseconds) => setTimeout(milliseconds) };

/** What the ingest function says of a chunk. */
interface IngestReport {
  readonly read: number;
  readonly approved: number;
  readonly declined: number;
  readonly unreadable: readonly UnreadableLine[];
  /** The transactions of the approved lines. */
  readonly transactions: readonly string[];
}

/** A line that could not be read, and why. */
export interface UnreadableLine {
  readonly line: number;
  readonly reason: string;
  readonly explanation: string;
}

/** What was ingested in this run. */
export interface Ingested {
  lines: number;
  approved: number;
  declined: number;
  readonly unreadable: UnreadableLine[];
  /** When each approved transaction was sent, in epoch milliseconds. */
  readonly sentAt: Map<string, number>;
}

/**
 * Ingests lines through the ingest function, in their order: one call at a time, so that the log has the order
 * of the file and a run that was interrupted can be repeated with the same outcome.
 *
 * @param onProgress called after each chunk with all that was ingested so far
 */
export async function ingestInput(
  environment: Environment,
  lambda: LambdaClient,
  lines: AsyncIterable<NumberedLine>,
  onProgress: (ingested: Ingested) => void,
  persistence: Persistence = PERSISTENCE,
): Promise<Ingested> {
  const functionName = resourceName(environment, 'ingest', 'ingest');
  const ingested: Ingested = { lines: 0, approved: 0, declined: 0, unreadable: [], sentAt: new Map() };
  for await (const chunk of chunksOf(lines, LINES_A_CALL)) {
    const sentAt = Date.now();
    const report = await send(lambda, functionName, chunk, persistence);
    ingested.lines += report.read;
    ingested.approved += report.approved;
    ingested.declined += report.declined;
    ingested.unreadable.push(...report.unreadable);
    for (const transactionId of report.transactions) ingested.sentAt.set(transactionId, sentAt);
    onProgress(ingested);
  }
  return ingested;
}

async function send(
  lambda: LambdaClient,
  functionName: string,
  lines: readonly NumberedLine[],
  { attempts, sleep }: Persistence,
): Promise<IngestReport> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await invoke<IngestReport>(lambda, functionName, { lines });
    } catch (error) {
      if (attempt === attempts) throw error;
      await sleep(BACK_OFF_MS * 2 ** (attempt - 1));
    }
  }
}
