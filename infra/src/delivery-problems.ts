import {
  type Environment,
  type SourceDelivery,
  STAGES,
  type StageName,
  type SubscriberDelivery,
} from '@payments/schemas';
import {
  BATCH_SIZE_DEFAULT,
  BATCH_WITHOUT_WINDOW_MAX,
  EVENT_BUDGET_MILLISECONDS,
  FUNCTION_TIMEOUT_SECONDS,
  INVOCATION_MAX_SECONDS,
  NEAR_REAL_TIME_WINDOW_MAX_SECONDS,
  PIPE_BATCH_DEFAULT,
  PIPE_BATCH_MAX,
  PIPE_TARGET_ENTRIES_MAX,
} from './delivery-limits.ts';

/** The one stage that subscribes to no event of the bus. */
const NO_SUBSCRIBER: StageName = 'ingest';
/** The one subscriber without a queue. */
const WORKFLOW_STAGE: StageName = 'rules';
/** The one producer that is read, by the pipe, and does not publish. */
const LOG_STAGE: StageName = 'ingest';

/** `rate(5 minutes)` (EventBridge Scheduler user guide, "Schedule types"). */
const RATE = /^rate\([1-9]\d* (minute|hour|day)s?\)$/;
/** `cron(0 2 * * ? *)`: six fields. */
const CRON = /^cron\(\S+( \S+){5}\)$/;

/**
 * What the delivery settings of an environment ask for and cannot have, each with where it stands and the
 * reason; empty when all can be had.
 */
export function deliveryProblems(environment: Environment): readonly string[] {
  const { sources, subscribers } = environment;
  const problems: string[] = [];
  for (const stage of STAGES) {
    const source = sources[stage];
    if (source === undefined) problems.push(`sources.${stage}: is missing; every stage says how it packs`);
    else if (stage === LOG_STAGE) problems.push(...at(`sources.${stage}`, logProblems(source)));
    else problems.push(...at(`sources.${stage}`, publisherProblems(source)));

    const subscriber = subscribers[stage];
    if (stage === NO_SUBSCRIBER) continue;
    if (subscriber === undefined)
      problems.push(`subscribers.${stage}: is missing; every subscriber says how it is fed`);
    else if (stage === WORKFLOW_STAGE)
      problems.push(...at(`subscribers.${stage}`, workflowProblems(subscriber)));
    else problems.push(...at(`subscribers.${stage}`, queueProblems(subscriber)));
  }
  return [...problems, ...unknownStages(environment), ...pipeProblems(sources[LOG_STAGE], sources['dedup'])];
}

/** The schema knows the form of a stage's name, not which stages there are: that is said in one place, STAGES. */
function unknownStages({ sources, subscribers }: Environment): readonly string[] {
  const known: readonly string[] = STAGES;
  return Object.entries({ sources, subscribers }).flatMap(([part, stages]) =>
    Object.keys(stages)
      .filter((name) => !known.includes(name))
      .map((name) => `${part}.${name}: there is no such stage; there are ${STAGES.join(', ')}`),
  );
}

function at(place: string, reasons: readonly string[]): readonly string[] {
  return reasons.map((reason) => `${place}: ${reason}`);
}

function queueProblems(subscriber: SubscriberDelivery): readonly string[] {
  const reasons =
    subscriber.schedule === undefined ? continuousProblems(subscriber) : scheduleProblems(subscriber);
  return [...modeProblems(subscriber), ...reasons];
}

function modeProblems({ mode, windowSeconds = 0, schedule }: SubscriberDelivery): readonly string[] {
  const reasons: string[] = [];
  if (mode !== 'batch' && schedule !== undefined) {
    reasons.push(`${mode} does not wait for a schedule; a drain on a schedule is batch`);
  }
  if (mode === 'batch' && windowSeconds > 0 && schedule !== undefined) {
    reasons.push('batch waits either for a window or for a schedule, not for both');
  }
  if (mode === 'batch' && windowSeconds === 0 && schedule === undefined) {
    reasons.push('batch needs a window (windowSeconds) or a schedule; without either it is real-time');
  }
  return [...reasons, ...windowProblems(mode, windowSeconds)];
}

function windowProblems(mode: SourceDelivery['mode'], windowSeconds: number): readonly string[] {
  if (mode === 'real-time' && windowSeconds > 0) {
    return ['real-time waits for nothing; a window makes it near-real-time'];
  }
  if (mode === 'near-real-time' && (windowSeconds < 1 || windowSeconds > NEAR_REAL_TIME_WINDOW_MAX_SECONDS)) {
    return [`near-real-time needs a window of 1 to ${NEAR_REAL_TIME_WINDOW_MAX_SECONDS} seconds`];
  }
  return [];
}

