import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { LedgerRow } from '../break.ts';
import type { LedgerLookup, LedgerStatement, StatementScope } from '../ledger-statement.ts';
import { scanSegments } from './scan-segments.ts';

/** How many sequences are asked for side by side. */
const QUERIES_TOGETHER_MAX = 10;
/** What an entry's sort key begins with; the sequence's own row is `SEQUENCE`, which comes after its entries. */
const ENTRY_PREFIX = 'ENTRY#';
/** What of a row is compared; the rest is not carried over the network. */
const PROJECTION = {
  ProjectionExpression:
    'sequenceId, #position, transactionId, scheme, loggedAt, lifecycleId, bookedAt, #sequence.#number, account.accountId, direction, amount, bookingDate, valueDate, eventCode, correction.sequenceId',
  ExpressionAttributeNames: { '#position': 'position', '#sequence': 'sequence', '#number': 'number' },
};

/** A row of the ledger: an entry, or the one that says that a sequence is booked. */
interface StoredRow {
  readonly sequenceId: string;
  readonly position: string;
  readonly transactionId: string;
  readonly scheme?: string;
  readonly loggedAt?: string;
  readonly lifecycleId?: string;
  readonly bookedAt?: string;
  readonly sequence?: { readonly number?: number };
  readonly account?: { readonly accountId: string };
  readonly direction?: LedgerRow['direction'];
  readonly amount?: { readonly minorUnits: string; readonly currency: string };
  readonly bookingDate: string;
  readonly valueDate: string;
  readonly eventCode?: string;
  readonly correction?: { readonly sequenceId: string };
}

/** The reference ledger as it stands in its table: all of it, or single sequences. */
export class ReferenceLedgerStatement implements LedgerStatement, LedgerLookup {
  readonly scope: StatementScope = { scheme: true, eventCode: true, valueDate: true };
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(documents: DynamoDBDocumentClient, table: string) {
    this.#documents = documents;
    this.#table = table;
  }

  async *read(): AsyncGenerator<readonly LedgerRow[]> {
    // The rows of a sequence come one after the other, its own row last; a page may end between them.
    const unfinished = new Map<number, StoredRow[]>();
    const input = { TableName: this.#table, ConsistentRead: true, ...PROJECTION };
    for await (const { segment, items } of scanSegments<StoredRow>(this.#documents, input)) {
      const rows: LedgerRow[] = [];
      let sequence = unfinished.get(segment) ?? [];
      for (const item of items) {
        if (sequence[0] !== undefined && sequence[0].sequenceId !== item.sequenceId) {
          rows.push(...ledgerRowsOf(sequence));
          sequence = [];
        }
        sequence.push(item);
      }
      unfinished.set(segment, sequence);
      yield rows;
    }
    yield [...unfinished.values()].flatMap(ledgerRowsOf);
  }

  async rowsOf(sequenceIds: readonly string[]): Promise<readonly LedgerRow[]> {
    const rows: LedgerRow[] = [];
    const ids = [...new Set(sequenceIds)];
    for (let start = 0; start < ids.length; start += QUERIES_TOGETHER_MAX) {
      const together = ids.slice(start, start + QUERIES_TOGETHER_MAX);
      rows.push(...(await Promise.all(together.map((id) => this.#sequence(id)))).flatMap(ledgerRowsOf));
    }
    return rows;
  }

  async #sequence(sequenceId: string): Promise<StoredRow[]> {
    const rows: StoredRow[] = [];
    const pages = paginateQuery(
      { client: this.#documents },
      {
        TableName: this.#table,
        KeyConditionExpression: 'sequenceId = :sequenceId',
        ExpressionAttributeValues: { ':sequenceId': sequenceId },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages) rows.push(...(Items as StoredRow[]));
    return rows;
  }
}

/** The entries of one sequence; what its own row says of the transaction, each of them says too. */
function ledgerRowsOf(rows: readonly StoredRow[]): LedgerRow[] {
  const own = rows.find(({ position }) => !position.startsWith(ENTRY_PREFIX));
  return rows.flatMap((row) => {
    const { sequenceId, position, sequence, account, direction, amount, correction } = row;
    if (account === undefined || direction === undefined || amount === undefined) return [];
    const { scheme, loggedAt, lifecycleId, bookedAt } = own ?? row;
    return {
      rowId: `${sequenceId}/${position}`,
      sequenceId,
      number: sequence?.number ?? 0,
      accountId: account.accountId,
      direction,
      minorUnits: amount.minorUnits,
      currency: amount.currency,
      bookingDate: row.bookingDate,
      valueDate: row.valueDate,
      transactionId: row.transactionId,
      ...(row.eventCode === undefined ? {} : { eventCode: row.eventCode }),
      ...(correction === undefined ? {} : { corrects: correction.sequenceId }),
      ...(scheme === undefined ? {} : { scheme }),
      ...(loggedAt === undefined ? {} : { loggedAt }),
      ...(lifecycleId === undefined ? {} : { lifecycleId }),
      ...(bookedAt === undefined ? {} : { bookedAt }),
    };
  });
}
