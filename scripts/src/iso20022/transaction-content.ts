import { sequenceIdOf } from '@payments/domain';
import type { PostedSequence } from '@payments/iso20022';
import type { CainDocument, Card, PostingEntry } from '@payments/schemas';
import { type Connection, type ConnectionOptions, openConnection } from '../commands/connection.ts';
import { transactionEvents } from '../commands/transaction-events.ts';
import { findTransaction, type JsonRecord, ledgerRows } from '../commands/transaction-rows.ts';

/** What is known of one transaction, as far as ISO 20022 messages are made from it. */
export interface TransactionContent {
  readonly transactionId: string;
  /** What was published about it; `producedAt` is RFC 3339. */
  readonly events: readonly {
    readonly name: string;
    readonly producedAt?: string;
    readonly record: JsonRecord;
  }[];
  /** The ledger's rows of its sequence: a header, then the entries; none when nothing is booked. */
  readonly ledger: readonly JsonRecord[];
}

/** Finds a transaction by its id or the beginning of it. */
export type ReadTransaction = (id: string, options: ConnectionOptions) => Promise<TransactionContent>;

/** Reads a transaction from an environment: its events from the archive, its entries from the ledger. */
export const readTransaction: ReadTransaction = async (id, options) => {
  const connection = await openConnection(options);
  try {
    return await contentOf(connection, id);
  } finally {
    await connection.close();
  }
};

/** The same through a connection that is open. */
export async function contentOf(connection: Connection, id: string): Promise<TransactionContent> {
  const transactionId = await findTransaction(connection, id);
  const { events } = await transactionEvents(connection, transactionId);
  const ledger = await ledgerRows(connection, undefined, [sequenceIdOf(transactionId)]);
  return { transactionId, events, ledger };
}

/** There is nothing to make the message from; the message says why that may be. */
export class MessageMissingError extends Error {
  override readonly name = 'MessageMissingError';
  readonly code: 'DocumentMissing' | 'SequenceMissing';
  readonly retryable = true;

  constructor(code: MessageMissingError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The record that carries the card message: enrichment adds nothing to it. */
interface DocumentRecord {
  readonly card: Card;
  readonly document: CainDocument;
}

const DOCUMENT_EVENTS: readonly string[] = ['TransactionStandardized', 'TransactionEnriched'];
const POSTED_EVENT = 'TransactionPosted';
const HEADER_POSITION = 'SEQUENCE';

/** The card message of a transaction. @throws MessageMissingError DocumentMissing */
export function cainDocumentOf(content: TransactionContent): CainDocument {
  const record = documentRecordOf(content);
  if (record === undefined)
    throw new MessageMissingError(
      'DocumentMissing',
      `There is no ISO 20022 document of transaction ${content.transactionId}: it was declined, parked or set aside before it was standardized, or its events cannot be read. "payments trace" says more.`,
    );
  return record.document;
}

/** What a transaction posted, with card and message. @throws MessageMissingError SequenceMissing */
export function postedSequenceOf(content: TransactionContent): PostedSequence {
  const { transactionId, events, ledger } = content;
  const header = ledger.find(({ position }) => position === HEADER_POSITION);
  const entries = ledger.filter(({ position }) => position !== HEADER_POSITION);
  if (header === undefined || entries.length === 0)
    throw new MessageMissingError(
      'SequenceMissing',
      `Nothing is booked for transaction ${transactionId}, so there is nothing to notify of. "payments trace" says why.`,
    );
  const { card, document } = documentRecordOf(content) ?? {};
  const posted = events.find(({ name }) => name === POSTED_EVENT);
  return {
    sequenceId: String(header['sequenceId']),
    transactionId,
    lifecycleId: String(header['lifecycleId']),
    scheme: String(header['scheme']),
    postedAt: posted?.producedAt ?? String(header['loggedAt']),
    // The ledger keeps an entry as the contract has it, with its keys beside it.
    entries: entries as readonly unknown[] as readonly PostingEntry[],
    ...(card !== undefined && { card }),
    ...(document !== undefined && { document }),
  };
}

function documentRecordOf({ events }: TransactionContent): DocumentRecord | undefined {
  const found = events.find(({ name }) => DOCUMENT_EVENTS.includes(name));
  // What a stage publishes has passed the closed contract of its event.
  return found?.record as DocumentRecord | undefined;
}
