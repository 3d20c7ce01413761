import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import type {
  FunctionInvoker,
  InvocationResult,
  LocalService,
  QueueSource,
  ServiceContext,
  StreamSource,
} from '../../core/seams.ts';
import type { Principal } from '../../core/service.ts';
import type { RequestContext } from '../iam/conditions.ts';
import { optionalText, requiredText } from '../sqs/members.ts';
import { AsyncInvocations } from './async-invocations.ts';
import { EventSourceMappings, POLLING_ACTIONS } from './event-source-mappings.ts';
import { describeFunction } from './function-description.ts';
import type { FunctionHost } from './function-host.ts';
import { type FunctionRecord, FunctionRegistry } from './function-registry.ts';
import { functionResourceTypes } from './function-resources.ts';
import { FunctionUrls } from './function-urls.ts';
import { type CountMetric, Invocations } from './invocations.ts';
import { mappingResourceType } from './mapping-resource.ts';
import type { MappingHost } from './mapping-runner.ts';
import { permissionResourceType } from './permission-resource.ts';

const CODE = 'InvalidParameterValueException';
/** Lambda quotas, "Invocation payload": synchronous 6 MB, asynchronous 1 MiB. */
const SYNC_PAYLOAD_BYTES_MAX = 6 * 1024 * 1024;
const ASYNC_PAYLOAD_BYTES_MAX = 1_048_576;
/** For how long a permission that was found to hold is taken to hold on. */
const PERMISSION_KEPT_MS = 1000;

/** Throws AccessDeniedException when the caller may not do the action on the resource. */
export type Authorize = (
  caller: Principal,
  action: string,
  resourceArn: string,
  context?: RequestContext,
) => void;

type Operation = (input: JsonObject, caller: Principal) => JsonObject | Promise<JsonObject>;

/** What Lambda stands on. */
export interface LambdaNeighbours {
  readonly queues: QueueSource;
  readonly streams: StreamSource;
  readonly host: FunctionHost;
  readonly authorize: Authorize;
  readonly mappingFilter: MappingHost['filter'];
  /** Counts a metric of a function; nobody counts when absent. */
  readonly count?: CountMetric;
}

/** AWS Lambda: functions, synchronous and asynchronous invocation, event source mappings. */
export class LambdaService implements LocalService {
  readonly name = 'lambda';
  readonly functions: FunctionInvoker;
  readonly urls: FunctionUrls;
  readonly resourceTypes: readonly ResourceType[];
  readonly #context: ServiceContext;
  readonly #neighbours: LambdaNeighbours;
  readonly #registry: FunctionRegistry;
  readonly #invocations: Invocations;
  readonly #events: AsyncInvocations;
  readonly #mappings: EventSourceMappings;
  readonly #operations: Readonly<Record<string, Operation>>;
  readonly #mayPollUntil = new Map<string, number>();

