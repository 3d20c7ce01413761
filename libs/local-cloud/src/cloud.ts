import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClosableRuntime } from './core/closable-runtime.ts';
import { type Faults, NO_FAULTS } from './core/faults.ts';
import { RealRuntime } from './core/real-runtime.ts';
import type { Account, DataSourceType, ResourceType } from './core/resource.ts';
import type { Runtime } from './core/runtime.ts';
import type { LocalService, ServiceContext } from './core/seams.ts';
import type { CallService, Principal, ServiceName } from './core/service.ts';
import { Store } from './core/store.ts';
import { composeServices, type Services } from './services/compose-services.ts';
import { type ArchivePage, type ArchiveQuery, searchArchives } from './services/events/archive-search.ts';
import type { GrantReport } from './services/iam/decision-counts.ts';
import { withDeployChecks } from './services/iam/deploy-checks.ts';
import { requiredPermissions } from './services/iam/permissions/required-permissions.ts';
import {
  type FunctionHost,
  type FunctionLog,
  InProcessHost,
  type UrlCaller,
  WorkerHost,
} from './services/lambda/index.ts';
import { accountDataSources } from './terraform/account-data-sources.ts';
import { deadLetterQueues } from './terraform/dead-letter-queues.ts';
import { Deployer, type Deployment, type DeployProgress } from './terraform/deployer.ts';
import type { PlannedStep } from './terraform/plan.ts';
import { readStack } from './terraform/stack.ts';
import { tableDataSource } from './terraform/table-data-source.ts';
import { type AccessKey, AccessKeys } from './transport/access-keys.ts';
import { FunctionUrlRoute } from './transport/function-url-route.ts';
import { makeHandleRequest } from './transport/handle-request.ts';
import { HttpEndpoint } from './transport/http-endpoint.ts';
import { type SdkConfiguration, sdkConfiguration } from './transport/sdk-request-handler.ts';
import { StackControl } from './transport/stack-control.ts';
import type { HandleRequest, WireRequest, WireResponse } from './transport/wire.ts';

/** The account that the stacks are synthesized for unless said otherwise. */
const DEFAULT_ACCOUNT: Account = { id: '000000000000', region: 'eu-west-2' };

const DATABASE_FILE = 'cloud.sqlite';
const BUNDLES_FOLDER = 'bundles';

/** How often `whenAtRest` looks, in milliseconds. */
const REST_CHECK_MS = 50;

/** The one log stream of each function's group. */
const LOG_STREAM = 'local';

/** API operations that change a resource's policy. */
const POLICY_OPERATIONS: ReadonlySet<string> = new Set([
  'sqs:CreateQueue',
  'sqs:SetQueueAttributes',
  'sqs:DeleteQueue',
]);

const OWNER: Principal = { kind: 'owner' };

/** How a local cloud is opened. */
export interface CloudOptions {
  readonly account?: Account;
  /** The directory of its state, made when it is not there, or `:memory:` for none. */
  readonly dataDirectory: string;
  /** Where bundles are unpacked; several clouds may share it. Beside the state when absent. */
  readonly bundlesDirectory?: string;
  /** Time, randomness and scheduling; the machine's own when absent. */
  readonly runtime?: Runtime;
  readonly faults?: Faults;
  /** Where functions run: in this thread (simulations, tests) or in worker threads. */
  readonly host: 'in-process' | 'workers';
  /** How many worker threads, and instances of one function over all of them; see `WorkerHost`. */
  readonly workers?: number;
  readonly concurrency?: number;
  /** Hears what an operator should read. */
  readonly onWarning?: (message: string) => void;
  /** Hears of a failure of the local cloud itself. */
  readonly onDefect?: (error: unknown, task: string) => void;
  /** Hears each line that a function logs. */
  readonly onLog?: FunctionLog;
}

/**
 * Opens a local cloud: what it held when it was closed, or killed, goes on at once.
 *
 * @throws Error when the data directory cannot be used
 */
export async function openCloud(options: CloudOptions): Promise<LocalCloud> {
  const cloud = new LocalCloud(options);
  cloud.resume();
  return cloud;
}

/** An AWS account on this machine, of the services that the stacks use. */
export class LocalCloud {
  readonly account: Account;
  readonly services: Services;
  /** Answers an API request of a caller in any AWS protocol, for clients in this process. */
  readonly handleRequest: HandleRequest;
  readonly accessKeys = new AccessKeys();
  readonly #runtime: ClosableRuntime;
  readonly #store: Store;
  readonly #temporary: string | undefined;
  readonly #faults: Faults;
  readonly #host: FunctionHost;
  readonly #deployer: Deployer;
  readonly #billed = new Map<string, number>();
  readonly #onWarning: (message: string) => void;
  readonly #onDefect: (error: unknown, task: string) => void;
  readonly #permissions: ReturnType<typeof requiredPermissions>;
  #http: HttpEndpoint | undefined;
  #resumed = false;
  #deadLetters: ReadonlySet<string> | undefined;

