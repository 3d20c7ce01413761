import { type EventName, explainProblem, type Metadata, type StageDeclaration } from '@payments/schemas';
import { contracts } from '@payments/schemas/contracts';
import type { AwsContext } from './aws-context.ts';
import { type OutgoingEvent, type OutgoingRecord, seal } from './envelope.ts';
import { messageOf, OutcomeCountError } from './kit-error.ts';
import type { Log } from './log.ts';
import type { MetricValues } from './metrics.ts';
import type { OpenedEvent, Refused } from './open-event.ts';
import { isTooLarge, ONE_CHUNK, ONE_RECORD, type PackingLimits, packRecords } from './pack-records.ts';
import type { Quarantine } from './quarantine.ts';
import { type Emission, type Incoming, outcomesOf, type Processing } from './record-outcome.ts';

/** What a run needs from outside. */
export interface RunDependencies {
  readonly stage: StageDeclaration;
  readonly aws: AwsContext;
  readonly log: Log;
  readonly metrics: (values: MetricValues) => void;
  readonly deliveryMode: Metadata['deliveryMode'];
  readonly quarantine: Quarantine;
}

/** What one run of a stage over the records of an invocation came to. */
export interface StageRun {
  /** What is to be published. */
  readonly events: readonly OutgoingEvent[];
  /** The origins (messages) of which a record must come again, each with a cause. */
  readonly failures: Map<number, unknown>;
  /** Says which origins a published event's records came of. */
  readonly originsOf: (event: OutgoingEvent) => readonly number[];
  /** Writes the run's log line and metrics, once what was to be published is. */
  finish(): void;
}

/** The packing that a delivery mode asks for. */
export function limitsOf(mode: Metadata['deliveryMode']): PackingLimits {
  return mode === 'real-time' ? ONE_RECORD : ONE_CHUNK;
}

/**
 * Runs a stage over opened events: decides, holds what it says against the closed contracts, sets bad records
 * aside, packs the rest. Nothing is published yet.
 *
 * @param opened the events of the invocation, the index being their origin
 */
export async function runStage<Name extends EventName>(
  dependencies: RunDependencies,
  opened: readonly OpenedEvent<Name>[],
  processing: Processing<Name>,
): Promise<StageRun> {
  const { stage, aws, log, metrics, deliveryMode } = dependencies;
  const startedAt = aws.clock.now();
  const origins: number[] = [];
  const incoming: Incoming<Name>[] = [];
  opened.forEach((event, origin) => {
    for (const each of event.incoming) {
      incoming.push(each);
      origins.push(origin);
    }
  });
  const outcomes = await outcomesOf(processing, incoming);
  if (outcomes.length !== incoming.length)
    throw new OutcomeCountError(stage.name, incoming.length, outcomes.length);

  const failures = new Map<number, unknown>();
  const outgoing: OutgoingRecord[] = [];
  const setAside: { origin: number; refused: Refused }[] = [];
  opened.forEach((event, origin) => {
    for (const refused of event.refused) setAside.push({ origin, refused });
  });
  outcomes.forEach((outcome, index) => {
    const origin = origins[index] ?? 0;
    const from = incoming[index];
    if (from === undefined) return;
    if (outcome.kind === 'retry') failures.set(origin, outcome.cause);
    else if (outcome.kind === 'quarantine') setAside.push({ origin, refused: refusedAs(from, outcome) });
    else {
      const records = serialize(outcome.emissions, from, index);
      if (Array.isArray(records)) outgoing.push(...records);
      else setAside.push({ origin, refused: records });
    }
  });
  await putAside(dependencies, setAside, failures);

  const packs = packRecords(outgoing, limitsOf(deliveryMode));
  const events = packs.map((pack) => seal(pack, stage.name, deliveryMode, aws.clock.now()));
  return {
    events,
    failures,
    originsOf: (event) => [...new Set(event.records.map(({ origin }) => origins[origin] ?? 0))],
    finish: () => {
      const counts = {
        messages: opened.length,
        records: incoming.length,
        emitted: outgoing.length,
        quarantined: setAside.length,
        retried: failures.size,
      };
      log.info({ ...counts, durationMs: aws.clock.now() - startedAt }, 'processed');
      metrics({
        Records: counts.records,
        Emitted: counts.emitted,
        Quarantined: counts.quarantined,
        Retried: counts.retried,
        DurationMs: aws.clock.now() - startedAt,
      });
    },
  };
}

/** What a record came with, whatever event it is of. */
interface Origin {
  readonly event: EventName;
  readonly record: unknown;
  readonly metadata: Metadata | undefined;
}

/** The emissions of one record, serialized; or why none of them may go out. */
export function serialize(
  emissions: readonly Emission[],
  from: Origin,
  origin: number,
): OutgoingRecord[] | Refused {
  const records: OutgoingRecord[] = [];
  for (const { event, record } of emissions) {
    const produces = contracts[event].produces;
    if (!produces(record)) {
      const explanation = `${event}: ${explainProblem(produces)}`;
      return refusedAs(from, { reason: 'OUTPUT_INVALID', explanation });
    }
    const json = JSON.stringify(record);
    const { idempotencyKey, transactionId, scheme } = record;
    const packable = { event, source: scheme, json, bytes: Buffer.byteLength(json) };
    if (isTooLarge(packable)) {
      return refusedAs(from, {
        reason: 'OUTPUT_TOO_LARGE',
        explanation: `${event} is ${packable.bytes} bytes`,
      });
    }
    records.push({ ...packable, idempotencyKey, transactionId, cause: from.metadata, origin });
  }
  return records;
}

function refusedAs(from: Origin, { reason, explanation }: { reason: string; explanation: string }): Refused {
  return { event: from.event, reason, explanation, content: from.record };
}

/** Sets records aside; one that cannot be set aside now comes again. */
async function putAside(
  { stage, log, quarantine }: RunDependencies,
  setAside: readonly { readonly origin: number; readonly refused: Refused }[],
  failures: Map<number, unknown>,
): Promise<void> {
  await Promise.all(
    setAside.map(async ({ origin, refused }) => {
      const { event, reason, explanation, content } = refused;
      const { transactionId, idempotencyKey } = (content ?? {}) as {
        transactionId?: string;
        idempotencyKey?: string;
      };
      log.warn({ event, reason, explanation, transactionId, idempotencyKey }, 'quarantined');
      try {
        await quarantine.put({ stage: stage.name, ...refused });
      } catch (cause) {
        log.error({ errorMessage: messageOf(cause) }, 'the quarantine did not take a record');
        failures.set(origin, cause);
      }
    }),
  );
}
