import type { BatchProgress, ChunkReport, FileProgress, FileState, FileVersion } from './ports.ts';

/** The progress of one file in memory, as the table keeps it. */
export class ProgressInMemory implements BatchProgress {
  state: FileState = 'RUNNING';
  reason: string | undefined;
  readonly reports: ChunkReport[] = [];

  /** What the file's own row says. */
  get totals(): { chunks: number; lines: number; read: number; approved: number; unreadable: number } {
    const sum = (of: (report: ChunkReport) => number) =>
      this.reports.reduce((total, report) => total + of(report), 0);
    return {
      chunks: this.reports.length,
      lines: this.reports.at(-1)?.lastLine ?? 0,
      read: sum(({ read }) => read),
      approved: sum(({ approved }) => approved),
      unreadable: sum(({ unreadable }) => unreadable.length),
    };
  }

  async begin(_file: FileVersion): Promise<FileProgress> {
    return { state: this.state, chunks: this.reports.length };
  }

  async finishChunk(_file: FileVersion, report: ChunkReport): Promise<boolean> {
    if (this.state !== 'RUNNING' || report.chunk !== this.reports.length) return false;
    this.reports.push(report);
    return true;
  }

  async complete(_file: FileVersion): Promise<void> {
    if (this.state === 'RUNNING') this.state = 'DONE';
  }

  async fail(_file: FileVersion, reason: string): Promise<void> {
    if (this.state !== 'RUNNING') return;
    this.state = 'FAILED';
    this.reason = reason;
  }
}
