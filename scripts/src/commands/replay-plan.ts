import type { StageName } from '@payments/schemas';
import { ReplayRefusedError } from './replay-refused-error.ts';
import { timeText } from './replay-time.ts';

/** How long a part of a replay may be, in seconds: EventBridge replays minute by minute (API reference, StartReplay). */
const PART_SECONDS = [3600, 1800, 900, 600, 300, 120, 60] as const;
const SHORTEST_SECONDS = 60;
/** How long a part should take at the rate that is asked for: within it, EventBridge goes as fast as it can. */
const PART_TAKES_SECONDS = 60;
const PARTS_MAX = 10_000;
/** EventBridge's limit on the names of replays. */
const NAME_LENGTH_MAX = 64;
/** What a name needs behind the run's own: a point, the part and the attempt. */
const PART_LENGTH = 9;

/** A window of the archive, whole epoch seconds, both ends within it. */
export interface Window {
  readonly from: number;
  readonly until: number;
}

/** What is replayed to whom and in which parts: everything that must be known to go on after an interruption. */
export interface ReplayPlan extends Window {
  /** The run's name; each part is a replay called by it and the part's number. */
  readonly name: string;
  readonly stage: StageName;
  readonly partSeconds: number;
  /** Events a second; as fast as EventBridge goes when absent. */
  readonly rate?: number;
}

/** One replay of EventBridge. */
export interface Part extends Window {
  readonly number: number;
  readonly name: string;
}

/** How many events lie in a window, as far as it is known. */
export type CountEvents = (window: Window) => number;

/**
 * What a run is called: the same for the same window, so that it is begun once, and another name for each time again.
 *
 * @param time 1 for the first time
 */
export function runName(
  environment: string,
  stage: StageName,
  { from, until }: Window,
  time: number,
): string {
  const at = timeText(from).replace(/[-:Z]/g, '');
  const name = `${environment}-${stage}-${at}-${until - from}s${time > 1 ? `-again${time}` : ''}`;
  if (name.length + PART_LENGTH <= NAME_LENGTH_MAX) return name;
  throw new ReplayRefusedError(
    'NameTooLong',
    `The replay's name ${name} is too long for EventBridge: choose a shorter window.`,
  );
}

/**
 * How long the parts are: the whole window without a rate, else so short that none holds more than a minute's worth.
 *
 * @throws ReplayRefusedError where that would be too many parts
 */
export function partSecondsOf(window: Window, rate: number | undefined, count: CountEvents): number {
  const length = window.until - window.from;
  if (rate === undefined) return length;
  const fits = (seconds: number): boolean =>
    windowsOf(window, seconds).every((part) => count(part) <= rate * PART_TAKES_SECONDS);
  const seconds = PART_SECONDS.find((each) => length / each <= PARTS_MAX && fits(each)) ?? SHORTEST_SECONDS;
  if (length / seconds <= PARTS_MAX) return seconds;
  throw new ReplayRefusedError(
    'TooManyParts',
    `At ${rate} events a second this would be more than ${PARTS_MAX} replays: say a higher rate or a shorter window.`,
  );
}

/** The parts of a plan, in order. */
export function partsOf(plan: ReplayPlan): readonly Part[] {
  return windowsOf(plan, plan.partSeconds).map((window, index) => ({
    ...window,
    number: index + 1,
    name: `${plan.name}.${index + 1}`,
  }));
}

/** What a part says of its run, from which the run can go on: EventBridge keeps it, and there is no other store. */
export function descriptionOf({ stage, from, until, partSeconds, rate }: ReplayPlan, number: number): string {
  const what = `payments replay --to ${stage} --from ${timeText(from)} --until ${timeText(until)}`;
  return `${what}${rate === undefined ? '' : ` --rate ${rate}`}; part ${number}, ${partSeconds} s each`;
}

/** The plan of a run, from what one of its parts says; undefined for a replay that is none of ours. */
export function planOf(name: string, description: string): ReplayPlan | undefined {
  const found =
    /^payments replay --to (\S+) --from (\S+) --until (\S+?)(?: --rate (\S+))?; part \d+, (\d+) s each$/.exec(
      description,
    );
  const [, stage, from = '', until = '', rate, partSeconds] = found ?? [];
  if (stage === undefined) return undefined;
  return {
    name,
    stage: stage as StageName,
    from: Date.parse(from) / 1000,
    until: Date.parse(until) / 1000,
    partSeconds: Number(partSeconds),
    ...(rate === undefined ? {} : { rate: Number(rate) }),
  };
}

/**
 * A window cut into windows of a length. One begins with the second that the one before ends with: whether EventBridge
 * takes an event at the very end is not documented, and an event that is given twice does no harm.
 */
function windowsOf({ from, until }: Window, seconds: number): readonly Window[] {
  const count = Math.max(1, Math.ceil((until - from) / seconds));
  return Array.from({ length: count }, (_, index) => ({
    from: from + index * seconds,
    until: Math.min(until, from + (index + 1) * seconds),
  }));
}