  constructor(context: ServiceContext, neighbours: LambdaNeighbours) {
    this.#context = context;
    this.#neighbours = neighbours;
    this.#registry = new FunctionRegistry(context);
    const { count = () => undefined } = neighbours;
    this.#invocations = new Invocations(context, this.#registry, neighbours.host, count);
    this.#events = new AsyncInvocations(context, this.#registry, this.#invocations);
    this.#mappings = new EventSourceMappings({
      context,
      queues: neighbours.queues,
      streams: neighbours.streams,
      function: (name) => this.#registry.get(name),
      invoke: (name, payload) => this.#invocations.run(name, payload),
      count,
      checkPolling: (mapping) => this.#checkPolling(mapping),
      filter: neighbours.mappingFilter,
    });
    this.functions = {
      invoke: async (arn, payload, caller) => {
        this.#authorizeInvoke(arn, caller);
        // Services of this process send JSON that they wrote themselves, so only its size is looked at.
        checkSize(payload, SYNC_PAYLOAD_BYTES_MAX);
        return this.#invocations.run(arn, payload);
      },
      invokeAsync: (arn, payload, caller) => {
        this.#authorizeInvoke(arn, caller);
        this.#accept(arn, payload);
      },
    };
    this.urls = new FunctionUrls(context, {
      registry: this.#registry,
      invocations: this.#invocations,
      authorize: neighbours.authorize,
      count,
    });
    this.resourceTypes = [
      ...functionResourceTypes(context, this.#registry, neighbours.host),
      this.urls.resourceType(),
      permissionResourceType(this.#registry),
      mappingResourceType(this.#mappings),
    ];
    this.#operations = this.#defineOperations();
  }

  async call(operation: string, input: JsonObject, caller: Principal): Promise<JsonObject> {
    const run = this.#operations[operation];
    if (run === undefined) {
      throw new AwsError('UnknownOperationException', `The local cloud does not run lambda:${operation}.`);
    }
    return run(input, caller);
  }

  /** The ARN of the role that a function runs in. @throws AwsError when there is no such function */
  roleOf(name: string): string {
    return this.#registry.get(name).role;
  }

  /** The resource policy of a function, as JSON text, if it has one. */
  policyOf(functionArn: string): string | undefined {
    return this.#registry.policyOf(functionArn);
  }

  resume(): void {
    for (const fn of this.#registry.all()) void this.#load(fn);
    this.#events.resume();
    this.#mappings.resume();
  }

  /** Running invocations, events that wait, and stream records that a mapping has not consumed. */
  outstanding(): number {
    return this.#invocations.running + this.#events.outstanding() + this.#mappings.outstanding();
  }

  /** A bundle that is gone is said aloud; the function's invocations fail until it is deployed again. */
  async #load(fn: FunctionRecord): Promise<void> {
    try {
      await this.#neighbours.host.load(fn);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#context.warn(`The bundle of ${fn.name} cannot be opened: ${reason}`);
    }
  }

  #defineOperations(): Record<string, Operation> {
    return {
      Invoke: (input) => this.#invoke(input),
      GetFunction: (input) => {
        const fn = this.#function(input);
        return {
          Configuration: describeFunction(fn),
          Code: { RepositoryType: 'S3', Location: fn.bundle },
          ...(fn.reservedConcurrency === undefined
            ? {}
            : { Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency } }),
        };
      },
      GetFunctionConfiguration: (input) => describeFunction(this.#function(input)),
      ListFunctions: () => ({ Functions: this.#registry.all().map(describeFunction) }),
      GetFunctionUrlConfig: (input) => this.urls.describe(referenceOf(input)),
      GetPolicy: (input) => this.#getPolicy(input),
      DeleteFunction: (input) => {
        const fn = this.#function(input);
        this.#registry.remove(fn.name);
        this.#neighbours.host.unload(fn.name);
        return {};
      },
      CreateEventSourceMapping: (input) => this.#mappings.create(input),
      GetEventSourceMapping: (input) => this.#mappings.get(input),
      ListEventSourceMappings: (input) => this.#mappings.list(input),
      UpdateEventSourceMapping: (input) => this.#mappings.update(input),
      DeleteEventSourceMapping: (input) => this.#mappings.delete(input),
    };
  }

  async #invoke(input: JsonObject): Promise<JsonObject> {
    const reference = referenceOf(input);
    const payload = optionalText(input, 'Payload', CODE) ?? '';
    const type = optionalText(input, 'InvocationType', CODE) ?? 'RequestResponse';
    switch (type) {
      case 'Event':
        this.#accept(reference, payload);
        return { StatusCode: 202, Payload: '' };
      case 'DryRun':
        this.#registry.get(reference);
        return { StatusCode: 204, Payload: '' };
      case 'RequestResponse': {
        const result = await this.#invokeSync(reference, payload);
        return {
          StatusCode: 200,
          ExecutedVersion: '$LATEST',
          Payload: result.payload,
          ...(result.functionError === undefined ? {} : { FunctionError: result.functionError }),
        };
      }
      default:
        throw new AwsError(CODE, `Invalid InvocationType: ${type}.`);
    }
  }

  async #invokeSync(reference: string, payload: string): Promise<InvocationResult> {
    checkPayload(payload, SYNC_PAYLOAD_BYTES_MAX);
    return this.#invocations.run(reference, payload);
  }

  #accept(reference: string, payload: string): void {
    const fn = this.#registry.get(reference);
    checkPayload(payload, ASYNC_PAYLOAD_BYTES_MAX);
    const refused = this.#context.faults.refuse('lambda', 'InvokeAsync');
    if (refused !== undefined) throw refused;
    this.#events.accept(fn, payload, this.#context.runtime.uuid());
  }

  #authorizeInvoke(arn: string, caller: Principal): void {
    const fn = this.#registry.get(arn);
    this.#neighbours.authorize(caller, 'lambda:InvokeFunction', fn.arn);
  }

  #checkPolling(mapping: Parameters<MappingHost['checkPolling']>[0]): void {
    const { role } = this.#registry.get(mapping.functionName);
    const key = `${role} ${mapping.sourceArn}`;
    const now = this.#context.runtime.now();
    if ((this.#mayPollUntil.get(key) ?? 0) > now) return;
    for (const action of POLLING_ACTIONS[mapping.source]) {
      this.#neighbours.authorize({ kind: 'role', arn: role }, action, mapping.sourceArn);
    }
    this.#mayPollUntil.set(key, now + PERMISSION_KEPT_MS);
  }

  #getPolicy(input: JsonObject): JsonObject {
    const policy = this.#registry.policyOf(this.#function(input).name);
    if (policy !== undefined) return { Policy: policy };
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', {
      status: 404,
      members: { Type: 'User' },
    });
  }

  #function(input: JsonObject) {
    return this.#registry.get(referenceOf(input));
  }
}

function referenceOf(input: JsonObject): string {
  const name = requiredText(input, 'FunctionName', CODE);
  const qualifier = optionalText(input, 'Qualifier', CODE);
  return qualifier === undefined ? name : `${name}:${qualifier}`;
}

function checkSize(payload: string, most: number): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= most) return;
  throw new AwsError(
    'RequestTooLargeException',
    `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${most} bytes)`,
    { status: 413, members: { Type: 'User' } },
  );
}

function checkPayload(payload: string, most: number): void {
  checkSize(payload, most);
  if (payload === '') return;
  try {
    JSON.parse(payload);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${reason}`,
      {
        members: { Type: 'User' },
      },
    );
  }
}
