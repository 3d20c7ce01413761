import { filesIn, messagesOf, notificationOf, type QueueMessage } from './notifications.ts';
import type { FileVersion } from './ports.ts';
import { type FileOutcome, type FilePorts, processFile } from './process-file.ts';

/** The time that is left for the last chunk and for saying where a file stopped, in milliseconds. */
export const TIME_FOR_A_CHUNK_MS = 30_000;

/** The queue that the bucket tells of its files. */
export interface FileQueue {
  /** Puts a message into the queue. */
  send(body: string): Promise<void>;
  /** Lets a message that failed come again soon, and not after the whole visibility timeout. */
  comeAgainSoon(receiptHandle: string): Promise<void>;
}

/** Hears what became of a file, for logs and metrics. */
export interface BatchObserver {
  ended(file: FileVersion, outcome: FileOutcome): void;
  failed(error: unknown): void;
}

/** What Lambda's mapping of a queue is answered (ReportBatchItemFailures). */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Reads the files that messages tell of. A file that there is no time for any more goes on in another invocation: the
 * queue gets a message for it, and this one is done with it, so that a long file never counts as one that fails. An
 * outage lets the message come again; after some times it is a dead letter.
 *
 * @param remainingMs the time that the invocation has left
 */
export async function serveBatch(
  event: unknown,
  ports: FilePorts & { readonly queue: FileQueue },
  remainingMs: () => number,
  observer: BatchObserver,
): Promise<BatchResponse> {
  const failures: { itemIdentifier: string }[] = [];
  for (const message of messagesOf(event)) {
    try {
      await serveMessage(message, ports, remainingMs, observer);
    } catch (error) {
      observer.failed(error);
      failures.push({ itemIdentifier: message.messageId });
      // The message comes again in any case.
      await ports.queue
        .comeAgainSoon(message.receiptHandle)
        .catch((cause: unknown) => observer.failed(cause));
    }
  }
  return { batchItemFailures: failures };
}

async function serveMessage(
  { body }: QueueMessage,
  ports: FilePorts & { readonly queue: FileQueue },
  remainingMs: () => number,
  observer: BatchObserver,
): Promise<void> {
  for (const file of filesIn(body)) {
    // One chunk is done in any case, or a file would go on for ever without getting on.
    let isFirst = true;
    const hasTime = (): boolean => {
      const has = isFirst || remainingMs() > TIME_FOR_A_CHUNK_MS;
      isFirst = false;
      return has;
    };
    const outcome = await processFile(file, ports, hasTime);
    if (outcome.kind === 'paused') await ports.queue.send(notificationOf(file));
    observer.ended(file, outcome);
  }
}
