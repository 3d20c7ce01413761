import { IngestRequestError } from './errors.ts';
import type { AuthorizationLog, AuthorizationRow } from './ports.ts';
import { type ReadingPorts, readAuthorizations } from './read-authorizations.ts';

/** Lines that one invocation takes. */
export const LINES_MAX = 500;
/** What they may weigh together; an invocation of Lambda takes 6 MB (Lambda quotas). */
export const LINES_BYTES_MAX = 5_000_000;

/** One line of an input, with its number for the report. */
interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

/** What became of the lines. */
export interface IngestReport {
  readonly read: number;
  readonly approved: number;
  readonly declined: number;
  readonly unreadable: readonly {
    readonly line: number;
    readonly reason: string;
    readonly explanation: string;
  }[];
  /** The transactions of the approved lines, in their order. */
  readonly transactions: readonly string[];
}

/**
 * Reads lines and writes a row for each to the authorization log. The same lines again write the same rows, so a
 * caller that got an error sends all of them again.
 *
 * @param request `{ lines: [{ number, text }] }`
 * @throws IngestRequestError for another request; what the vault and the log throw, when anything is left unwritten
 */
export async function ingestLines(
  request: unknown,
  ports: ReadingPorts & { readonly log: AuthorizationLog },
): Promise<IngestReport> {
  const lines = linesOf(request);
  const rows = await readAuthorizations(
    lines.map(({ text }) => text),
    ports,
  );
  await ports.log.write(rows);
  const count = (outcome: AuthorizationRow['outcome']) =>
    rows.filter((row) => row.outcome === outcome).length;
  return {
    read: rows.length,
    approved: count('APPROVED'),
    declined: count('DECLINED'),
    unreadable: rows.flatMap((row, index) => {
      if (row.outcome !== 'UNREADABLE') return [];
      const { reason, explanation } = row;
      return [{ line: lines[index]?.number ?? 0, reason, explanation }];
    }),
    transactions: rows.flatMap((row) => (row.outcome === 'APPROVED' ? [row.transactionId] : [])),
  };
}

/** @throws IngestRequestError */
function linesOf(request: unknown): readonly NumberedLine[] {
  const lines = typeof request === 'object' && request !== null && 'lines' in request && request.lines;
  if (!Array.isArray(lines) || !lines.every(isNumberedLine))
    throw new IngestRequestError('the request is not { lines: [{ number, text }] }');
  if (lines.length > LINES_MAX)
    throw new IngestRequestError(`${lines.length} lines are more than ${LINES_MAX}`);
  const bytes = lines.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > LINES_BYTES_MAX)
    throw new IngestRequestError(`${bytes} bytes are more than ${LINES_BYTES_MAX}`);
  return lines;
}

function isNumberedLine(line: unknown): line is NumberedLine {
  return (
    typeof line === 'object' &&
    line !== null &&
    'number' in line &&
    Number.isSafeInteger(line.number) &&
    'text' in line &&
    typeof line.text === 'string'
  );
}
