import { archivedEvents } from './archived-events.ts';
import type { Connection } from './connection.ts';
import { eventsOfTables } from './events-of-tables.ts';
import { authorizationRow, type JsonRecord, ledgerRows, reconciliationRow } from './transaction-rows.ts';

/** What one event says of one transaction. */
export interface TransactionEvent {
  /** The event's name, as in `TransactionEnriched`. */
  readonly name: string;
  /** Absent where it was told from a table. */
  readonly eventId?: string;
  /** Who published it, as in `payments.enrich`. */
  readonly producedBy: string;
  /** RFC 3339; absent where no table says it. */
  readonly producedAt?: string;
  readonly causationId?: string;
  /** The transaction's record of it. */
  readonly record: JsonRecord;
  /** How often it was published: a record that is delivered twice is published twice, as the same event. */
  readonly times: number;
}

/** All events of a transaction, in the order in which they were first published. */
export interface TransactionEvents {
  readonly events: readonly TransactionEvent[];
  /** The archive of the local cloud, or, on AWS where an archive cannot be read, what the tables hold. */
  readonly source: 'archive' | 'tables';
}

/** What is said where events were told from tables. */
export const FROM_TABLES_NOTE =
  'An archive on AWS can only be replayed, not read: this is what the tables hold, without event ids.';

/**
 * Reads the events of a transaction: from the archive of the local cloud, or, where none can be read, from the
 * tables of the stages.
 *
 * @param transactionId the whole id
 */
export async function transactionEvents(
  connection: Connection,
  transactionId: string,
): Promise<TransactionEvents> {
  if (connection.kind === 'aws') {
    const authorization = await authorizationRow(connection, transactionId);
    const sides = await reconciliationRow(connection, transactionId);
    const ledger = await ledgerRows(connection, sides);
    return { events: eventsOfTables(authorization, sides, ledger), source: 'tables' };
  }
  const events = new Map<string, TransactionEvent>();
  for await (const { 'detail-type': name, detail } of archivedEvents(connection, transactionId)) {
    for (const record of detail.records ?? []) {
      if (record['transactionId'] !== transactionId) continue;
      const { eventId, producedBy = '', producedAt, causationId } = detail.metadata ?? {};
      // Packed with other neighbours, the same record travels in an event with another id.
      const key = `${name} ${String(record['idempotencyKey'] ?? eventId)}`;
      const before = events.get(key);
      events.set(key, {
        ...(before ?? {
          name,
          producedBy,
          record,
          ...(eventId === undefined ? {} : { eventId }),
          ...(producedAt === undefined ? {} : { producedAt }),
          ...(causationId === undefined ? {} : { causationId }),
        }),
        times: (before?.times ?? 0) + 1,
      });
    }
  }
  return { events: [...events.values()].sort(byTime), source: 'archive' };
}

/** Times are in milliseconds of one machine; within one, events stay in the order of the archive. */
function byTime(one: TransactionEvent, other: TransactionEvent): number {
  return (one.producedAt ?? '') < (other.producedAt ?? '')
    ? -1
    : Number((one.producedAt ?? '') > (other.producedAt ?? ''));
}
