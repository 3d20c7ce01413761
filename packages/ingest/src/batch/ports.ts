import { DomainError } from '@payments/domain';

/** One version of a file that a sender put. */
export interface FileVersion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
}

/** A file that can never be read as it is: it is reported as failed, and not tried again. */
export class FileUnreadableError extends DomainError {
  constructor(code: FileFailure, explanation: string, cause?: unknown) {
    super(code, explanation, { retryable: false, cause });
  }
}

/** Why a file can never be read. */
export type FileFailure = 'NOT_DECRYPTABLE' | 'NOT_AUTHORIZATION_LINES' | 'FILE_GONE';

/** Something that a file needs was not there for the moment, such as its key. The file is tried again. */
export class FileOutageError extends DomainError {
  constructor(explanation: string, cause: unknown) {
    super('FILE_OUTAGE', explanation, { retryable: true, cause });
  }
}

/** The files that senders put. */
export interface InboundFiles {
  /**
   * The clear bytes of a file as they are read; a file is never in memory as a whole.
   *
   * @throws FileUnreadableError, FileOutageError while it is read
   */
  read(file: FileVersion): AsyncIterable<Uint8Array>;
}

/** A line that could not be read: its number in the file, and why. */
export interface UnreadableFileLine {
  readonly line: number;
  readonly reason: string;
  readonly explanation: string;
}

/** What the lines of a chunk came to. */
export interface ChunkReport {
  /** From 0. */
  readonly chunk: number;
  readonly firstLine: number;
  readonly lastLine: number;
  /** Lines that are not blank. */
  readonly read: number;
  readonly approved: number;
  readonly declined: number;
  readonly unreadable: readonly UnreadableFileLine[];
}

export type FileState = 'RUNNING' | 'DONE' | 'FAILED';

/** How far a file is. */
export interface FileProgress {
  readonly state: FileState;
  /** Chunks that are done, from the first on. */
  readonly chunks: number;
}

/** Remembers how far each file is. */
export interface BatchProgress {
  /** How far a file is; it begins now when nobody has begun it. */
  begin(file: FileVersion): Promise<FileProgress>;
  /**
   * Says that a chunk is done, all those before it being done.
   *
   * @returns false when the file is not at this chunk (any more): another invocation did it
   */
  finishChunk(file: FileVersion, report: ChunkReport): Promise<boolean>;
  /** Says that a file is done. */
  complete(file: FileVersion): Promise<void>;
  /** Says that a file can never be read. */
  fail(file: FileVersion, reason: string, explanation: string): Promise<void>;
}
