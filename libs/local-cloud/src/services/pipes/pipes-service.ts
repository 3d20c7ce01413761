import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import type { LocalService, ServiceContext } from '../../core/seams.ts';
import { optionalText, present, requiredText } from '../events/request-member.ts';
import { compilePipe, type Pipe } from './pipe-definition.ts';
import { PipeExecution, type PipeNeighbours } from './pipe-execution.ts';
import { PipeProgress } from './pipe-progress.ts';
import { pipesResourceTypes } from './pipe-resource.ts';
import type { PipeRun } from './pipe-run.ts';
import { QueuePipe } from './queue-pipe.ts';
import { StreamPipe } from './stream-pipe.ts';

type Operation = (input: JsonObject) => JsonObject;

/** EventBridge Pipes: from a table's stream or a queue, over filter and enrichment, to a target. */
export class PipesService implements LocalService {
  readonly name = 'pipes';
  readonly resourceTypes: readonly ResourceType[];
  readonly #context: ServiceContext;
  readonly #neighbours: PipeNeighbours;
  readonly #execution: PipeExecution;
  readonly #progress: PipeProgress;
  readonly #pipes = new Map<string, Pipe>();
  readonly #runs = new Map<string, PipeRun>();
  readonly #operations: ReadonlyMap<string, Operation>;

  /** @param neighbours streams, queues and functions, and the check of a role's permissions for them */
  constructor(context: ServiceContext, neighbours: PipeNeighbours) {
    this.#context = context;
    this.#neighbours = neighbours;
    this.#execution = new PipeExecution(context, neighbours);
    this.#progress = new PipeProgress(context.store);
    context.store.define(
      'CREATE TABLE IF NOT EXISTS pipes_pipe (name TEXT PRIMARY KEY, definition TEXT NOT NULL)',
    );
    for (const row of context.store.all<{ definition: string }>(
      'SELECT definition FROM pipes_pipe ORDER BY name',
    )) {
      const pipe = this.#compile(JSON.parse(row.definition) as JsonObject);
      this.#pipes.set(pipe.name, pipe);
    }
    this.#operations = new Map<string, Operation>([
      ['CreatePipe', (input) => this.#create(input)],
      ['UpdatePipe', (input) => this.#update(input)],
      ['DescribePipe', (input) => this.#describe(this.#get(input))],
      ['ListPipes', (input) => this.#list(input)],
      ['DeletePipe', (input) => this.#delete(input)],
      ['StartPipe', (input) => this.#setState(input, 'RUNNING')],
      ['StopPipe', (input) => this.#setState(input, 'STOPPED')],
    ]);
    this.resourceTypes = pipesResourceTypes((operation, input) => this.call(operation, input));
  }

  call(operation: string, input: JsonObject): JsonObject {
    const run = this.#operations.get(operation);
    if (run === undefined) {
      throw new AwsError('UnknownOperationException', `The local cloud does not run pipes:${operation}.`);
    }
    return run(input);
  }

  resume(): void {
    for (const pipe of this.#pipes.values()) this.#start(pipe);
  }

  outstanding(): number {
    let sum = 0;
    for (const run of this.#runs.values()) sum += run.outstanding();
    return sum;
  }

  #create(input: JsonObject): JsonObject {
    const name = requiredText(input, 'Name');
    if (this.#pipes.has(name))
      throw new AwsError('ConflictException', `Pipe ${name} already exists.`, { status: 409 });
    const { DesiredState = 'RUNNING' } = input;
    const CreationTime = this.#nowSeconds();
    const pipe = this.#put({ ...input, DesiredState, CreationTime, LastModifiedTime: CreationTime });
    this.#start(pipe);
    return this.#brief(pipe);
  }

  /** Changes a pipe; where it stands in its source stays, and its source cannot be changed. */
  #update(input: JsonObject): JsonObject {
    const { definition, name } = this.#get(input);
    const { Source, CreationTime } = definition;
    const { DesiredState = definition['DesiredState'] } = input;
    const pipe = this.#put({
      ...input,
      Source,
      DesiredState,
      CreationTime,
      LastModifiedTime: this.#nowSeconds(),
    });
    this.#stop(name);
    this.#start(pipe);
    return this.#brief(pipe);
  }

  #setState(input: JsonObject, DesiredState: 'RUNNING' | 'STOPPED'): JsonObject {
    return this.#update({ ...this.#get(input).definition, DesiredState });
  }

  #delete(input: JsonObject): JsonObject {
    const pipe = this.#get(input);
    this.#stop(pipe.name);
    this.#pipes.delete(pipe.name);
    this.#progress.remove(pipe.name);
    this.#context.store.run('DELETE FROM pipes_pipe WHERE name = ?', pipe.name);
    return { ...this.#brief(pipe), CurrentState: 'DELETING', DesiredState: 'DELETED' };
  }

  #list(input: JsonObject): JsonObject {
    const prefix = optionalText(input, 'NamePrefix') ?? '';
    const pipes = [...this.#pipes.values()].filter((pipe) => pipe.name.startsWith(prefix));
    return { Pipes: pipes.map((pipe) => this.#brief(pipe)) };
  }

  #describe(pipe: Pipe): JsonObject {
    return { ...pipe.definition, ...this.#brief(pipe) };
  }

  #brief(pipe: Pipe): JsonObject {
    const { Source, Target, Enrichment, DesiredState, CreationTime, LastModifiedTime } = pipe.definition;
    const CurrentState = DesiredState;
    const times = { CreationTime, LastModifiedTime };
    return present({
      Name: pipe.name,
      Arn: pipe.arn,
      Source,
      Target,
      Enrichment,
      DesiredState,
      CurrentState,
      ...times,
    });
  }

  #put(definition: JsonObject): Pipe {
    const pipe = this.#compile(definition);
    const sql = 'INSERT OR REPLACE INTO pipes_pipe (name, definition) VALUES (?, ?)';
    this.#context.store.run(sql, pipe.name, JSON.stringify(definition));
    this.#pipes.set(pipe.name, pipe);
    return pipe;
  }

  #start(pipe: Pipe): void {
    if (pipe.definition['DesiredState'] === 'STOPPED') return;
    this.#runs.set(
      pipe.name,
      pipe.sourceKind === 'stream' ? this.#startStream(pipe) : this.#startQueue(pipe),
    );
  }

  #startStream(pipe: Pipe): PipeRun {
    const begin = pipe.startsAtLatest ? this.#neighbours.streams.latest(pipe.sourceArn) : undefined;
    this.#progress.begin(pipe.name, pipe.sourceArn, begin);
    return new StreamPipe(pipe, this.#context, this.#neighbours, this.#execution, this.#progress);
  }

  #startQueue(pipe: Pipe): PipeRun {
    return new QueuePipe(pipe, this.#context, this.#neighbours, this.#execution);
  }

  #stop(name: string): void {
    this.#runs.get(name)?.stop();
    this.#runs.delete(name);
  }

  #get(input: JsonObject): Pipe {
    const name = requiredText(input, 'Name');
    const pipe = this.#pipes.get(name);
    if (pipe === undefined) {
      throw new AwsError('NotFoundException', `Pipe ${name} does not exist.`, { status: 404 });
    }
    return pipe;
  }

  #compile(definition: JsonObject): Pipe {
    const { region, id } = this.#context.account;
    return compilePipe(definition, `arn:aws:pipes:${region}:${id}:pipe/${requiredText(definition, 'Name')}`);
  }

  #nowSeconds(): number {
    return Math.floor(this.#context.runtime.now() / 1000);
  }
}
