/** A longer line is no authorization; it is cut off here, so that it takes no more memory than this. */
export const LINE_BYTES_MAX = 64 * 1024;

const NEWLINE = 0x0a;
/** No JSON ends so: a line that was cut off cannot be taken for a whole one. */
const CUT_OFF = '\u0000';

/** A line with its number in the file, from 1. */
export interface FileLine {
  readonly number: number;
  readonly text: string;
}

/** The lines of a file as its bytes come, blank ones too. What follows the last newline is a line if it is not empty. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileLine> {
  let number = 0;
  let line = new LineBytes();
  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      line.add(chunk.subarray(start, end));
      number += 1;
      yield { number, text: line.text() };
      line = new LineBytes();
      start = end + 1;
    }
    line.add(chunk.subarray(start));
  }
  if (!line.isEmpty) yield { number: number + 1, text: line.text() };
}

/** Groups lines into chunks of a size: chunk n holds the same lines whenever a file is read. */
export async function* chunksOf(
  lines: AsyncIterable<FileLine>,
  size: number,
): AsyncGenerator<readonly FileLine[]> {
  let chunk: FileLine[] = [];
  for await (const line of lines) {
    chunk.push(line);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** The bytes of one line, no more of them than are kept. */
class LineBytes {
  readonly #parts: Uint8Array[] = [];
  #length = 0;
  #isCutOff = false;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const kept = bytes.subarray(0, LINE_BYTES_MAX - this.#length);
    // Copied, since whoever gave the bytes may use their memory again.
    if (kept.length > 0) this.#parts.push(Uint8Array.from(kept));
    this.#length += kept.length;
    this.#isCutOff ||= kept.length < bytes.length;
  }

  text(): string {
    const text = new TextDecoder().decode(Buffer.concat(this.#parts)).replace(/\r$/, '');
    return this.#isCutOff ? text + CUT_OFF : text;
  }
}
