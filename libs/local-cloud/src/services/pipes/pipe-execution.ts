import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import type { FunctionInvoker, QueueSource, ServiceContext, StreamSource } from '../../core/seams.ts';
import type { Principal } from '../../core/service.ts';
import { isObject, objects, optionalObject, optionalText, texts } from '../events/request-member.ts';
import type { Authorize } from '../events/target-caller.ts';
import { BatchFailure } from './batch-failure.ts';
import type { Pipe } from './pipe-definition.ts';
import { identifierOf, pathOrText } from './record-template.ts';

/** What pipes read from and deliver to without the way through another service's API. */
export interface PipeNeighbours {
  readonly streams: StreamSource;
  readonly queues: QueueSource;
  readonly functions: FunctionInvoker;
  readonly authorize: Authorize;
  /** Counts a metric of a pipe; nobody counts when absent. */
  readonly count?: (pipe: string, metric: string, value: number) => void;
}

/** The largest payload of an enrichment and of its answer ("Pipes event enrichment"). */
export const PAYLOAD_BYTES_MAX = 6 * 1024 * 1024;

export function roleOf(pipe: Pipe): Principal {
  return { kind: 'role', arn: pipe.roleArn };
}

/** Takes one batch through a pipe: enrichment, then target. */
export class PipeExecution {
  readonly #context: ServiceContext;
  readonly #neighbours: PipeNeighbours;

  constructor(context: ServiceContext, neighbours: PipeNeighbours) {
    this.#context = context;
    this.#neighbours = neighbours;
  }

  /**
   * @param records the records that passed the filter
   * @throws BatchFailure when some of them, or all, have to be tried again
   */
  async run(pipe: Pipe, records: readonly JsonObject[]): Promise<void> {
    try {
      const enriched =
        pipe.enrichmentArn === undefined ? records : await this.#enrich(pipe, pipe.enrichmentArn, records);
      if (enriched.length === 0) return;
      await this.#deliver(pipe, records, enriched);
      this.#mayLoseAnswer(pipe, 'target');
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new BatchFailure(`${error.code}: ${error.message}`, { cause: error });
    }
  }

