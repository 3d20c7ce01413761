import { closeSync, createReadStream, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { Unzip, UnzipInflate } from 'fflate';
import { compressionOf } from './decompress.ts';
import { type Finding, findingOf, type Place, type Unscanned } from './finding.ts';
import { scanBytes } from './scan-bytes.ts';
import { isDatabase, MAGIC_BYTES, type ScanReport, scanDatabase } from './scan-database.ts';
import { WindowScanner } from './window-scanner.ts';

/** What a scan looked at, and what it came to. */
export interface ScanResult {
  readonly files: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
  /** What nobody has looked into; a scan that has some has not found nothing. */
  readonly unscanned: readonly Unscanned[];
}

/**
 * Scans files, and folders with all that is in them, for cardholder data. Symbolic links are not followed; of a path
 * that is not there, nothing is said.
 *
 * @param onFinding hears each finding as it is made
 */
export async function scanPaths(
  paths: readonly string[],
  onFinding: (finding: Finding) => void = () => undefined,
): Promise<ScanResult> {
  const findings: Finding[] = [];
  const unscanned: Unscanned[] = [];
  const report: ScanReport = {
    found: (finding) => {
      findings.push(finding);
      onFinding(finding);
    },
    unscanned: (each) => unscanned.push(each),
  };
  let files = 0;
  let bytes = 0;
  for (const path of paths) {
    for (const { file, size } of filesUnder(path)) {
      files += 1;
      bytes += size;
      try {
        await scanFile(file, report);
      } catch (error) {
        // A file that is gone meanwhile holds nothing; one that cannot be read may hold anything.
        if (isGone(error)) continue;
        const reason = error instanceof Error ? error.message : String(error);
        report.unscanned({ path: file, reason });
      }
    }
  }
  return { files, bytes, findings, unscanned };
}

function* filesUnder(path: string): Generator<{ file: string; size: number }> {
  const about = lstatSync(path, { throwIfNoEntry: false });
  if (about?.isFile() === true) yield { file: path, size: about.size };
  if (about?.isDirectory() !== true) return;
  for (const name of readdirSync(path).sort()) yield* filesUnder(join(path, name));
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function scanFile(file: string, report: ScanReport): Promise<void> {
  const start = startOf(file);
  if (isDatabase(start)) {
    const inRows = new Set<string>();
    scanDatabase(file, file, {
      ...report,
      found: (finding) => {
        inRows.add(finding.fingerprint);
        report.found(finding);
      },
    });
    // What was deleted still stands in free pages; what stands in rows too is told once.
    const pages = new WindowScanner((placed) => {
      const finding = findingOf(placed, { path: file });
      if (!inRows.has(finding.fingerprint)) report.found(finding);
    }, 'pages');
    await scanInto(pages, createReadStream(file));
    return;
  }
  // Compressed digits may read as other digits.
  if (!(await scanCompressed(file, start, report)))
    await scanStream(createReadStream(file), { path: file }, report.found);
}

async function scanStream(
  stream: Readable,
  place: Place,
  found: ScanReport['found'],
  encodings: readonly string[] = [],
): Promise<void> {
  const scanner = new WindowScanner((placed) =>
    found(findingOf({ ...placed, encodings: [...encodings, ...placed.encodings] }, place)),
  );
  await scanInto(scanner, stream);
}

async function scanInto(scanner: WindowScanner, stream: Readable): Promise<void> {
  for await (const chunk of stream) scanner.push(chunk as Buffer);
  scanner.end();
}

/**
 * Scans the content of a compressed file, as it is unpacked; offsets are those of the content.
 *
 * @returns false for a file that is not compressed, or not as it begins
 */
async function scanCompressed(file: string, start: Uint8Array, report: ScanReport): Promise<boolean> {
  const encoding = compressionOf(start);
  if (encoding === undefined) return false;
  try {
    if (encoding === 'zip') {
      await scanZip(file, report);
      return true;
    }
    const transform = { gzip: createGunzip, zstd: createZstdDecompress, deflate: createInflate }[encoding]();
    const source = createReadStream(file);
    source.on('error', (error) => transform.destroy(error));
    await scanStream(source.pipe(transform), { path: file }, report.found, [encoding]);
    return true;
  } catch (error) {
    // Other files begin with the two bytes of deflate too.
    if (encoding === 'deflate') return false;
    const said = error instanceof Error ? error.message : String(error);
    report.unscanned({ path: file, reason: `it begins as ${encoding} and cannot be unpacked: ${said}` });
    return false;
  }
}

async function scanZip(file: string, report: ScanReport): Promise<void> {
  let failure: Error | undefined;
  const unzip = new Unzip((entry) => {
    const encoding = `zip ${entry.name}`;
    for (const placed of scanBytes(Buffer.from(entry.name)))
      report.found(findingOf({ ...placed, encodings: ['zip names'] }, { path: file }));
    const scanner = new WindowScanner((placed) =>
      report.found(findingOf({ ...placed, encodings: [encoding, ...placed.encodings] }, { path: file })),
    );
    entry.ondata = (error, chunk, final) => {
      if (error !== null) {
        failure ??= error;
        return;
      }
      scanner.push(chunk);
      if (final) scanner.end();
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  for await (const chunk of createReadStream(file)) unzip.push(chunk as Buffer, false);
  unzip.push(new Uint8Array(), true);
  if (failure !== undefined) throw failure;
}

function startOf(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const start = Buffer.alloc(MAGIC_BYTES);
    return start.subarray(0, readSync(descriptor, start, 0, MAGIC_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}
