import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findingText } from '../cardholder-data/finding.ts';
import { type ScanResult, scanPaths } from '../cardholder-data/scan-paths.ts';
import { type Command, CommandUsageError } from './command.ts';

const BYTES_IN_MB = 2 ** 20;

/** `payments scan`: whether cardholder data lies somewhere that it must not. */
export const scan: Command = {
  name: 'scan',
  summary: 'look for card numbers, track data and security codes in files',
  help: `payments scan <paths…> [options]

Looks for cardholder data in files, and in folders with all that is in them: card numbers (13 to 19 digits that pass
Luhn and begin as an issuer's do, together or with blanks or dashes between them), track data, and security codes and
PIN blocks that are named so. Also in base64, hexadecimal (with packed digits of ISO 8583), EBCDIC, gzip, zip, zstd
and deflate, and in each of them inside another; in SQLite files row by row, and in their free pages. Prints each
find masked with its place, and exits with 1 when there is any or when something could not be looked into.

  --json                 the findings for machines

Example:  payments scan .payments`,
  run: async (args, output) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (positionals.length === 0) throw new CommandUsageError('scan takes the paths of files or folders.');
    const missing = positionals.find((path) => !existsSync(path));
    if (missing !== undefined) throw new CommandUsageError(`There is no ${missing}.`);
    const json = values.json === true;
    const result = await scanPaths(positionals, (finding) => {
      if (!json) output.print(findingText(finding));
    });
    if (json) output.print(JSON.stringify(result, null, 2));
    else for (const line of resultLines(result)) output.print(line);
    return isClean(result) ? 0 : 1;
  },
};

/** True when everything was looked into and nothing was found. */
export function isClean({ findings, unscanned }: ScanResult): boolean {
  return findings.length === 0 && unscanned.length === 0;
}

/** What was looked at, and what it came to, as lines. */
export function resultLines({ files, bytes, findings, unscanned }: ScanResult): readonly string[] {
  const looked = `${files.toLocaleString('en-GB')} ${files === 1 ? 'file' : 'files'}, ${(bytes / BYTES_IN_MB).toFixed(1)} MB`;
  return [
    ...unscanned.map(
      ({ path, part, reason }) => `not scanned: ${path}${part === undefined ? '' : `, ${part}`}: ${reason}`,
    ),
    findings.length === 0
      ? `Nothing found in ${looked}.`
      : `${findings.length.toLocaleString('en-GB')} found in ${looked}.`,
  ];
}