  async #enrich(
    pipe: Pipe,
    functionArn: string,
    records: readonly JsonObject[],
  ): Promise<readonly JsonValue[]> {
    const now = this.#context.runtime.now();
    const template = pipe.enrichmentInput;
    const payload =
      template === undefined
        ? JSON.stringify(records)
        : `[${records.map((one) => asJson(template(one, now))).join()}]`;
    const { functions } = this.#neighbours;
    const { payload: answer, functionError } = await functions.invoke(functionArn, payload, roleOf(pipe));
    this.#mayLoseAnswer(pipe, 'enrichment');
    if (functionError !== undefined) throw new BatchFailure(`The enrichment failed: ${answer}`);
    if (Buffer.byteLength(answer) > PAYLOAD_BYTES_MAX) {
      throw new BatchFailure(`The enrichment answered more than ${PAYLOAD_BYTES_MAX} bytes.`);
    }
    return newBatch(parsedAnswer(answer));
  }

  #mayLoseAnswer(pipe: Pipe, of: string): void {
    if (this.#context.faults.losesAnswer(pipe.name))
      throw new BatchFailure(`The answer of the ${of} was lost.`);
  }

  async #deliver(pipe: Pipe, records: readonly JsonObject[], batch: readonly JsonValue[]): Promise<void> {
    if (pipe.targetBatchMax !== undefined && batch.length > pipe.targetBatchMax) {
      throw new BatchFailure(
        `The target takes ${pipe.targetBatchMax} records at a time, the batch has ${batch.length}.`,
      );
    }
    const now = this.#context.runtime.now();
    const template = pipe.targetInput;
    const inputs = batch.map((record) =>
      template === undefined ? JSON.stringify(record) : template(record, now),
    );
    switch (pipe.targetKind) {
      case 'bus':
        return this.#putEvents(pipe, records, batch, inputs);
      case 'queue':
        return this.#send(pipe, records, batch, inputs);
      case 'function':
        return this.#invoke(pipe, records, `[${inputs.map(asJson).join()}]`);
      default:
        return this.#startExecution(pipe, `[${inputs.map(asJson).join()}]`);
    }
  }

  async #putEvents(
    pipe: Pipe,
    records: readonly JsonObject[],
    batch: readonly JsonValue[],
    inputs: readonly string[],
  ): Promise<void> {
    const parameters = optionalObject(pipe.targetParameters, 'EventBridgeEventBusParameters') ?? {};
    const source = pathOrText(optionalText(parameters, 'Source') ?? `Pipe ${pipe.name}`);
    const from = pipe.sourceKind === 'stream' ? 'aws:dynamodb' : 'aws:sqs';
    const detailType = pathOrText(optionalText(parameters, 'DetailType') ?? `Event from ${from}`);
    const time = optionalText(parameters, 'Time');
    const resources = texts(parameters, 'Resources').map(pathOrText);
    const Entries = batch.map((record, index) => {
      const at = time === undefined ? undefined : epochSeconds(pathOrText(time)(record));
      return {
        EventBusName: pipe.targetArn,
        Source: asText(source(record)),
        DetailType: asText(detailType(record)),
        Detail: inputs[index] ?? '',
        ...(resources.length === 0
          ? {}
          : { Resources: resources.map((resource) => asText(resource(record))) }),
        ...(at === undefined ? {} : { Time: at }),
      };
    });
    const answer = await this.#context.call('events', 'PutEvents', { Entries }, roleOf(pipe));
    const results = objects(answer, 'Entries');
    const failed = results.flatMap((result, index) => (result['ErrorCode'] === undefined ? [] : [index]));
    if (failed.length === 0) return;
    const first = results[failed[0] ?? 0];
    throw new BatchFailure(
      `${failed.length} of ${batch.length} events were refused: ${first?.['ErrorCode']} ${first?.['ErrorMessage']}`,
      this.#remainder(pipe, records, batch, failed),
    );
  }

  #send(
    pipe: Pipe,
    records: readonly JsonObject[],
    batch: readonly JsonValue[],
    inputs: readonly string[],
  ): void {
    this.#neighbours.authorize(roleOf(pipe), 'sqs:SendMessage', pipe.targetArn);
    inputs.forEach((input, sent) => {
      try {
        this.#neighbours.queues.send(pipe.targetArn, input);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const left = inputs.map((_, index) => index).slice(sent);
        const cause = { cause: error, ...this.#remainder(pipe, records, batch, left) };
        throw new BatchFailure(`${error.code}: ${error.message}`, cause);
      }
    });
  }

  async #invoke(pipe: Pipe, records: readonly JsonObject[], payload: string): Promise<void> {
    const parameters = optionalObject(pipe.targetParameters, 'LambdaFunctionParameters') ?? {};
    const { functions } = this.#neighbours;
    if (optionalText(parameters, 'InvocationType') === 'FIRE_AND_FORGET') {
      functions.invokeAsync(pipe.targetArn, payload, roleOf(pipe));
      return;
    }
    const { payload: answer, functionError } = await functions.invoke(pipe.targetArn, payload, roleOf(pipe));
    if (functionError !== undefined) throw new BatchFailure(`The target failed: ${answer}`);
    const parsed = parsedAnswer(answer);
    const items = isObject(parsed) ? objects(parsed, 'batchItemFailures') : [];
    if (items.length === 0) return;
    const failed = placesOf(
      records,
      items.map((item) => item['itemIdentifier']),
    );
    throw new BatchFailure(
      `${items.length} items failed at the target.`,
      failed === undefined ? {} : { failed },
    );
  }

  async #startExecution(pipe: Pipe, input: string): Promise<void> {
    const parameters = optionalObject(pipe.targetParameters, 'StepFunctionStateMachineParameters') ?? {};
    const request = { stateMachineArn: pipe.targetArn, input };
    if (optionalText(parameters, 'InvocationType') === 'FIRE_AND_FORGET') {
      await this.#context.call('states', 'StartExecution', request, roleOf(pipe));
      return;
    }
    const answer = await this.#context.call('states', 'StartSyncExecution', request, roleOf(pipe));
    if (answer['status'] !== 'SUCCEEDED')
      throw new BatchFailure(`The execution ended as ${answer['status']}.`);
  }

  /**
   * The source records of what the target refused, by place. An enrichment makes new records, and only their
   * identifiers tell which ones they came from; where they carry none the whole batch is tried again.
   */
  #remainder(
    pipe: Pipe,
    records: readonly JsonObject[],
    batch: readonly JsonValue[],
    failed: readonly number[],
  ): { failed?: ReadonlySet<number> } {
    if (pipe.enrichmentArn === undefined) return { failed: new Set(failed) };
    const places = placesOf(
      records,
      failed.map((index) => identifierOf(batch[index] ?? null)),
    );
    return places === undefined ? {} : { failed: places };
  }
}

/** What an enrichment's answer makes of the batch; nothing is left when it is `""`, `{}` or `[]`. */
function newBatch(answer: JsonValue): readonly JsonValue[] {
  if (Array.isArray(answer)) return answer as readonly JsonValue[];
  if (answer === '' || (isObject(answer) && Object.keys(answer).length === 0)) return [];
  // AWS does not say what null is, and dropping a batch for a function that forgot to answer would lose it.
  if (answer === null) throw new BatchFailure('The enrichment answered null.');
  return [answer];
}

function parsedAnswer(answer: string): JsonValue {
  try {
    return JSON.parse(answer) as JsonValue;
  } catch (error) {
    throw new BatchFailure('A function answered something that is not JSON.', { cause: error });
  }
}

/** The places of the records with these identifiers; nothing when one of them is unknown. */
function placesOf(
  records: readonly JsonObject[],
  identifiers: readonly (JsonValue | undefined)[],
): ReadonlySet<number> | undefined {
  const places = new Map(records.map((record, place) => [identifierOf(record), place]));
  const failed = new Set<number>();
  for (const identifier of identifiers) {
    const place = typeof identifier === 'string' ? places.get(identifier) : undefined;
    if (place === undefined) return undefined;
    failed.add(place);
  }
  return failed;
}

function asText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Text that is not JSON by itself becomes a JSON text, so that it can stand in the array of a batch. */
function asJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

/** A time as events have it, from ISO text or from epoch seconds or milliseconds. */
function epochSeconds(value: JsonValue | undefined): number | undefined {
  const milliseconds =
    typeof value === 'string' && /\D/.test(value) ? Date.parse(value) : Number(value ?? Number.NaN);
  if (!Number.isFinite(milliseconds)) return undefined;
  // Epoch seconds stay below this for thousands of years, epoch milliseconds passed it in 1970.
  return Math.floor(milliseconds > 100_000_000_000 ? milliseconds / 1000 : milliseconds);
}