  /** Use `openCloud`, which also takes up unfinished work. */
  constructor(options: CloudOptions) {
    this.account = options.account ?? DEFAULT_ACCOUNT;
    this.#faults = options.faults ?? NO_FAULTS;
    this.#onWarning = options.onWarning ?? ((message) => console.error(message));
    const onDefect =
      options.onDefect ?? ((error, task) => console.error(`The local cloud failed in ${task}:`, error));
    // What fails because the store is gone is no defect.
    this.#onDefect = (error, task) => {
      if (!this.#runtime.closed) onDefect(error, task);
    };
    this.#runtime = new ClosableRuntime(options.runtime ?? new RealRuntime(this.#onDefect));
    const inMemory = options.dataDirectory === ':memory:';
    this.#temporary = inMemory ? mkdtempSync(join(tmpdir(), 'local-cloud-')) : undefined;
    if (!inMemory) mkdirSync(options.dataDirectory, { recursive: true });
    this.#store = new Store(inMemory ? ':memory:' : join(options.dataDirectory, DATABASE_FILE));
    this.handleRequest = makeHandleRequest(this.call, {
      requestId: () => this.#runtime.uuid(),
      onDefect: this.#onDefect,
    });
    const cacheDirectory =
      options.bundlesDirectory ?? join(this.#temporary ?? options.dataDirectory, BUNDLES_FOLDER);
    this.#host = this.#makeHost(options, cacheDirectory);
    this.services = composeServices(this.#context(), this.#host, (type) => this.#deployer.resources(type));
    this.#permissions = requiredPermissions(this.account, (input) => this.services.kms.keyArnOf(input));
    this.#deployer = new Deployer(this.#store, this.#resourceTypes(), this.#dataSources());
  }

  /** Calls any service as a principal: faults, then permissions, then the service. */
  readonly call: CallService = async (name, operation, input, caller) => {
    // The owner stands outside of the system: a simulation's faults and IAM's policies are not for them.
    if (caller.kind !== 'owner') {
      const refused = this.#faults.refuse(name, operation);
      if (refused !== undefined) throw refused;
      const { authorizer } = this.services.iam;
      for (const { action, resource, context } of this.#permissions(name, operation, input)) {
        authorizer.authorize(caller, action, resource, context);
      }
    }
    const service: LocalService = this.services[name];
    const output = await service.call(operation, input, caller);
    if (POLICY_OPERATIONS.has(`${name}:${operation}`)) this.services.iam.authorizer.forget();
    return output;
  };

  /** Takes up all work that the store says is unfinished. `openCloud` has done it; a second time does nothing. */
  resume(): void {
    if (this.#resumed) return;
    this.#resumed = true;
    for (const service of this.#all()) service.resume();
  }

  /**
   * What deploying a stack would do.
   *
   * @param path the stack's `cdk.tf.json`
   * @throws StackRefusedError with all that is not run here
   */
  plan(path: string): PlannedStep[] {
    return this.#deployer.plan(readStack(path));
  }

  /**
   * Deploys a stack beside those that run.
   *
   * @param path the stack's `cdk.tf.json`
   * @throws StackRefusedError before anything is changed, with all that is not run here; DeployError
   */
  async deploy(path: string, progress?: DeployProgress): Promise<Deployment> {
    const deployment = await this.#deployer.apply(readStack(path), (step) => {
      this.services.iam.authorizer.forget();
      progress?.(step);
    });
    this.#deadLetters = undefined;
    return deployment;
  }

  /** Removes a stack by its name, with all that its resources hold. @throws DeployError */
  async destroy(stackName: string, progress?: DeployProgress): Promise<void> {
    await this.#deployer.destroy(stackName, progress);
    this.services.iam.authorizer.forget();
    this.#deadLetters = undefined;
  }

  /** The names of the stacks that are deployed. */
  stacks(): string[] {
    return this.#deployer.stacks();
  }

  /** The Terraform addresses of all that a stack has deployed. */
  addressesOf(stackName: string): string[] {
    return this.#deployer.resourcesOf(stackName).map(({ address }) => address);
  }

  /** A page of a search in the archives of all buses. */
  archivedEvents(query: ArchiveQuery): ArchivePage {
    return searchArchives(this.#store, query);
  }

  /** What a client of the AWS SDK in this process is made with to call as a principal. */
  sdkConfiguration(principal: Principal = OWNER): SdkConfiguration {
    return sdkConfiguration(this.handleRequest, principal, this.account.region);
  }

  /** An access key for the HTTP endpoint whose holder calls as the role. */
  accessKeyFor(roleArn: string): AccessKey {
    return this.accessKeys.issue(roleArn);
  }

  /**
   * Opens the AWS-compatible HTTP endpoint on loopback.
   *
   * @param port the port, or 0 for any that is free
   * @returns its URL
   */
  async listen(port = 0): Promise<string> {
    this.#http ??= new HttpEndpoint({
      handleRequest: this.handleRequest,
      accessKeys: this.accessKeys,
      flushed: () => this.#store.flushed(),
      control: new StackControl(this),
      functionUrls: new FunctionUrlRoute({
        urls: this.services.lambda.urls,
        accessKeys: this.accessKeys,
        region: this.account.region,
        now: () => this.#runtime.now(),
      }),
    });
    const url = await this.#http.listen(port);
    this.services.lambda.urls.servedAt(url);
    return url;
  }

  /**
   * Calls a function's URL as a principal, within this process: no signature is needed, permissions are.
   *
   * @param request its path is the one below the function's URL
   */
  callFunctionUrl(
    functionName: string,
    request: WireRequest,
    principal: Principal = OWNER,
  ): Promise<WireResponse> {
    const caller: UrlCaller = { principal, accessKeyId: 'in-process' };
    return this.services.lambda.urls.respond(functionName, request, caller);
  }

  /** Resolves when all that was written before is durable. */
  flushed(): Promise<void> {
    return this.#store.flushed();
  }

  /** The work that each service still has to do by itself; those with none are left out. */
  outstanding(): Partial<Record<ServiceName, number>> {
    const outstanding: Partial<Record<ServiceName, number>> = {};
    for (const service of this.#all()) {
      const count = this.#outstandingOf(service);
      if (count > 0) outstanding[service.name] = count;
    }
    return outstanding;
  }

  /** True when no service has anything to do by itself: what lies in dead-letter queues waits for a person. */
  atRest(): boolean {
    return this.#all().every((service) => this.#outstandingOf(service) === 0);
  }

  /** Resolves when the cloud has come to rest. */
  async whenAtRest(): Promise<void> {
    while (!this.atRest()) {
      await new Promise<void>((resolve) => {
        this.#runtime.schedule({ name: 'rest-check', delayMs: REST_CHECK_MS, run: resolve });
      });
    }
  }

  /** What AWS would have billed since this cloud was opened, by unit, for example `sqs:requests`. */
  billed(): Record<string, number> {
    return Object.fromEntries([...this.#billed].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Every grant with how often it allowed a call, and what was denied, over all times that the state was open. */
  grants(): GrantReport {
    const { authorizer } = this.services.iam;
    return { grants: authorizer.grants(), denials: authorizer.denials(), keys: this.services.kms.aliases() };
  }

  /** Stops everything and closes the store. What was not finished goes on when the cloud is opened again. */
  async close(): Promise<void> {
    this.#runtime.close();
    await this.#http?.close();
    await this.#host.close();
    this.services.iam.authorizer.save();
    this.#store.close();
    if (this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true, force: true });
  }

  #makeHost(options: CloudOptions, cacheDirectory: string): FunctionHost {
    const parts = {
      runtime: this.#runtime,
      region: this.account.region,
      handleRequest: this.handleRequest,
      cacheDirectory,
      log: (functionName: string, line: string) => {
        this.#log(functionName, line);
        options.onLog?.(functionName, line);
      },
    };
    if (options.host === 'in-process') return new InProcessHost(parts);
    return new WorkerHost({
      ...parts,
      ...(options.workers === undefined ? {} : { workers: options.workers }),
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    });
  }

  /** Keeps what a function says, as Lambda does: in the function's role, and not at all where that may not. */
  #log(functionName: string, line: string): void {
    const group = `/aws/lambda/${functionName}`;
    try {
      // A function may have been removed while it ran.
      const role: Principal = { kind: 'role', arn: this.services.lambda.roleOf(functionName) };
      for (const operation of ['CreateLogStream', 'PutLogEvents']) {
        const input = { logGroupName: group, logStreamName: LOG_STREAM };
        for (const { action, resource } of this.#permissions('logs', operation, input)) {
          this.services.iam.authorizer.authorize(role, action, resource);
        }
      }
    } catch (error) {
      this.#onWarning(
        `${functionName} cannot log: ${error instanceof Error ? error.message : String(error)}`,
      );
      return;
    }
    this.services.logs.write(group, LOG_STREAM, line);
  }

