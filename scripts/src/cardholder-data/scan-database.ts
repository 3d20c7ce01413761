import { DatabaseSync } from 'node:sqlite';
import { NotUnpackedError } from './decompress.ts';
import { type Finding, findingOf, type Unscanned } from './finding.ts';
import { scanBytes } from './scan-bytes.ts';

/** How every SQLite 3 file begins (https://www.sqlite.org/fileformat.html, 1.3). */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
export const MAGIC_BYTES = MAGIC.length;
/** A value that is shorter holds nothing that is looked for. */
const VALUE_MIN = 12;

/** Hears what a scan comes upon. */
export interface ScanReport {
  found(finding: Finding): void;
  unscanned(unscanned: Unscanned): void;
}

/** True for the first bytes of a SQLite database. */
export function isDatabase(start: Uint8Array): boolean {
  return MAGIC.equals(start.subarray(0, MAGIC_BYTES));
}

/**
 * Scans every value of every row of a SQLite database, one row at a time: in the file itself a long value may be
 * cut apart by the bounds of pages. What only the file holds, such as rows that were deleted, is not seen here.
 *
 * @param shown how the path is told
 */
export function scanDatabase(path: string, shown: string, report: ScanReport): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .all() as unknown as readonly { name: string }[];
    for (const { name } of tables) scanTable(database, name, shown, report);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const hint = said.includes('locked') ? '; stop the local cloud that uses it first' : '';
    report.unscanned({ path: shown, reason: `the database cannot be read: ${said}${hint}` });
  } finally {
    database?.close();
  }
}

function scanTable(database: DatabaseSync, table: string, path: string, report: ScanReport): void {
  const statement = database.prepare(`SELECT * FROM "${table.replaceAll('"', '""')}"`);
  statement.setReadBigInts(true);
  let row = 0;
  for (const values of statement.iterate()) {
    row += 1;
    for (const [column, value] of Object.entries(values)) {
      const part = `table ${table}, row ${row}, ${column}`;
      try {
        for (const placed of scanBytes(bytesOf(value))) report.found(findingOf(placed, { path, part }));
      } catch (error) {
        if (!(error instanceof NotUnpackedError)) throw error;
        report.unscanned({ path, part, reason: error.message });
      }
    }
  }
}

function bytesOf(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const text = value === null ? '' : String(value);
  return text.length < VALUE_MIN ? Buffer.alloc(0) : Buffer.from(text);
}
