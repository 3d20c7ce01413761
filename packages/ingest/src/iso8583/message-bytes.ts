import { type Iso8583FormatCode, Iso8583FormatError, type MessagePart } from '../errors.ts';

/** Reads the bytes of a message in order and knows, for errors, which part it is in. */
export class MessageReader {
  part: MessagePart = 'MTI';
  #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes that were taken. */
  get offset(): number {
    return this.#offset;
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /**
   * Takes the next bytes as a view, not a copy.
   *
   * @throws Iso8583FormatError CUT_SHORT when fewer are left
   */
  take(count: number): Uint8Array {
    const end = this.#offset + count;
    // The fault lies at the end of what there is, not where the element began.
    if (end > this.#bytes.length) throw new Iso8583FormatError('CUT_SHORT', this.part, this.#bytes.length);
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  /** The error for a fault at the current offset, or that many bytes before it. */
  fault(code: Iso8583FormatCode, bytesBack = 0): Iso8583FormatError {
    return new Iso8583FormatError(code, this.part, this.#offset - bytesBack);
  }
}

/** Collects the bytes of a message and knows, for errors, which part it is in. */
export class MessageWriter {
  part: MessagePart = 'MTI';
  readonly bytes: number[] = [];

  push(byte: number): void {
    this.bytes.push(byte);
  }

  /** The error for a value that cannot be written; it has no place in the message yet. */
  fault(code: Iso8583FormatCode): Iso8583FormatError {
    return new Iso8583FormatError(code, this.part, 0);
  }
}
