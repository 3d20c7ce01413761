import {
  DescribeArchiveCommand,
  DescribeRuleCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import { arnOf, resourceName } from '@payments/infra/names';
import type { StageName } from '@payments/schemas';
import { archivedEvents } from './archived-events.ts';
import type { Connection } from './connection.ts';
import type { CountEvents, Window } from './replay-plan.ts';
import { ReplayRefusedError } from './replay-refused-error.ts';
import { timeText } from './replay-time.ts';

const DAY_SECONDS = 86_400;

/** Where a replay comes from and goes to. */
export interface ReplayRoute {
  readonly archiveArn: string;
  readonly busArn: string;
  readonly ruleArn: string;
  /** What the stage's rule takes. */
  readonly takes: readonly string[];
  readonly archive: ArchiveSize;
}

export interface ArchiveSize {
  /** How many events it holds; on AWS as of some hours ago (EventBridge user guide, "Archiving events"). */
  readonly events: number;
  readonly bytes: number;
  /** Since when it keeps, epoch seconds. */
  readonly since: number;
}

/** How many events of a kind lie in the window, and how many records of transactions they carry. */
export interface KindCount {
  readonly event: string;
  readonly events: number;
  readonly records: number;
}

/** What a stage would be given. */
export interface Preview {
  /** Counted where the archive can be read, estimated by the archive's mean on AWS, which only replays it. */
  readonly exact: boolean;
  readonly events: number;
  /** Empty where it is an estimate. */
  readonly kinds: readonly KindCount[];
  readonly count: CountEvents;
}

/**
 * Looks up the archive and the stage's rule.
 *
 * @throws ReplayRefusedError without an archive or a rule, or for a window that the archive does not keep
 */
export async function routeTo(
  connection: Connection,
  stage: StageName,
  window: Window,
): Promise<ReplayRoute> {
  const { environment } = connection;
  const ArchiveName = resourceName(environment, 'platform', 'archive');
  const EventBusName = resourceName(environment, 'platform', 'bus');
  const Name = resourceName(environment, stage, 'subscription');
  const [archive, rule] = await Promise.all([
    unlessAbsent(connection.events.send(new DescribeArchiveCommand({ ArchiveName }))),
    unlessAbsent(connection.events.send(new DescribeRuleCommand({ Name, EventBusName }))),
  ]);
  if (archive === undefined)
    throw new ReplayRefusedError(
      'NoArchive',
      `There is no archive ${ArchiveName} in ${environment.name}: deploy the platform first ("pnpm turbo deploy --filter=@payments/infra").`,
    );
  if (rule === undefined)
    throw new ReplayRefusedError(
      'NoRule',
      `${stage} takes no events in ${environment.name}: it is not deployed ("pnpm turbo deploy --filter=@payments/${stage}"), or takes none by a rule.`,
    );
  const created = Math.floor((archive.CreationTime?.getTime() ?? 0) / 1000);
  const days = archive.RetentionDays ?? 0;
  const oldest = days === 0 ? 0 : Math.floor(Date.now() / 1000) - days * DAY_SECONDS;
  if (window.from < oldest)
    throw new ReplayRefusedError(
      'OutsideRetention',
      `The archive keeps ${days} days, so nothing before ${timeText(oldest)}: say a later --from.`,
    );
  return {
    archiveArn: archive.ArchiveArn ?? arnOf(environment, 'events', `archive/${ArchiveName}`),
    busArn: arnOf(environment, 'events', `event-bus/${EventBusName}`),
    ruleArn: rule.Arn ?? arnOf(environment, 'events', `rule/${EventBusName}/${Name}`),
    takes: kindsOf(rule.EventPattern ?? '{}'),
    archive: {
      events: archive.EventCount ?? 0,
      bytes: archive.SizeBytes ?? 0,
      since: Math.max(created, oldest),
    },
  };
}

/** Counts what a stage would be given of a window; on AWS, what the archive's mean makes of it, of all kinds. */
export async function previewOf(
  connection: Connection,
  route: ReplayRoute,
  window: Window,
): Promise<Preview> {
  if (connection.kind === 'aws') return estimated(route.archive, window);
  const kinds = new Map<string, { events: number; records: number }>();
  const bySecond = new Map<number, number>();
  let events = 0;
  // Events that begin alike in their time are a fraction of the archive.
  const alike = `"time":"${commonStart(timeText(window.from), timeText(window.until))}`;
  for await (const { 'detail-type': kind, time, detail } of archivedEvents(connection, alike)) {
    const second = Date.parse(time) / 1000;
    if (second < window.from || second > window.until || !route.takes.includes(kind)) continue;
    const { events: before, records } = kinds.get(kind) ?? { events: 0, records: 0 };
    kinds.set(kind, { events: before + 1, records: records + (detail.records ?? []).length });
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
    events += 1;
  }
  return {
    exact: true,
    events,
    kinds: route.takes.map((event) => ({ event, ...(kinds.get(event) ?? { events: 0, records: 0 }) })),
    count: counterOf(bySecond),
  };
}

/** Counts windows without going through all seconds for each. */
function counterOf(bySecond: ReadonlyMap<number, number>): CountEvents {
  const seconds = [...bySecond.keys()].sort((a, b) => a - b);
  const before = [0];
  for (const second of seconds) before.push((before.at(-1) ?? 0) + (bySecond.get(second) ?? 0));
  /** How many events lie before a second. */
  const until = (second: number): number => {
    let [low, high] = [0, seconds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((seconds[middle] ?? 0) < second) low = middle + 1;
      else high = middle;
    }
    return before[low] ?? 0;
  };
  return (window) => until(window.until + 1) - until(window.from);
}

function estimated({ events, since }: ArchiveSize, window: Window): Preview {
  const kept = Math.max(1, Date.now() / 1000 - since);
  const count: CountEvents = ({ from, until }) => Math.round(((until - from) * events) / kept);
  return { exact: false, events: count(window), kinds: [], count };
}

/** The `detail-type` that a rule asks for; a stage's rule names each (`infra/src/constructs/subscription-rule.ts`). */
function kindsOf(pattern: string): readonly string[] {
  const { 'detail-type': kinds = [] } = JSON.parse(pattern) as { 'detail-type'?: readonly unknown[] };
  return kinds.filter((kind) => typeof kind === 'string');
}

function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, length);
}

async function unlessAbsent<Output>(output: Promise<Output>): Promise<Output | undefined> {
  try {
    return await output;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
