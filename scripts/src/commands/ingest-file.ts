import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { KMSClient } from '@aws-sdk/client-kms';
import { GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { arnOf, bucketName, keyAlias, resourceName } from '@payments/infra/names';
import { encryptingStream, fileIdOf, keyServiceOf } from '@payments/ingest/inbound-file';
import { bar, ProgressLine } from '../progress.ts';
import { uploadStream } from '../upload-stream.ts';
import type { Command, Output } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  ConnectionRefusedError,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { onlyArgument } from './only-argument.ts';

/** Only files of which the name ends so are read. */
const SUFFIX = '.encrypted';
const POLL_MS = 500;
/** How many unreadable lines are shown one by one. */
const UNREADABLE_SHOWN = 20;
const NEWLINE = 0x0a;

const HELP = `payments ingest file <path> [options]

Sends a file of authorizations: encrypts it as it is read, with the AWS Encryption SDK and the key of inbound files,
puts it into the bucket, and follows how it is read until it is done. Nothing of it is written in clear. Each line
is an ISO 8583 pair or an authorization request as JSON, or a pair as "<scheme> <profile> <loggedAt> <request>
<response>" in hex.

  --name <text>          the file's name in the bucket (default: its own)
  --no-follow            only send it
  --json                 what was sent and how it was read, with every line that could not be read
${CONNECTION_HELP}

Example:  payments ingest file sample/authorizations.jsonl`;

/** What the table of files says of one. */
interface FileRow {
  readonly state: 'RUNNING' | 'DONE' | 'FAILED';
  readonly lines: number;
  readonly chunks: number;
  readonly read: number;
  readonly approved: number;
  readonly declined: number;
  readonly unreadable: number;
  readonly reason?: string;
  readonly explanation?: string;
}

interface UnreadableLine {
  readonly line: number;
  readonly reason: string;
  readonly explanation: string;
}

/** `payments ingest file`. */
export const ingestFile: Command = {
  name: 'ingest file',
  summary: 'send an encrypted file of authorizations, and follow how it is read',
  help: HELP,
  run: async (args, output) => {
    const { path, name, follow, asJson, options } = read(args);
    const connection = await openConnection(connectionOptions(options));
    const progress = new ProgressLine(process.stderr);
    try {
      if (connection.kind === 'at-rest') {
        throw new ConnectionRefusedError(
          'No local cloud runs that could read a file: run "npm start" in another terminal.',
        );
      }
      const sent = await sendFile(connection, path, name, progress);
      const { fileId, lines } = sent;
      progress.clear();
      if (!asJson) output.print(`Sent    ${fileId}, ${lines.toLocaleString('en-GB')} lines`);
      else if (!follow) output.print(JSON.stringify(sent, null, 2));
      if (!follow) return 0;
      const row = await followFile(connection, fileId, lines, progress);
      progress.clear();
      if (asJson) output.print(JSON.stringify(await reportOf(connection, fileId, row), null, 2));
      else await printReport(connection, fileId, row, output);
      return row.state === 'DONE' ? 0 : 1;
    } finally {
      progress.clear();
      await connection.close();
    }
  },
};

/** @throws CommandUsageError */
function read(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      name: { type: 'string' },
      'no-follow': { type: 'boolean' },
      json: { type: 'boolean' },
      ...CONNECTION_OPTIONS,
    },
    allowPositionals: true,
  });
  const path = onlyArgument(positionals, 'Name one file.');
  const name = values.name ?? basename(path);
  return { path, name, follow: values['no-follow'] !== true, asJson: values.json === true, options: values };
}

