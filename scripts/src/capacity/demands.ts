import { queueDelivery } from '@payments/infra/delivery';
import type { Environment } from '@payments/infra/environment';
import type { StageName } from '@payments/schemas';
import {
  COMPUTING_MS_PER_RECORD,
  PIPE_ENRICHMENT,
  RECORDS_OF_FUNCTION,
  TRANSACTION_FUNCTIONS,
} from '../cost/assumptions.ts';
import { encryptionRequests } from '../cost/cost-report.ts';
import type { RecordedRun } from '../cost/recorded-run.ts';

/** The limit that an environment sets itself: how many invocations a queue may occupy at once. */
export const QUEUE_CONCURRENCY = 'environment:queue-concurrency';

/** What a limit is asked for by one transaction a second. */
export interface Demand {
  /** The quota's id, or `QUEUE_CONCURRENCY`. */
  readonly limit: string;
  /** Which table, queue or bucket, where the limit is each one's own. */
  readonly of?: string;
  /** How much of the limit one transaction a second takes. */
  readonly perTransaction: number;
  /** The limit itself, where the environment sets it. */
  readonly own?: number;
  /** True where it is the most that it may be, for want of better knowledge: no verdict stands on it. */
  readonly upperBound?: boolean;
}

/** The stages whose function a queue feeds. */
const QUEUE_FED: readonly StageName[] = [
  'standardize',
  'enrich',
  'account-interface',
  'posting',
  'reconcile',
];
/** An item that every run of a function writes: the suspense account's balance, transactionally by the fold. */
const HOT_ITEMS = [{ table: 'posting-balances', writer: 'posting-fold', unitsPerInvocation: 2 }] as const;

/** All that a recorded run asked of limits, by one transaction a second. */
export function demandsOf(run: RecordedRun, environment: Environment): readonly Demand[] {
  const per = (count: number): number => count / run.transactions;
  const functions = Object.entries(run.functions);
  const invocations = functions.reduce((sum, [, use]) => sum + use.invocations, 0);
  const seconds = functions.reduce((sum, [name]) => sum + secondsOf(run, name), 0);
  const delivered = Object.values(run.deliveries).reduce((sum, { events }) => sum + events, 0);
  return [
    { limit: 'events:put-events', perTransaction: per(run.calls['events:PutEvents'] ?? 0) },
    { limit: 'events:invocations', perTransaction: per(delivered) },
    { limit: 'pipes:concurrency', perTransaction: per(secondsOf(run, PIPE_ENRICHMENT)) },
    { limit: 'lambda:concurrency', perTransaction: per(seconds) },
    { limit: 'lambda:invocations', perTransaction: per(invocations) },
    { limit: 'states:start-express', perTransaction: per(run.billed['states:express-requests'] ?? 0) },
    { limit: 'kms:symmetric', perTransaction: per(run.billed['kms:requests'] ?? 0) },
    {
      limit: 'kms:symmetric',
      of: 'if encryption asks for each event and delivery',
      perTransaction: encryptionRequests(run),
      upperBound: true,
    },
    {
      limit: 'logs:put-log-events',
      of: 'if each invocation writes by itself',
      perTransaction: per(invocations),
      upperBound: true,
    },
    ...queueDemands(run, environment),
    ...tableDemands(run),
    ...Object.entries(run.objects)
      .filter(([name]) => name.endsWith(' PutObject'))
      .map(([name, count]) => ({
        limit: 's3:prefix-writes',
        of: name.split(' ')[0] ?? name,
        perTransaction: per(count),
      })),
  ];
}

/** How long a function ran in all, in seconds: waiting as it was recorded, and computing. */
function secondsOf(run: RecordedRun, name: string): number {
  const rule = RECORDS_OF_FUNCTION[name];
  const records =
    rule === undefined
      ? Number(TRANSACTION_FUNCTIONS.includes(name)) * run.transactions
      : (run.deliveries[rule]?.records ?? 0);
  return ((run.functions[name]?.milliseconds ?? 0) + records * COMPUTING_MS_PER_RECORD) / 1000;
}

function queueDemands(run: RecordedRun, environment: Environment): Demand[] {
  return QUEUE_FED.flatMap((stage): Demand[] => {
    const delivery = queueDelivery(environment, stage);
    if (delivery.kind === 'scheduled') return [];
    const name = `${stage}-subscriber`;
    const { invocations = 0 } = run.functions[name] ?? {};
    if (invocations === 0) return [];
    const seconds = secondsOf(run, name);
    const events = run.deliveries[`${stage}-subscription`]?.events ?? 0;
    return [
      {
        limit: QUEUE_CONCURRENCY,
        of: stage,
        perTransaction: seconds / run.transactions,
        own: delivery.concurrency,
      },
      {
        limit: 'sqs:in-flight',
        of: stage,
        perTransaction: (events / run.transactions) * (delivery.windowSeconds + seconds / invocations),
      },
    ];
  });
}

function tableDemands(run: RecordedRun): Demand[] {
  const tables = Object.entries(run.tables).flatMap(([of, { writeUnits, readUnits }]): Demand[] => {
    const writes = writeUnits / run.transactions;
    return [
      { limit: 'dynamodb:new-table-writes', of, perTransaction: writes },
      { limit: 'dynamodb:table-writes', of, perTransaction: writes },
      { limit: 'dynamodb:new-table-reads', of, perTransaction: readUnits / run.transactions },
    ];
  });
  const items = HOT_ITEMS.map(({ table, writer, unitsPerInvocation }): Demand => {
    const invocations = run.functions[writer]?.invocations ?? 0;
    return {
      limit: 'dynamodb:item-writes',
      of: `${table}, its busiest item`,
      perTransaction: (invocations * unitsPerInvocation) / run.transactions,
    };
  });
  return [...tables, ...items].filter(({ perTransaction }) => perTransaction > 0);
}
