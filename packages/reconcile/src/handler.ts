import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ControlTotals } from '@payments/schemas';
import {
  type Compose,
  done,
  type Emission,
  type Incoming,
  lambdaEntry,
  messageOf,
  stageKit,
} from '@payments/stage-kit';
import { DynamoDbSideStore } from './adapters/dynamodb-side-store.ts';
import { reconcileReports, sweepOverdue } from './reconcile-reports.ts';
import type { Reconciliation } from './reconcile-transaction.ts';
import { type SideEvent, sidesOfEvent } from './sides-of-event.ts';
import { stage } from './stage.ts';

const MINUTE_MS = 60_000;
/** How many overdue transactions one sweep looks at; the next one goes on. */
const SWEEP_MAX = 1_000;

/** A change of the ledger table, as its event source mapping gives it. */
interface LedgerChange {
  readonly dynamodb: { readonly SequenceNumber: string; readonly NewImage?: Record<string, AttributeValue> };
}

/** The row by which a ledger says that a sequence is booked. */
interface BookedRow {
  readonly position: string;
  readonly sequenceId: string;
  readonly transactionId: string;
  readonly scheme: string;
  readonly loggedAt: string;
  readonly lifecycleId: string;
  readonly controlTotals: ControlTotals;
}

export const compose: Compose = (environment, aws) => {
  const kit = stageKit(stage, environment, aws);
  const { RECONCILIATION_TABLE, RECONCILIATION_OVERDUE_MINUTES, REVERSAL_WINDOW_MINUTES } = kit.environment;
  const patience = {
    overdueMs: Number(RECONCILIATION_OVERDUE_MINUTES) * MINUTE_MS,
    windowMs: Number(REVERSAL_WINDOW_MINUTES) * MINUTE_MS,
  };
  const store = new DynamoDbSideStore(kit.documents, RECONCILIATION_TABLE, patience, aws.clock);
  /** Counts mismatches where there are any: the alarm is on this metric. */
  const countMismatches = (standing: ReadonlyMap<string, Reconciliation>): number => {
    const mismatches = [...standing.values()].filter(({ kind }) => kind === 'mismatch').length;
    if (mismatches > 0) kit.metrics({ Mismatches: mismatches });
    return mismatches;
  };
  return {
    handler: kit.subscriber({
      allRecords: async (incoming: readonly Incoming<SideEvent['event']>[]) => {
        const standing = await reconcileReports(
          incoming.map((each) => sidesOfEvent(each)),
          store,
        );
        countMismatches(standing);
        const said = new Set<string>();
        return incoming.map(({ record: { transactionId } }) => {
          const emissions = said.has(transactionId) ? [] : emissionsOf(standing.get(transactionId));
          said.add(transactionId);
          return done(...emissions);
        });
      },
    }),
    ledger: async (event) => {
      const { Records } = event as { Records: LedgerChange[] };
      const rows = Records.map(({ dynamodb }) => unmarshall(dynamodb.NewImage ?? {}) as BookedRow);
      const reports = rows
        .filter(({ position }) => position === 'SEQUENCE')
        .map(({ transactionId, scheme, loggedAt, lifecycleId, sequenceId, controlTotals }) => ({
          transactionId,
          scheme,
          loggedAt,
          lifecycleId,
          booked: { sequenceId, controlTotals },
        }));
      try {
        const standing = await reconcileReports(reports, store);
        countMismatches(standing);
        await kit.publish([...standing.values()].flatMap(emissionsOf));
        return { batchItemFailures: [] };
      } catch (cause) {
        kit.log.error({ errorMessage: messageOf(cause) }, 'ledger rows are to be looked at again');
        return {
          batchItemFailures: Records.slice(0, 1).map(({ dynamodb }) => ({
            itemIdentifier: dynamodb.SequenceNumber,
          })),
        };
      }
    },
    sweep: async () => {
      const standing = await sweepOverdue(store, SWEEP_MAX);
      await kit.publish([...standing.values()].flatMap(emissionsOf));
      kit.metrics({ OverdueTransactions: standing.size });
      return { overdue: standing.size, mismatches: countMismatches(standing) };
    },
  };
};

function emissionsOf(reconciliation: Reconciliation | undefined): Emission[] {
  if (reconciliation?.kind === 'reconciled')
    return [{ event: 'TransactionReconciled', record: reconciliation.record }];
  if (reconciliation?.kind === 'mismatch') {
    return [{ event: 'ReconciliationMismatchDetected', record: reconciliation.record }];
  }
  return [];
}

export const handler = lambdaEntry(compose, 'handler');
export const ledger = lambdaEntry(compose, 'ledger');
export const sweep = lambdaEntry(compose, 'sweep');
