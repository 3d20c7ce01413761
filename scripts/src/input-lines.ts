import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** One line of the input, numbered from 1. */
export interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

/** The lines of a file that are not blank. @throws Error naming the file when it is not there */
export async function* linesOfFile(path: string): AsyncGenerator<NumberedLine> {
  if (!existsSync(path)) throw new Error(`there is no input file ${path}`);
  let number = 0;
  for await (const text of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number += 1;
    if (text.trim() !== '') yield { number, text };
  }
}

/** Lines that are made up, numbered. */
export async function* numbered(lines: Iterable<string>): AsyncGenerator<NumberedLine> {
  let number = 0;
  for (const text of lines) {
    number += 1;
    yield { number, text };
  }
}

/** Groups lines into chunks of a size; the last may be smaller. */
export async function* chunksOf(
  lines: AsyncIterable<NumberedLine>,
  size: number,
): AsyncGenerator<NumberedLine[]> {
  let chunk: NumberedLine[] = [];
  for await (const line of lines) {
    chunk.push(line);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
