import { describe, expect, it } from '@jest/globals';
import type { AuthorizationRow } from '../ports.ts';
import { DynamoDbAuthorizationLog } from './dynamodb-authorization-log.ts';
import { TableInMemory } from './table.fixture.ts';

function rows(count: number): AuthorizationRow[] {
  return Array.from({ length: count }, (_, number) => ({
    outcome: 'DECLINED',
    transactionId: `transaction-${number}`,
    scheme: 'VISA',
    loggedAt: '2026-11-15T10:15:01Z',
    responseCode: '51',
  }));
}

function logOn(table: TableInMemory) {
  const pauses: number[] = [];
  const log = new DynamoDbAuthorizationLog(table.documents, 'authorizations', async (milliseconds) => {
    pauses.push(milliseconds);
  });
  return { log, pauses };
}

describe('the authorization log', () => {
  it('writes rows as they are, 25 a call, and a row that comes twice once', async () => {
    const table = new TableInMemory('transactionId');
    await logOn(table).log.write([...rows(60), ...rows(10)]);
    expect([...table.items.values()]).toEqual(rows(60));
    expect(table.sent).toHaveLength(3);
  });

  it('writes again what was left unprocessed, with pauses that double', async () => {
    const table = new TableInMemory('transactionId');
    table.unprocessed = 10;
    table.beforeSend = () => {
      if (table.sent.length === 3) table.unprocessed = 0;
    };
    const { log, pauses } = logOn(table);
    await log.write(rows(25));
    expect(table.items.size).toBe(25);
    expect(pauses).toEqual([50, 100]);
  });

  it('fails when rows stay unwritten', async () => {
    const table = new TableInMemory('transactionId');
    table.unprocessed = 1;
    await expect(logOn(table).log.write(rows(60))).rejects.toMatchObject({
      code: 'UNPROCESSED_ITEMS',
      retryable: true,
    });
  });
});
