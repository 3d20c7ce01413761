import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { ControlTotals } from '@payments/schemas';
import {
  type AwsContext,
  type Compose,
  done,
  type Emission,
  type EnvironmentVariables,
  type Incoming,
  lambdaEntry,
  type MetricValues,
  queueMessageOf,
  stageKit,
} from '@payments/stage-kit';
import { DynamoDbBreaks } from './adapters/dynamodb-breaks.ts';
import { DynamoDbEvidence } from './adapters/dynamodb-evidence.ts';
import { DynamoDbPasses } from './adapters/dynamodb-passes.ts';
import { DynamoDbPostedSequences } from './adapters/dynamodb-posted-sequences.ts';
import { DynamoDbRepetitions } from './adapters/dynamodb-repetitions.ts';
import { DynamoDbSideStore } from './adapters/dynamodb-side-store.ts';
import { EventBridgeReplays, type ReplayPlaces } from './adapters/event-replays.ts';
import { ReferenceLedgerStatement } from './adapters/reference-ledger-statement.ts';
import { SqsStageQueues, type StageQueueUrls } from './adapters/sqs-stage-queues.ts';
import { emissionOf } from './break-events.ts';
import { type Decision, decideBreak } from './decide-break.ts';
import { type ComparedStatement, keepStatement } from './keep-statement.ts';
import { openBreaks } from './open-breaks.ts';
import { type PassRequest, passWindowOf } from './pass-window.ts';
import { patchBreaks } from './patch-breaks.ts';
import type { KeptBreak, StageQueues } from './ports.ts';
import { preparePolicy } from './prepare-policy.ts';
import { reconcileReports, sweepOverdue } from './reconcile-reports.ts';
import type { Reconciliation } from './reconcile-transaction.ts';
import policyFile from './reconciliation-policy.json' with { type: 'json' };
import { repeatEvents } from './repeat-events.ts';
import { caseReview } from './review-cases.ts';
import { runPass } from './run-pass.ts';
import { type SideEvent, sidesOfEvent } from './sides-of-event.ts';
import { stage } from './stage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How many overdue transactions one sweep looks at; the next one goes on. */
const SWEEP_MAX = 1_000;
/** How many cases of a state one run of patching looks at; the next one goes on. */
const PATCH_MAX = 500;
/** Cases that wait for a person are looked at in every such minute of the hour. */
const WAITING_MINUTES = 15;

/** The row by which a ledger says that a sequence is booked. */
interface BookedRow {
  readonly position: string;
  readonly sequenceId: string;
  readonly transactionId: string;
  readonly scheme: string;
  readonly loggedAt: string;
  readonly lifecycleId: string;
  readonly controlTotals: ControlTotals;
  /** A correction is heard of from posting: it is no side of its own. */
  readonly correction?: unknown;
}

export const compose: Compose = (environment, aws) => {
  const parts = partsOf(environment, aws);
  return { ...finding(parts), ...patching(parts) };
};

/** What the functions are put together from. */
function partsOf(environment: EnvironmentVariables, aws: AwsContext) {
  const kit = stageKit(stage, environment, aws);
  const { documents } = kit;
  const { RECONCILIATION_TABLE, BREAKS_TABLE, PATCH_COUNTS_TABLE, EVIDENCE_TABLE } = kit.environment;
  const patience = {
    overdueMs: Number(kit.environment.RECONCILIATION_OVERDUE_MINUTES) * MINUTE_MS,
    windowMs: Number(kit.environment.REVERSAL_WINDOW_MINUTES) * MINUTE_MS,
  };
  const breaks = new DynamoDbBreaks(
    documents,
    { breaks: BREAKS_TABLE, counts: PATCH_COUNTS_TABLE },
    new DynamoDbEvidence(documents, EVIDENCE_TABLE),
    aws.clock,
  );
  return {
    kit,
    breaks,
    policy: preparePolicy(policyFile),
    sides: new DynamoDbSideStore(documents, RECONCILIATION_TABLE, patience, aws.clock),
    posted: new DynamoDbPostedSequences(documents, RECONCILIATION_TABLE, aws.clock),
    ledger: new ReferenceLedgerStatement(documents, kit.environment.LEDGER_TABLE),
    passes: new DynamoDbPasses(documents, kit.environment.PASSES_TABLE, aws.clock),
    repetitions: new DynamoDbRepetitions(documents, kit.environment.REPETITIONS_TABLE, aws.clock),
    now: () => aws.clock.now(),
    instant: () => new Date(aws.clock.now()).toISOString(),
  };
}

type Parts = ReturnType<typeof partsOf>;