function continuousProblems({
  mode,
  batchSize,
  windowSeconds = 0,
  largestBatch,
}: SubscriberDelivery): readonly string[] {
  const reasons: string[] = [];
  const size = batchSize ?? BATCH_SIZE_DEFAULT[mode];
  const timeout = FUNCTION_TIMEOUT_SECONDS[mode];
  if (batchSize !== undefined && batchSize > BATCH_WITHOUT_WINDOW_MAX && windowSeconds === 0) {
    reasons.push(`a batchSize over ${BATCH_WITHOUT_WINDOW_MAX} needs a window of at least 1 second`);
  }
  if (secondsFor(size) > timeout) {
    reasons.push(
      `a batch of ${size} events takes ${secondsFor(size)} s, but an invocation in this mode has ${timeout} s`,
    );
  }
  if (largestBatch !== undefined)
    reasons.push('largestBatch bounds a drain, and there is no schedule to drain at');
  return reasons;
}

function scheduleProblems({
  schedule,
  largestBatch,
  batchSize,
  concurrency,
}: SubscriberDelivery): readonly string[] {
  const reasons: string[] = [];
  if (schedule !== undefined && !RATE.test(schedule) && !CRON.test(schedule)) {
    reasons.push(
      `the schedule ${schedule} is neither a rate in minutes, hours or days nor a cron of six fields`,
    );
  }
  if (largestBatch === undefined)
    reasons.push('a schedule needs a largestBatch, so that a drain ends in time');
  else if (secondsFor(largestBatch) > INVOCATION_MAX_SECONDS) {
    reasons.push(
      `a drain of ${largestBatch} events takes ${secondsFor(largestBatch)} s, and must finish within ${INVOCATION_MAX_SECONDS} s`,
    );
  }
  if (batchSize !== undefined)
    reasons.push('batchSize feeds a function continuously; a drain has its largestBatch');
  if (concurrency !== undefined)
    reasons.push('concurrency caps continuous invocations; a drain is one invocation');
  return reasons;
}

/** How long so many events take, in seconds. */
function secondsFor(events: number): number {
  return (events * EVENT_BUDGET_MILLISECONDS) / 1000;
}

function workflowProblems(subscriber: SubscriberDelivery): readonly string[] {
  const reasons: string[] = [];
  if (subscriber.mode !== 'real-time') {
    reasons.push(
      `it starts a workflow for each event, so that it cannot be ${subscriber.mode}; its source may be`,
    );
  }
  for (const setting of ['batchSize', 'windowSeconds', 'schedule', 'largestBatch', 'concurrency'] as const) {
    if (subscriber[setting] !== undefined) reasons.push(`${setting} is a queue's, and it has no queue`);
  }
  return reasons;
}

function publisherProblems({ windowSeconds, batchSize }: SourceDelivery): readonly string[] {
  const reasons: string[] = [];
  if (windowSeconds !== undefined) {
    reasons.push(
      "windowSeconds is the log pipe's; a stage publishes what an invocation made, without waiting",
    );
  }
  if (batchSize !== undefined) {
    reasons.push("batchSize is the log pipe's; a stage packs one record an event, or as many as fill 64 KB");
  }
  return reasons;
}

function logProblems({
  mode,
  windowSeconds = 0,
  batchSize = PIPE_BATCH_DEFAULT[mode],
}: SourceDelivery): readonly string[] {
  const reasons = [...windowProblems(mode, windowSeconds)];
  if (mode === 'batch' && windowSeconds === 0)
    reasons.push('batch needs a window (windowSeconds) to fill a batch');
  if (mode === 'real-time' && batchSize > PIPE_TARGET_ENTRIES_MAX) {
    reasons.push(`real-time takes at most ${PIPE_TARGET_ENTRIES_MAX} rows at a time: ${ONE_EVENT_A_ROW}`);
  }
  if (batchSize > PIPE_BATCH_MAX) {
    reasons.push(
      `more than ${PIPE_BATCH_MAX} rows do not fit the ${PIPE_TARGET_ENTRIES_MAX} events that the bus takes of a pipe`,
    );
  }
  return reasons;
}

const ONE_EVENT_A_ROW = `each row becomes an event, and the bus takes ${PIPE_TARGET_ENTRIES_MAX} of a pipe`;

/** The pipe reads as ingest is delivered, but its enrichment, dedup's, packs as dedup does. */
function pipeProblems(log: SourceDelivery | undefined, dedup: SourceDelivery | undefined): readonly string[] {
  if (log === undefined || dedup === undefined || log.mode === 'real-time') return [];
  const batchSize = log.batchSize ?? PIPE_BATCH_DEFAULT[log.mode];
  if (dedup.mode !== 'real-time' || batchSize <= PIPE_TARGET_ENTRIES_MAX) return [];
  return [
    `sources.dedup: real-time does not go with a pipe that takes ${batchSize} rows at a time (sources.ingest): ${ONE_EVENT_A_ROW}`,
  ];
}
