import { parseArgs } from 'node:util';
import { STAGES, type StageName } from '@payments/schemas';
import { bar, ProgressLine } from '../progress.ts';
import { type Command, CommandUsageError, type Output } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  ConnectionRefusedError,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { nearestName } from './nearest-name.ts';
import { type Preview, previewOf, type ReplayRoute, routeTo } from './replay-archive.ts';
import { partSecondsOf, partsOf, type ReplayPlan, runName, type Window } from './replay-plan.ts';
import { ReplayRefusedError } from './replay-refused-error.ts';
import { planOfRun, runReplay, statusOf, timesReplayed } from './replay-run.ts';
import { replayText } from './replay-text.ts';
import { readTime } from './replay-time.ts';
import { DEFAULT_WAIT_MINUTES, queueTaken } from './replay-wait.ts';

/** Events come to an archive on AWS with a delay (EventBridge user guide, "Replaying archived events"). */
const ARCHIVE_DELAY_MS = 10 * 60_000;

const HELP = `payments replay --to <stage> --from <time> --until <time> [options]
payments replay --resume <name> [options]

Gives a stage what the archive of the bus has of a time once more, and gives it to that stage's rule alone. What the
stage did already, it does not do twice: a window that is too wide costs time, one that is too narrow costs events.

  --to <stage>           who gets them, as in posting
  --from, --until <time> 2026-11-22T12:00:00Z, a date, "now", or how long ago, as in 90m or 2d; whole seconds, both
                         ends within
  --dry-run              only show how many events of which kinds it would be
  --rate <n>             events a second. EventBridge has no rate of its own: the window is cut into consecutive
                         replays of a minute to an hour, each begun when the mean allows it. Within a part it goes as
                         fast as EventBridge does
  --events <names>       stop unless the stage takes these and no other (comma-separated): a replay gives a rule all
                         that it takes and cannot leave out a kind. With --dry-run it counts these alone
  --resume <name>        go on with a replay that was interrupted: parts that are done stay done, one that failed is
                         tried again. How far it came is what EventBridge knows of its parts (for 90 days)
  --again                replay a window that was replayed before
  --wait [--minutes <n>] come back when the stage has taken all from its queue (default: at most ${DEFAULT_WAIT_MINUTES} minutes)
  --json                 what was replayed, or would be
${CONNECTION_HELP}

An archive on AWS cannot be read: there the preview says how much it holds, and estimates by its mean. At most 10
replays run in an account at one time; this one waits for its turn.

Example:  payments replay --to posting --from 2h --until now --dry-run`;

/** `payments replay`. */
export const replay: Command = {
  name: 'replay',
  summary: 'give a stage what the archive has of a time once more, at a rate, resumable',
  help: HELP,
  run: async (args, output) => {
    const options = read(args);
    const connection = await openConnection(connectionOptions(options.values));
    try {
      if (connection.kind === 'at-rest' && !options.dryRun)
        throw new ConnectionRefusedError(
          'A replay needs a cloud that runs: run "npm start" on this data directory first.',
        );
      return await run(connection, options, output);
    } finally {
      await connection.close();
    }
  },
};

type Options = ReturnType<typeof read>;

async function run(connection: Connection, options: Options, output: Output): Promise<number> {
  const resumed = options.resume === undefined ? undefined : await planOfRun(connection, options.resume);
  const stage = resumed?.stage ?? options.stage;
  const window = resumed ?? options.window;
  if (stage === undefined || window === undefined)
    throw new CommandUsageError('replay takes --to, --from and --until, or --resume.');
  const route = narrowed(await routeTo(connection, stage, window), stage, options);
  const preview = await previewOf(connection, route, window);
  const { rate = resumed?.rate } = options;
  const plan = resumed ?? (await newPlan(connection, stage, window, preview, options));
  const paced: ReplayPlan = rate === undefined ? plan : { ...plan, rate };
  const said = options.json ? { ...output, print: () => undefined } : output;
  for (const line of replayText(paced, route, preview)) said.print(line);
  if (connection.kind === 'aws' && Date.now() - window.until * 1000 < ARCHIVE_DELAY_MS)
    output.warn('Events reach an archive late: those of the last ten minutes may not be in it yet.');
  if (options.dryRun) {
    if (options.json) printJson(output, paced, preview, await statusOf(connection, paced));
    return 0;
  }
  said.print(`"payments replay --resume ${paced.name}" goes on with it if it is interrupted.`);
  const parts = await withProgress(connection, route, paced, preview);
  said.print(
    `Given       ${paced.name}: ${parts.length} ${parts.length === 1 ? 'part' : 'parts'} to ${stage}`,
  );
  if (options.wait) said.print(`Taken       ${await queueTaken(connection, stage, options.minutes)}`);
  if (options.json) printJson(output, paced, preview, parts);
  return 0;
}