/** The functions that find mismatches. */
function finding({
  kit,
  breaks,
  sides,
  posted,
  ledger,
  passes,
  repetitions,
  policy,
  now,
  instant,
}: Parts): ReturnType<Compose> {
  let made: SqsStageQueues | undefined;
  /** Made when first something is given once more, which is seldom: most functions never do. */
  const stageQueues = (): SqsStageQueues => {
    const urls = kit.environment.REPEAT_QUEUES;
    made ??= new SqsStageQueues(kit.client(SQSClient), JSON.parse(urls) as StageQueueUrls, queueMessageOf);
    return made;
  };
  const queues: StageQueues = { send: (stage, event) => stageQueues().send(stage, event) };
  /** Makes cases of what differs, and gives what is to be said of the others. */
  const settled = async (
    standing: ReadonlyMap<string, Reconciliation>,
    seenAt: string,
  ): Promise<Emission[]> => {
    const all = [...standing.values()];
    const findings = all.flatMap((each) => (each.kind === 'mismatch' ? [each.finding] : []));
    const opened = await openBreaks(findings, breaks, seenAt);
    if (opened.length > 0) kit.metrics({ Mismatches: opened.length });
    kit.metrics({
      PostingLatencyMs: all.flatMap((each) => (each.kind === 'reconciled' ? [each.postingMs] : [])),
    });
    return all.flatMap((each) =>
      each.kind === 'reconciled' ? [{ event: 'TransactionReconciled', record: each.record }] : [],
    );
  };
  return {
    handler: kit.subscriber({
      allRecords: async (incoming: readonly Incoming<SideEvent['event']>[]) => {
        const seenAt = instant();
        const heard = await repeatEvents(incoming, { repetitions, queues });
        const reports = [...heard].map((each) => sidesOfEvent(each));
        const emissions = new Map(
          (await settled(await reconcileReports(reports, sides), seenAt)).map((each) => [
            each.record.transactionId,
            each,
          ]),
        );
        return incoming.map(({ record: { transactionId } }) => {
          const emission = emissions.get(transactionId);
          // What is said of a transaction is said once, by the first of its records.
          emissions.delete(transactionId);
          return emission === undefined ? done() : done(emission);
        });
      },
    }),
    ledger: kit.tableStream<BookedRow>(async (rows) => {
      const seenAt = instant();
      const reports = rows
        .filter(({ position, correction }) => position === 'SEQUENCE' && correction === undefined)
        .map(({ transactionId, scheme, loggedAt, lifecycleId, sequenceId, controlTotals }) => ({
          transactionId,
          scheme,
          loggedAt,
          lifecycleId,
          booked: { sequenceId, controlTotals },
        }));
      await kit.publish(await settled(await reconcileReports(reports, sides), seenAt));
      return undefined;
    }),
    sweep: async () => {
      const seenAt = instant();
      const standing = await sweepOverdue(sides, SWEEP_MAX, ledger);
      await kit.publish(await settled(standing, seenAt));
      kit.metrics({ OverdueTransactions: standing.size });
      return { overdue: standing.size };
    },
    pass: async (event) => {
      const ranAt = instant();
      const { statement } = (event ?? {}) as { statement?: ComparedStatement };
      if (statement !== undefined) return keepStatement(statement, breaks, policy.version, now());
      const { name, dates } = passWindowOf((event ?? {}) as PassRequest, now());
      const settledBefore = new Date(now() - policy.settledAfterMinutes * MINUTE_MS).toISOString();
      const pass = runPass({ posted, ledger, settledBefore, window: dates });
      let opened = 0;
      for await (const findings of pass.findings)
        opened += (await openBreaks(findings, breaks, ranAt)).length;
      const kept = await passes.keep(name, ranAt, pass.result());
      kit.metrics({
        Mismatches: opened,
        DifferingGroups: kept.groups.differing,
        PassedSequences: kept.sequences.posted,
      });
      return { ...kept, opened };
    },
  };
}

/** The functions that put mismatches right, and tell of it. */
function patching({
  kit,
  breaks,
  sides,
  ledger,
  passes,
  repetitions,
  policy,
  now,
}: Parts): ReturnType<Compose> {
  const places = (): ReplayPlaces => JSON.parse(kit.environment.REPLAY_PLACES) as ReplayPlaces;
  return {
    tell: kit.tableStream<KeptBreak>(async (changes) => {
      await kit.publish(changes.flatMap((each) => emissionOf(each) ?? []));
      return undefined;
    }),
    patch: async (event) => {
      const at = now();
      const { waiting = Math.floor(at / MINUTE_MS) % WAITING_MINUTES === 0 } = (event ?? {}) as {
        waiting?: boolean;
      };
      const ports = {
        breaks,
        review: caseReview(sides, ledger),
        replays: new EventBridgeReplays(kit.client(EventBridgeClient), places(), repetitions),
        entries: {
          publish: (records) =>
            kit.publish(records.map((record) => ({ event: 'PostingEntryCreated', record }))),
        },
      } satisfies Parameters<typeof patchBreaks>[0];
      const counts = await patchBreaks(ports, { policy, now: at, max: PATCH_MAX, waiting });
      await tellOfAge(at, { MismatchesPatched: counts.patched, MismatchesParked: counts.parked });
      return counts;
    },
    decide: async (event) => {
      const { breakId, state, proposedBy, decidedBy } = await decideBreak(
        event as Decision,
        breaks,
        policy,
        now(),
      );
      return { breakId, state, proposedBy, decidedBy };
    },
  };

  /** Counts what is not ended, and how old it is, beside what a run did: the alarms are on this. */
  async function tellOfAge(at: number, more: MetricValues): Promise<void> {
    const hoursSince = (time: string | undefined): number =>
      time === undefined ? 0 : (at - Date.parse(time)) / HOUR_MS;
    const [open, patching, proposed, parked] = await Promise.all(
      (['OPEN', 'PATCHING', 'PROPOSED', 'PARKED'] as const).map((state) => breaks.age(state)),
    );
    const ages = [open, patching, proposed, parked].map((each) => hoursSince(each?.oldest));
    const last = await passes.last();
    kit.metrics({
      ...more,
      OpenBreaks: (open?.count ?? 0) + (patching?.count ?? 0) + (proposed?.count ?? 0),
      ParkedBreaks: parked?.count ?? 0,
      OldestBreakHours: Math.max(...ages),
      ...(last === undefined ? {} : { HoursSincePass: hoursSince(last.endedAt) }),
    });
  }
}

export const handler = lambdaEntry(compose, 'handler');
export const ledger = lambdaEntry(compose, 'ledger');
export const sweep = lambdaEntry(compose, 'sweep');
export const pass = lambdaEntry(compose, 'pass');
export const tell = lambdaEntry(compose, 'tell');
export const patch = lambdaEntry(compose, 'patch');
export const decide = lambdaEntry(compose, 'decide');
