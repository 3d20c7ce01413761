import { identifierOf } from '@payments/domain';
import type { TransactionReconciledRecord } from '@payments/schemas';

/** A small valid record for the tests of the kit; the number makes it a transaction of its own. */
export function sampleRecord(number: number): TransactionReconciledRecord {
  return {
    transactionId: identifierOf('sample', String(number)),
    idempotencyKey: identifierOf('sample-record', String(number)),
    scheme: 'VISA',
    loggedAt: '2026-11-15T10:15:01Z',
    lifecycleId: `VISA-${number}`,
    sequenceId: identifierOf('sample-sequence', String(number)),
    amount: { minorUnits: '2599', currency: 'GBP' },
    controlTotals: {
      count: 2,
      currencies: [{ currency: 'GBP', debits: '2599', credits: '2599' }],
      hashTotal: '12',
    },
  };
}

/** An event of the bus that carries the records, as JSON text. */
export function sampleEvent(records: readonly unknown[]): string {
  return JSON.stringify({
    version: '0',
    id: identifierOf('sample-event'),
    'detail-type': 'TransactionReconciled',
    source: 'payments.reconcile',
    detail: {
      metadata: {
        eventId: identifierOf('sample-event'),
        schemaVersion: 1,
        producedBy: 'payments.reconcile',
        producedAt: '2026-11-15T10:15:02Z',
        source: 'VISA',
        deliveryMode: 'batch',
        recordCount: Math.max(1, records.length),
        correlationId: identifierOf('sample-correlation'),
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      },
      records,
    },
  });
}