/** A run of its own name; the same window again only when it is said. */
async function newPlan(
  connection: Connection,
  stage: StageName,
  window: Window,
  preview: Preview,
  { rate, again, dryRun }: Options,
): Promise<ReplayPlan> {
  const nameOf = (time: number): string => runName(connection.environment.name, stage, window, time);
  const times = await timesReplayed(connection, nameOf);
  if (times > 0 && !again && !dryRun) {
    const name = nameOf(times);
    throw new ReplayRefusedError(
      'AlreadyReplayed',
      `This window was replayed to ${stage} before: "payments replay --resume ${name}" finishes it, --again replays it once more.`,
    );
  }
  const partSeconds = partSecondsOf(window, rate, preview.count);
  return { ...window, name: nameOf(times + 1), stage, partSeconds, ...(rate === undefined ? {} : { rate }) };
}

/** Holds what is expected against what the rule takes. */
function narrowed(route: ReplayRoute, stage: StageName, { events, dryRun }: Options): ReplayRoute {
  if (events === undefined) return route;
  const foreign = events.find((event) => !route.takes.includes(event));
  if (foreign !== undefined)
    throw new CommandUsageError(`${stage} does not take ${foreign}; it takes ${route.takes.join(', ')}.`);
  const others = route.takes.filter((event) => !events.includes(event));
  if (others.length > 0 && !dryRun)
    throw new ReplayRefusedError(
      'WouldGiveMore',
      `A replay would give ${stage} ${others.join(', ')} too: a rule is given all that it takes. Leave out --events to replay all.`,
    );
  return { ...route, takes: route.takes.filter((event) => events.includes(event)) };
}

async function withProgress(
  connection: Connection,
  route: ReplayRoute,
  plan: ReplayPlan,
  preview: Preview,
): ReturnType<typeof runReplay> {
  const line = new ProgressLine(process.stderr);
  try {
    return await runReplay(connection, route, plan, {
      count: preview.count,
      skipsEmpty: preview.exact,
      progress: {
        part: ({ number }, of, events) =>
          line.show(`Replaying   ${bar(events, preview.events)} part ${number} of ${of}`),
        waits: ({ number }) => line.show(`Part ${number} waits: as many replays run as may`),
      },
    });
  } finally {
    line.clear();
  }
}

function printJson(
  output: Output,
  plan: ReplayPlan,
  { exact, events, kinds }: Preview,
  parts: readonly { readonly replay: string; readonly state: string }[],
): void {
  const begun = parts.length > 0 ? parts : partsOf(plan);
  output.print(JSON.stringify({ ...plan, preview: { exact, events, kinds }, parts: begun }, null, 2));
}

/** @throws CommandUsageError */
function read(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...CONNECTION_OPTIONS,
      to: { type: 'string' },
      from: { type: 'string' },
      until: { type: 'string' },
      'dry-run': { type: 'boolean' },
      rate: { type: 'string' },
      events: { type: 'string' },
      resume: { type: 'string' },
      again: { type: 'boolean' },
      wait: { type: 'boolean' },
      minutes: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const { to, from, until, rate, events, resume, minutes } = values;
  if (resume !== undefined && (to ?? from ?? until) !== undefined)
    throw new CommandUsageError(
      '--resume knows stage and window already: leave out --to, --from and --until.',
    );
  if (resume === undefined && (to === undefined || from === undefined || until === undefined))
    throw new CommandUsageError('replay takes --to, --from and --until, or --resume.');
  return {
    values,
    stage: to === undefined ? undefined : readStage(to),
    window: from === undefined || until === undefined ? undefined : readWindow(from, until),
    rate: rate === undefined ? undefined : positive('rate', rate),
    events: events?.split(',').map((name) => name.trim()),
    resume,
    minutes: minutes === undefined ? DEFAULT_WAIT_MINUTES : positive('minutes', minutes),
    dryRun: values['dry-run'] === true,
    again: values.again === true,
    wait: values.wait === true,
    json: values.json === true,
  };
}

function readStage(text: string): StageName {
  const stage = STAGES.find((name) => name === text);
  if (stage !== undefined) return stage;
  const nearest = nearestName(text, STAGES);
  const suggestion = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new CommandUsageError(`There is no stage ${text}.${suggestion} Stages: ${STAGES.join(', ')}.`);
}

/** Whole seconds, for an event's time has no fraction: one of the window's first second must be within it. */
function readWindow(fromText: string, untilText: string): Window {
  const now = Date.now();
  const [from, until] = [readTime('from', fromText, now), readTime('until', untilText, now)];
  if (until > now) throw new CommandUsageError(`--until ${untilText} is yet to come: say "now".`);
  const window = { from: Math.floor(from / 1000), until: Math.ceil(until / 1000) };
  if (window.from < window.until) return window;
  throw new CommandUsageError(`--from ${fromText} must be before --until ${untilText}.`);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value > 0) return value;
  throw new CommandUsageError(`--${option} takes a number above zero, not "${text}".`);
}
