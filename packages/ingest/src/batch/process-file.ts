import type { AuthorizationLog, AuthorizationRow } from '../ports.ts';
import { type ReadingPorts, readAuthorizations } from '../read-authorizations.ts';
import { chunksOf, type FileLine, linesOf } from './file-lines.ts';
import { inputTextOf } from './input-text.ts';
import {
  type BatchProgress,
  type ChunkReport,
  FileUnreadableError,
  type FileVersion,
  type InboundFiles,
} from './ports.ts';

/** Lines of a chunk, blank ones included. A stored file is gone on with by this size: another one would skip lines. */
export const CHUNK_LINES = 500;

/** What a file needs from outside. */
export interface FilePorts extends ReadingPorts {
  readonly log: AuthorizationLog;
  readonly files: InboundFiles;
  readonly progress: BatchProgress;
}

/** What became of a file in one invocation. */
export type FileOutcome =
  | { readonly kind: 'done'; readonly chunks: readonly ChunkReport[] }
  /** There was no time for more: the chunks that are done are remembered. */
  | { readonly kind: 'paused'; readonly chunks: readonly ChunkReport[] }
  | { readonly kind: 'failed'; readonly reason: string; readonly explanation: string }
  /** It was done or had failed before. */
  | { readonly kind: 'over' };

/**
 * Reads a file chunk by chunk into the authorization log, from where it was left. A chunk is written first and then
 * said to be done, and its rows are the same whenever they are written: whatever is cut off, doing a chunk again
 * changes nothing.
 *
 * @param hasTime asked before each chunk: whether there is time for it
 * @param chunkLines the lines of a chunk; the same for all invocations
 * @throws what the ports throw for the moment; the file is tried again
 */
export async function processFile(
  file: FileVersion,
  ports: FilePorts,
  hasTime: () => boolean,
  chunkLines: number = CHUNK_LINES,
): Promise<FileOutcome> {
  const before = await ports.progress.begin(file);
  if (before.state !== 'RUNNING') return { kind: 'over' };
  try {
    const chunks = chunksOf(linesOf(ports.files.read(file)), chunkLines);
    return await readFrom(before.chunks, chunks, file, ports, hasTime);
  } catch (error) {
    if (!(error instanceof FileUnreadableError)) throw error;
    const { code: reason, message: explanation } = error;
    await ports.progress.fail(file, reason, explanation);
    return { kind: 'failed', reason, explanation };
  }
}

async function readFrom(
  firstChunk: number,
  chunks: AsyncIterable<readonly FileLine[]>,
  file: FileVersion,
  ports: FilePorts,
  hasTime: () => boolean,
): Promise<FileOutcome> {
  const done: ChunkReport[] = [];
  let next = firstChunk;
  let chunk = -1;
  for await (const lines of chunks) {
    chunk += 1;
    if (chunk < next) continue;
    if (!hasTime()) return { kind: 'paused', chunks: done };
    const report = await processChunk(chunk, lines, ports);
    if (await ports.progress.finishChunk(file, report)) {
      done.push(report);
      next = chunk + 1;
      continue;
    }
    // Another invocation reads the same file and is ahead: what it did is not done again.
    const now = await ports.progress.begin(file);
    if (now.state !== 'RUNNING') return { kind: 'over' };
    next = Math.max(now.chunks, chunk + 1);
  }
  await ports.progress.complete(file);
  return { kind: 'done', chunks: done };
}

async function processChunk(
  chunk: number,
  lines: readonly FileLine[],
  ports: FilePorts,
): Promise<ChunkReport> {
  const filled = lines.filter(({ text }) => text.trim() !== '');
  const rows = await readAuthorizations(
    filled.map(({ text }) => inputTextOf(text)),
    ports,
  );
  if (chunk === 0 && rows.length > 0 && rows.every(isNoLine)) {
    throw new FileUnreadableError(
      'NOT_AUTHORIZATION_LINES',
      `none of the first ${rows.length} lines is JSON or an ISO 8583 pair`,
    );
  }
  await ports.log.write(rows);
  const count = (outcome: AuthorizationRow['outcome']) =>
    rows.filter((row) => row.outcome === outcome).length;
  return {
    chunk,
    firstLine: lines[0]?.number ?? 0,
    lastLine: lines.at(-1)?.number ?? 0,
    read: rows.length,
    approved: count('APPROVED'),
    declined: count('DECLINED'),
    unreadable: rows.flatMap((row, index) => {
      if (row.outcome !== 'UNREADABLE') return [];
      const { reason, explanation } = row;
      return [{ line: filled[index]?.number ?? 0, reason, explanation }];
    }),
  };
}

function isNoLine(row: AuthorizationRow): boolean {
  return row.outcome === 'UNREADABLE' && row.reason === 'NOT_JSON';
}
