import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import { optionalInteger, optionalText, requiredText } from '../sqs/members.ts';
import { checkDestination } from './failure-destination.ts';
import { functionName } from './function-registry.ts';
import { describeMapping, type MappingConfiguration, readMapping } from './mapping-configuration.ts';
import type { MappingHost, MappingRunner } from './mapping-runner.ts';
import { SqsMapping } from './sqs-mapping.ts';
import { StreamMapping } from './stream-mapping.ts';

const CODE = 'InvalidParameterValueException';
const LISTED_MAX = 100;

interface Row {
  readonly uuid: string;
  readonly content: string;
  readonly checkpoint: string | null;
}

/** All event source mappings: their configuration in the store, their work in runners. */
export class EventSourceMappings {
  readonly #host: MappingHost;
  readonly #mappings = new Map<string, MappingConfiguration>();
  readonly #runners = new Map<string, MappingRunner>();

  constructor(host: Omit<MappingHost, 'checkpoint'>) {
    const { store } = host.context;
    this.#host = {
      ...host,
      checkpoint: (uuid, sequenceNumber) => {
        store.run('UPDATE lambda_mappings SET checkpoint = ? WHERE uuid = ?', sequenceNumber, uuid);
      },
    };
    store.define(
      'CREATE TABLE IF NOT EXISTS lambda_mappings (uuid TEXT PRIMARY KEY, content TEXT NOT NULL, checkpoint TEXT)',
    );
    for (const row of store.all<Row>('SELECT * FROM lambda_mappings ORDER BY rowid')) {
      this.#mappings.set(row.uuid, JSON.parse(row.content));
    }
  }

  resume(): void {
    for (const mapping of this.#mappings.values()) this.#restart(mapping);
  }

  outstanding(): number {
    let count = 0;
    for (const runner of this.#runners.values()) count += runner.outstanding();
    return count;
  }

  /** CreateEventSourceMapping. Throws AwsError InvalidParameterValueException, ResourceConflictException. */
  create(input: JsonObject): JsonObject {
    const { runtime, store } = this.#host.context;
    const fn = this.#host.function(requiredText(input, 'FunctionName', CODE));
    const mapping = readMapping(input, undefined, { uuid: runtime.uuid(), now: runtime.now() });
    for (const other of this.#mappings.values()) {
      if (other.sourceArn !== mapping.sourceArn || other.functionName !== fn.name) continue;
      throw new AwsError(
        'ResourceConflictException',
        `An event source mapping with ${mapping.source} arn ("${mapping.sourceArn}") and function ("${fn.name}") already exists. Please update or delete the existing mapping with UUID ${other.uuid}`,
        { status: 409, members: { Type: 'User' } },
      );
    }
    this.#check(mapping);
    const latest =
      mapping.source === 'dynamodb' && mapping.startingPosition === 'LATEST'
        ? this.#host.streams.latest(mapping.sourceArn)
        : undefined;
    store.run(
      'INSERT INTO lambda_mappings VALUES (?, ?, ?)',
      mapping.uuid,
      JSON.stringify(mapping),
      latest ?? null,
    );
    this.#mappings.set(mapping.uuid, mapping);
    this.#restart(mapping);
    return this.#describe(mapping);
  }

  /** UpdateEventSourceMapping: what is not given stays. */
  update(input: JsonObject): JsonObject {
    const previous = this.#get(requiredText(input, 'UUID', CODE));
    const { runtime, store } = this.#host.context;
    const mapping = readMapping(input, previous, { uuid: previous.uuid, now: runtime.now() });
    this.#check(mapping);
    store.run('UPDATE lambda_mappings SET content = ? WHERE uuid = ?', JSON.stringify(mapping), mapping.uuid);
    this.#mappings.set(mapping.uuid, mapping);
    this.#restart(mapping);
    return this.#describe(mapping);
  }

  get(input: JsonObject): JsonObject {
    return this.#describe(this.#get(requiredText(input, 'UUID', CODE)));
  }

  list(input: JsonObject): JsonObject {
    const source = optionalText(input, 'EventSourceArn', CODE);
    const name = optionalText(input, 'FunctionName', CODE);
    const max = optionalInteger(input, 'MaxItems', { min: 1, max: 10_000 }, CODE) ?? LISTED_MAX;
    const from = Number(optionalText(input, 'Marker', CODE) ?? 0);
    const found = [...this.#mappings.values()].filter(
      (mapping) =>
        (source === undefined || mapping.sourceArn === source) &&
        (name === undefined || mapping.functionName === functionName(name)),
    );
    const page = found.slice(from, from + max).map((mapping) => this.#describe(mapping));
    const more = found.length > from + max ? { NextMarker: String(from + max) } : {};
    return { EventSourceMappings: page, ...more };
  }

  delete(input: JsonObject): JsonObject {
    const mapping = this.#get(requiredText(input, 'UUID', CODE));
    const answer = { ...this.#describe(mapping), State: 'Deleting' };
    this.remove(mapping.uuid);
    return answer;
  }

  has(uuid: string): boolean {
    return this.#mappings.has(uuid);
  }

  remove(uuid: string): void {
    this.#runners.get(uuid)?.stop();
    this.#runners.delete(uuid);
    this.#mappings.delete(uuid);
    this.#host.context.store.run('DELETE FROM lambda_mappings WHERE uuid = ?', uuid);
  }

  #restart(mapping: MappingConfiguration): void {
    this.#runners.get(mapping.uuid)?.stop();
    this.#runners.delete(mapping.uuid);
    if (!mapping.enabled) return;
    const runner =
      mapping.source === 'sqs'
        ? new SqsMapping(mapping, this.#host)
        : new StreamMapping(mapping, this.#host, this.#checkpoint(mapping.uuid));
    this.#runners.set(mapping.uuid, runner);
    runner.start();
  }

  #checkpoint(uuid: string): string | undefined {
    const row = this.#host.context.store.get<Row>('SELECT * FROM lambda_mappings WHERE uuid = ?', uuid);
    return row?.checkpoint ?? undefined;
  }

  #check(mapping: MappingConfiguration): void {
    // Compiling the filters is what finds a pattern that is none.
    this.#host.filter(mapping.filters, mapping.source);
    const fn = this.#host.function(mapping.functionName);
    checkDestination(mapping.onFailureArn);
    if (mapping.source !== 'sqs') return;
    const visibility = this.#host.queues.visibilityTimeoutSeconds(mapping.sourceArn);
    if (visibility >= fn.timeoutSeconds) return;
    throw new AwsError(
      CODE,
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${fn.timeoutSeconds} seconds`,
    );
  }

  #get(uuid: string): MappingConfiguration {
    const mapping = this.#mappings.get(uuid);
    if (mapping !== undefined) return mapping;
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', {
      status: 404,
      members: { Type: 'User' },
    });
  }

  #describe(mapping: MappingConfiguration): JsonObject {
    const { region, id } = this.#host.context.account;
    const arn = `arn:aws:lambda:${region}:${id}:function:${mapping.functionName}`;
    return describeMapping(mapping, arn, region);
  }
}

/** What polling a source takes: the actions that the function's role needs on it. */
export const POLLING_ACTIONS = {
  sqs: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  dynamodb: [
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
  ],
} as const;