/** Encrypts a file as it is read and puts it as it is encrypted. */
async function sendFile(
  { environment, configuration, s3 }: Connection,
  path: string,
  name: string,
  progress: ProgressLine,
): Promise<{ readonly fileId: string; readonly lines: number }> {
  const total = (await stat(path)).size;
  const kms = new KMSClient(configuration);
  const counted = new CountedLines((bytes) => progress.show(`Sending     ${bar(bytes, total)} bytes`));
  try {
    const keyArn = arnOf(environment, 'kms', keyAlias(environment, 'inbound'));
    const cipher = encryptingStream(keyServiceOf(kms), keyArn);
    const file = { bucket: bucketName(environment, 'ingest', 'inbound'), key: `${name}${SUFFIX}` };
    const flow = pipeline(createReadStream(path), counted, cipher);
    const [versionId] = await Promise.all([
      uploadStream(s3, { Bucket: file.bucket, Key: file.key }, cipher),
      flow,
    ]);
    return { fileId: fileIdOf({ ...file, versionId }), lines: counted.lines };
  } finally {
    kms.destroy();
  }
}

/** Counts the bytes and lines that pass. */
class CountedLines extends Transform {
  lines = 0;
  #bytes = 0;
  #last = NEWLINE;
  readonly #onProgress: (bytes: number) => void;

  constructor(onProgress: (bytes: number) => void) {
    super();
    this.#onProgress = onProgress;
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, data: Buffer) => void): void {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) this.lines += 1;
    this.#bytes += chunk.length;
    this.#last = chunk.at(-1) ?? this.#last;
    this.#onProgress(this.#bytes);
    done(null, chunk);
  }

  override _flush(done: () => void): void {
    // What follows the last newline is a line too.
    if (this.#last !== NEWLINE) this.lines += 1;
    done();
  }
}

async function followFile(
  { environment, documents }: Connection,
  fileId: string,
  lines: number,
  progress: ProgressLine,
): Promise<FileRow> {
  const TableName = resourceName(environment, 'ingest', 'batches');
  for (;;) {
    const { Item } = await documents.send(
      new GetCommand({ TableName, Key: { fileId, part: 'FILE' }, ConsistentRead: true }),
    );
    const row = Item as FileRow | undefined;
    if (row !== undefined && row.state !== 'RUNNING') return row;
    progress.show(`Reading     ${bar(row?.lines ?? 0, lines)} lines`);
    await setTimeout(POLL_MS);
  }
}

/** What `--json` prints of a file that was read, or failed. */
async function reportOf(connection: Connection, fileId: string, row: FileRow) {
  const { state, lines, chunks, read, approved, declined, reason, explanation } = row;
  const unreadable: UnreadableLine[] = [];
  for await (const line of unreadableLines(connection, fileId)) unreadable.push(line);
  return { fileId, state, reason, explanation, lines, chunks, read, approved, declined, unreadable };
}

async function printReport(
  connection: Connection,
  fileId: string,
  row: FileRow,
  output: Output,
): Promise<void> {
  const number = (value: number): string => value.toLocaleString('en-GB');
  output.print(
    `${row.state.padEnd(7)} read ${number(row.read)} · approved ${number(row.approved)} · declined ${number(row.declined)} · unreadable ${number(row.unreadable)} · chunks ${number(row.chunks)}`,
  );
  if (row.state === 'FAILED') output.warn(`${row.reason}: ${row.explanation}`);
  let shown = 0;
  for await (const { line, reason, explanation } of unreadableLines(connection, fileId)) {
    shown += 1;
    if (shown > UNREADABLE_SHOWN) break;
    output.print(`  line ${line}: ${reason}: ${explanation}`);
  }
  if (row.unreadable > UNREADABLE_SHOWN)
    output.print(`  … and ${number(row.unreadable - UNREADABLE_SHOWN)} more unreadable lines`);
}

async function* unreadableLines(
  { environment, documents }: Connection,
  fileId: string,
): AsyncGenerator<UnreadableLine> {
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: resourceName(environment, 'ingest', 'batches'),
      KeyConditionExpression: 'fileId = :file AND begins_with(part, :chunk)',
      FilterExpression: 'size(unreadable) > :none',
      ExpressionAttributeValues: { ':file': fileId, ':chunk': 'CHUNK#', ':none': 0 },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { unreadable } of Items as { unreadable: readonly UnreadableLine[] }[]) yield* unreadable;
  }
}