  #context(): ServiceContext {
    return {
      account: this.account,
      runtime: this.#runtime,
      store: this.#store,
      faults: this.#faults,
      call: this.call,
      bill: (unit, quantity) => this.#billed.set(unit, (this.#billed.get(unit) ?? 0) + quantity),
      warn: (message) => this.#onWarning(message),
    };
  }

  #all(): LocalService[] {
    return Object.values(this.services);
  }

  #resourceTypes(): ResourceType[] {
    const { authorizer } = this.services.iam;
    return this.#all().flatMap((service) =>
      service.resourceTypes.map((type) => withDeployChecks(type, authorizer, this.account)),
    );
  }

  #dataSources(): DataSourceType[] {
    const { dynamodb } = this.services;
    return [
      ...accountDataSources(this.account),
      tableDataSource((name) => dynamodb.call('DescribeTable', { TableName: name })),
      ...this.#all().flatMap((service) => service.dataSources ?? []),
    ];
  }

  #outstandingOf(service: LocalService): number {
    const count = service.outstanding();
    if (service.name !== 'sqs' || count === 0) return count;
    // SQS knows the dead-letter queues of queues, and not those of rules, pipes and functions.
    this.#deadLetters ??= deadLetterQueues(this.#deployer.resources());
    let others = 0;
    for (const arn of this.#deadLetters) others += this.services.sqs.queues.depth(arn).visible;
    return Math.max(0, count - others);
  }
}
