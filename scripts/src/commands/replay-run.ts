import {
  DescribeReplayCommand,
  type EventBridgeClient,
  LimitExceededException,
  ListReplaysCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import type { Connection } from './connection.ts';
import type { ReplayRoute } from './replay-archive.ts';
import {
  type CountEvents,
  descriptionOf,
  type Part,
  partsOf,
  planOf,
  type ReplayPlan,
} from './replay-plan.ts';
import { ReplayRefusedError } from './replay-refused-error.ts';

/** DescribeReplay may be called a few times a second (EventBridge quotas). */
const POLL_MS = 1_000;
/** Of a cloud on this machine it may be asked more often. */
const LOCAL_POLL_MS = 100;

/** How a part stands; `skipped` holds nothing, `open` is not begun. */
export type PartState = 'open' | 'running' | 'done' | 'failed' | 'skipped';

export interface PartStatus extends Part {
  /** The replay that stands for it: its name, or that of a later attempt. */
  readonly replay: string;
  readonly state: PartState;
  readonly reason?: string | undefined;
}

/** What is told of a run while it goes on. */
export interface RunProgress {
  /** @param events how many have been given, as far as it is known */
  part(part: Part, of: number, events: number): void;
  /** As many replays run as may, and this one waits. */
  waits(part: Part): void;
}

/**
 * The plan of a run that was begun, as its first part says it.
 *
 * @throws ReplayRefusedError when there is none of this name
 */
export async function planOfRun({ events, environment }: Connection, name: string): Promise<ReplayPlan> {
  try {
    const first = await events.send(new DescribeReplayCommand({ ReplayName: `${name}.1` }));
    const plan = planOf(name, first.Description ?? '');
    if (plan !== undefined) return plan;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
  const known = [...(await replaysBelow(events, `${environment.name}-`)).keys()];
  const names = new Set(known.map((each) => each.replace(/\.\d+(?:-\d+)?$/, '')));
  const listed = names.size === 0 ? 'there are none' : `there are ${[...names].sort().join(', ')}`;
  throw new ReplayRefusedError('NoReplay', `There is no replay ${name} to go on with; ${listed}.`);
}

/** How often a window was replayed under a name: 0 when never. */
export async function timesReplayed(
  { events }: Connection,
  nameOfTime: (time: number) => string,
): Promise<number> {
  let times = 0;
  while ((await replaysBelow(events, `${nameOfTime(times + 1)}.`)).size > 0) times += 1;
  return times;
}

/** How the parts of a run stand. */
export async function statusOf({ events }: Connection, plan: ReplayPlan): Promise<readonly PartStatus[]> {
  const replays = await replaysBelow(events, `${plan.name}.`);
  return partsOf(plan).map((part) => {
    // A part that failed is tried again under a name of its own: a name is used once.
    let replay = part.name;
    for (let attempt = 2; replays.has(`${part.name}-${attempt}`); attempt += 1)
      replay = `${part.name}-${attempt}`;
    const found = replays.get(replay);
    return { ...part, replay, state: stateOf(found?.state), reason: found?.reason };
  });
}

/**
 * Replays the parts of a plan one after another, each when the one before has ended and the rate allows it; parts that
 * are done stay done, one that runs is waited for, one that failed is tried again.
 *
 * @param count how many events a part holds, for the rate and the progress
 * @param skipsEmpty leaves out parts that hold nothing; only where they were counted
 * @throws ReplayRefusedError when a part fails: the run can be resumed
 */
export async function runReplay(
  connection: Connection,
  route: ReplayRoute,
  plan: ReplayPlan,
  { count, skipsEmpty, progress }: { count: CountEvents; skipsEmpty: boolean; progress: RunProgress },
): Promise<readonly PartStatus[]> {
  const parts = await statusOf(connection, plan);
  const ended: PartStatus[] = [];
  const beganAt = Date.now();
  let given = 0;
  let paced = 0;
  for (const part of parts) {
    const events = count(part);
    // The first part is always begun: it says what the run is.
    if (part.state === 'done' || (skipsEmpty && events === 0 && part.number > 1 && part.state === 'open')) {
      ended.push({ ...part, state: part.state === 'done' ? 'done' : 'skipped' });
      given += events;
      continue;
    }
    progress.part(part, parts.length, given);
    if (plan.rate !== undefined) await sleep(beganAt + (paced / plan.rate) * 1000 - Date.now());
    const replay = part.state === 'failed' ? nextAttempt(part) : part.replay;
    if (part.state !== 'running')
      await start(connection, route, plan, { ...part, replay }, () => progress.waits(part));
    await finished(connection, plan, replay);
    ended.push({ ...part, replay, state: 'done' });
    given += events;
    paced += events;
    progress.part(part, parts.length, given);
  }
  return ended;
}

async function start(
  { events, kind }: Connection,
  { archiveArn, busArn, ruleArn }: ReplayRoute,
  plan: ReplayPlan,
  part: PartStatus,
  onWait: () => void,
): Promise<void> {
  const command = new StartReplayCommand({
    ReplayName: part.replay,
    Description: descriptionOf(plan, part.number),
    EventSourceArn: archiveArn,
    EventStartTime: new Date(part.from * 1000),
    EventEndTime: new Date(part.until * 1000),
    Destination: { Arn: busArn, FilterArns: [ruleArn] },
  });
  for (;;) {
    try {
      await events.send(command);
      return;
    } catch (error) {
      // Another run of the same plan has begun it just now.
      if (error instanceof ResourceAlreadyExistsException) return;
      if (!(error instanceof LimitExceededException)) throw error;
      onWait();
      await sleep(pollMs(kind));
    }
  }
}

async function finished({ events, kind }: Connection, plan: ReplayPlan, replay: string): Promise<void> {
  for (;;) {
    const { State, StateReason } = await events.send(new DescribeReplayCommand({ ReplayName: replay }));
    const state = stateOf(State);
    if (state === 'done') return;
    if (state === 'failed')
      throw new ReplayRefusedError(
        'ReplayFailed',
        `The replay ${replay} ended: ${StateReason ?? State}. "payments replay --resume ${plan.name}" tries it again.`,
      );
    await sleep(pollMs(kind));
  }
}

async function replaysBelow(
  events: EventBridgeClient,
  NamePrefix: string,
): Promise<ReadonlyMap<string, { readonly state: string; readonly reason: string | undefined }>> {
  const found = new Map<string, { state: string; reason: string | undefined }>();
  for (let NextToken: string | undefined, asked = false; !asked || NextToken !== undefined; asked = true) {
    const page: { Replays?: readonly Listed[] | undefined; NextToken?: string | undefined } =
      await events.send(
        new ListReplaysCommand({ NamePrefix, ...(NextToken === undefined ? {} : { NextToken }) }),
      );
    for (const { ReplayName = '', State = '', StateReason } of page.Replays ?? [])
      found.set(ReplayName, { state: State, reason: StateReason });
    ({ NextToken } = page);
  }
  return found;
}

interface Listed {
  readonly ReplayName?: string | undefined;
  readonly State?: string | undefined;
  readonly StateReason?: string | undefined;
}

function stateOf(state: string | undefined): PartState {
  if (state === undefined) return 'open';
  if (state === 'COMPLETED') return 'done';
  return state === 'FAILED' || state === 'CANCELLED' || state === 'CANCELLING' ? 'failed' : 'running';
}

function nextAttempt({ name, replay }: PartStatus): string {
  const attempt = Number(/-(\d+)$/.exec(replay.slice(name.length))?.[1] ?? 1);
  return `${name}-${attempt + 1}`;
}

function pollMs(kind: Connection['kind']): number {
  return kind === 'aws' ? POLL_MS : LOCAL_POLL_MS;
}

async function sleep(forMs: number): Promise<void> {
  if (forMs > 0) await new Promise((resolve) => setTimeout(resolve, forMs));
}
