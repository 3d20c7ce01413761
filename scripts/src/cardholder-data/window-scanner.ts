import { type PlacedFind, type ScannedForm, scanBytes } from './scan-bytes.ts';

/** How much is looked at in one go, and how much of it once more with what follows. */
const WINDOW_BYTES = 1024 * 1024;
/** Longer than anything that is found, with its wrapping, where the wrapping is not itself longer. */
const OVERLAP_BYTES = 64 * 1024;

/**
 * Scans content of any length as it comes, in memory for one window. A base64 or hexadecimal text that is longer
 * than a window is looked at in pieces, which are read from each start that a piece can have.
 */
export class WindowScanner {
  readonly #onFind: (placed: PlacedFind) => void;
  readonly #form: ScannedForm;
  /** What was found in the overlap is found again with what follows it. */
  #told = new Set<string>();
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #start = 0;

  /** @param onFind hears each find, with its offset in the whole content */
  constructor(onFind: (placed: PlacedFind) => void, form: Exclude<ScannedForm, 'whole'> = 'part') {
    this.#onFind = onFind;
    this.#form = form;
  }

  /** Takes what comes next. */
  push(chunk: Uint8Array): void {
    this.#pending.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#pendingBytes += chunk.byteLength;
    if (this.#pendingBytes < WINDOW_BYTES) return;
    const window = Buffer.concat(this.#pending);
    this.#scan(window);
    // A copy, so that the window itself can go.
    const rest = Buffer.from(window.subarray(window.length - OVERLAP_BYTES));
    this.#start += window.length - rest.length;
    this.#pending = [rest];
    this.#pendingBytes = rest.length;
  }

  /** Scans what is left. */
  end(): void {
    this.#scan(Buffer.concat(this.#pending));
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  #scan(window: Buffer): void {
    const told = new Set<string>();
    for (const placed of scanBytes(window, this.#form)) {
      const offset = this.#start + placed.offset;
      const key = `${placed.find.kind} ${placed.find.digits} ${placed.encodings.length === 0 ? offset : placed.encodings.join()}`;
      told.add(key);
      if (!this.#told.has(key)) this.#onFind({ ...placed, offset });
    }
    this.#told = told;
  }
}
