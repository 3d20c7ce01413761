import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import type { ArchivedEvents } from './archived-events.ts';
import type { Archive, Bus, BusDirectory } from './bus-directory.ts';
import { type BusEvent, storedEvent, withReplayName } from './bus-event.ts';
import {
  optionalNumber,
  optionalObject,
  optionalText,
  present,
  requiredText,
  texts,
  validationError,
} from './request-member.ts';

/** EventBridge quota: replays that run at one time. */
const REPLAYS_RUNNING_MAX = 10;
/** How many replays one page of ListReplays holds at the most, and how many when it is not said (API reference). */
const LISTED_MAX = 100;
/** How many events a replay puts on the bus in one step, so that it leaves room for other work. */
const STEP_EVENTS_MAX = 200;

type State = 'STARTING' | 'RUNNING' | 'CANCELLING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

interface Row {
  readonly name: string;
  readonly definition: string;
  readonly state: State;
  readonly reason: string | null;
  readonly minute: number | null;
  readonly sequence: number | null;
  readonly last_time: number | null;
  readonly started_at: number;
  readonly ended_at: number | null;
}

const UNFINISHED = "state IN ('STARTING', 'RUNNING', 'CANCELLING')";

/** Replays of archives: each step puts some events on the bus and moves the replay's position with them. */
export class Replays {
  readonly #context: ServiceContext;
  readonly #directory: BusDirectory;
  readonly #events: ArchivedEvents;
  readonly #put: (bus: Bus, event: BusEvent, ruleArns: readonly string[]) => void;

  /** @param put gives an event to the rules of a bus, or to those that are named */
  constructor(
    context: ServiceContext,
    directory: BusDirectory,
    events: ArchivedEvents,
    put: (bus: Bus, event: BusEvent, ruleArns: readonly string[]) => void,
  ) {
    this.#context = context;
    this.#directory = directory;
    this.#events = events;
    this.#put = put;
    context.store.define(`CREATE TABLE IF NOT EXISTS events_replay (
      name TEXT PRIMARY KEY, definition TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, minute INTEGER,
      sequence INTEGER, last_time INTEGER, started_at INTEGER NOT NULL, ended_at INTEGER)`);
  }

  get running(): number {
    return (
      this.#context.store.get<{ n: number }>(`SELECT count(*) AS n FROM events_replay WHERE ${UNFINISHED}`)
        ?.n ?? 0
    );
  }

  resume(): void {
    const rows = this.#context.store.all<Row>(
      `SELECT * FROM events_replay WHERE ${UNFINISHED} ORDER BY name`,
    );
    for (const { name } of rows) this.#schedule(name);
  }

  start(input: JsonObject): JsonObject {
    const name = requiredText(input, 'ReplayName');
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) throw validationError(`Replay name ${name} is not valid.`);
    const sourceArn = requiredText(input, 'EventSourceArn');
    const destination = optionalObject(input, 'Destination') ?? {};
    const from = optionalNumber(input, 'EventStartTime');
    const to = optionalNumber(input, 'EventEndTime');
    if (from === undefined || to === undefined)
      throw validationError('EventStartTime and EventEndTime are required.');
    if (from >= to) {
      throw validationError(
        'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
      );
    }
    const archive = this.#directory.findArchive(sourceArn.slice(sourceArn.indexOf(':archive/') + 9));
    if (archive === undefined) {
      throw validationError('Parameter EventSourceArn is not valid. Reason: The archive does not exist.');
    }
    const bus = this.#directory.bus(requiredText(destination, 'Arn'));
    if (bus.name !== archive.busName) {
      throw validationError(
        'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
      );
    }
    if (this.#find(name) !== undefined) {
      throw new AwsError('ResourceAlreadyExistsException', `Replay ${name} already exists.`);
    }
    if (this.running >= REPLAYS_RUNNING_MAX) {
      throw new AwsError('LimitExceededException', `At most ${REPLAYS_RUNNING_MAX} replays run at one time.`);
    }
    const startedAt = this.#nowSeconds();
    this.#context.store.run(
      "INSERT INTO events_replay (name, definition, state, started_at) VALUES (?, ?, 'STARTING', ?)",
      name,
      JSON.stringify(input),
      startedAt,
    );
    this.#schedule(name);
    return { ReplayArn: this.#arn(name), State: 'STARTING', ReplayStartTime: startedAt };
  }

  describe(input: JsonObject): JsonObject {
    const row = this.#get(requiredText(input, 'ReplayName'));
    const definition = JSON.parse(row.definition) as JsonObject;
    return present({
      ...this.#summary(row),
      ReplayArn: this.#arn(row.name),
      Description: definition['Description'],
      Destination: definition['Destination'],
    });
  }

  list(input: JsonObject): JsonObject {
    const prefix = optionalText(input, 'NamePrefix') ?? '';
    const rows = this.#context.store.all<Row>('SELECT * FROM events_replay ORDER BY name');
    const wanted = rows.filter(
      ({ name, state }) => name.startsWith(prefix) && (input['State'] ?? state) === state,
    );
    const from = input['EventSourceArn'];
    const after = optionalText(input, 'NextToken') ?? '';
    const limit = Math.min(optionalNumber(input, 'Limit') ?? LISTED_MAX, LISTED_MAX);
    const replays = wanted
      .filter(({ name }) => name > after)
      .map((row) => this.#summary(row))
      .filter((replay) => (from ?? replay['EventSourceArn']) === replay['EventSourceArn']);
    const page = replays.slice(0, limit);
    const NextToken = replays.length > limit ? page.at(-1)?.['ReplayName'] : undefined;
    return present({ Replays: page, NextToken });
  }

  cancel(input: JsonObject): JsonObject {
    const row = this.#get(requiredText(input, 'ReplayName'));
    if (row.state !== 'STARTING' && row.state !== 'RUNNING') {
      throw new AwsError(
        'IllegalStatusException',
        `Replay ${row.name} is not in a valid state for this operation.`,
      );
    }
    this.#set(row.name, 'CANCELLING', undefined);
    return { ReplayArn: this.#arn(row.name), State: 'CANCELLING' };
  }

  #schedule(name: string): void {
    this.#context.runtime.schedule({
      name: `events-replay:${name}`,
      delayMs: 0,
      run: () => this.#step(name),
    });
  }

  #step(name: string): void {
    const row = this.#find(name);
    if (row === undefined) return;
    if (row.state === 'CANCELLING') {
      this.#set(name, 'CANCELLED', undefined);
      return;
    }
    const definition = JSON.parse(row.definition) as JsonObject;
    const destination = optionalObject(definition, 'Destination') ?? {};
    const archive = this.#archive(definition);
    const bus = this.#directory.findBus(requiredText(destination, 'Arn'));
    if (archive === undefined || bus === undefined) {
      this.#set(name, 'FAILED', 'The archive or its event bus was deleted.');
      return;
    }
    const { minute, sequence } = row;
    const events = this.#events.read(
      archive,
      optionalNumber(definition, 'EventStartTime') ?? 0,
      optionalNumber(definition, 'EventEndTime') ?? 0,
      minute === null || sequence === null ? undefined : { minute, sequence },
      STEP_EVENTS_MAX,
    );
    const last = events.at(-1);
    if (last === undefined) {
      this.#set(name, 'COMPLETED', undefined);
      return;
    }
    const ruleArns = texts(destination, 'FilterArns');
    for (const { text } of this.#shuffled(events)) {
      const event = storedEvent(withReplayName(text, name), this.#context.runtime.now(), 0);
      this.#put(bus, event, ruleArns);
    }
    this.#context.bill('events:replayed-events', events.length);
    this.#context.store.run(
      "UPDATE events_replay SET state = 'RUNNING', minute = ?, sequence = ?, last_time = ? WHERE name = ?",
      last.position.minute,
      last.position.sequence,
      last.time,
      name,
    );
    this.#schedule(name);
  }

  /** The events in any order within their minute, which is all that AWS promises. */
  #shuffled<T extends { readonly position: { readonly minute: number } }>(
    events: readonly T[],
  ): readonly T[] {
    return events
      .map((event) => ({ event, at: event.position.minute + this.#context.runtime.random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ event }) => event);
  }

  #summary(row: Row): JsonObject {
    const definition = JSON.parse(row.definition) as JsonObject;
    return present({
      ReplayName: row.name,
      EventSourceArn: definition['EventSourceArn'],
      State: row.state,
      StateReason: row.reason,
      EventStartTime: definition['EventStartTime'],
      EventEndTime: definition['EventEndTime'],
      EventLastReplayedTime: row.last_time,
      ReplayStartTime: row.started_at,
      ReplayEndTime: row.ended_at,
    });
  }

  #archive(definition: JsonObject): Archive | undefined {
    const arn = requiredText(definition, 'EventSourceArn');
    return this.#directory.findArchive(arn.slice(arn.indexOf(':archive/') + 9));
  }

  #set(name: string, state: State, reason: string | undefined): void {
    this.#context.store.run(
      'UPDATE events_replay SET state = ?, reason = ?, ended_at = ? WHERE name = ?',
      state,
      reason ?? null,
      state === 'CANCELLING' ? null : this.#nowSeconds(),
      name,
    );
  }

  #find(name: string): Row | undefined {
    return this.#context.store.get<Row>('SELECT * FROM events_replay WHERE name = ?', name);
  }

  #get(name: string): Row {
    const row = this.#find(name);
    if (row === undefined) throw new AwsError('ResourceNotFoundException', `Replay ${name} does not exist.`);
    return row;
  }

  #arn(name: string): string {
    return this.#directory.arn(`replay/${name}`);
  }

  #nowSeconds(): number {
    return Math.floor(this.#context.runtime.now() / 1000);
  }
}
