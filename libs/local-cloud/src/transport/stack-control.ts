import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute } from 'node:path';
import { AwsError } from '../core/aws-error.ts';
import { type ArchivePage, type ArchiveQuery, archiveQueryOf } from '../services/events/archive-search.ts';
import type { GrantReport } from '../services/iam/decision-counts.ts';
import { DeployError, type Deployment, type DeployProgress } from '../terraform/deployer.ts';
import type { PlannedStep } from '../terraform/plan.ts';
import { StackRefusedError } from '../terraform/stack.ts';
import type { WireRequest, WireResponse } from './wire.ts';

/** No AWS path begins so: a bucket's name has no underscore. */
const CONTROL_PREFIX = '/_local-cloud/';
const STACKS = `${CONTROL_PREFIX}stacks`;
const PLANS = `${CONTROL_PREFIX}plans`;
const GRANTS = `${CONTROL_PREFIX}grants`;
const ARCHIVED_EVENTS = `${CONTROL_PREFIX}archived-events`;

/** What a stack is called by whoever synthesizes it; nothing else is read. */
const STACK_FILE = 'cdk.tf.json';

/** The names of this machine; a page of another origin that makes its own name lead here sends that name. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/;

/** The part of the cloud that is controlled from outside of its process. */
export interface ControlledCloud {
  deploy(path: string, progress?: DeployProgress): Promise<Deployment>;
  destroy(stackName: string, progress?: DeployProgress): Promise<void>;
  plan(path: string): PlannedStep[];
  stacks(): string[];
  addressesOf(stackName: string): string[];
  archivedEvents(query: ArchiveQuery): ArchivePage;
  grants(): GrantReport;
}

/** What was done to one resource, or would be; a plan names the arguments that change of one that is there. */
export type ControlStep = Deployment['steps'][number] & { readonly changes?: readonly string[] };

/**
 * Deploys and removes stacks of a running local cloud for another process on this machine, one after the other:
 *
 * - `GET /_local-cloud/stacks` gives `{stacks: [name, …]}`, the stacks that are deployed;
 * - `GET /_local-cloud/stacks/<name>` gives `{stack, addresses: [address, …]}`, what is deployed of a stack;
 * - `POST /_local-cloud/plans` with `{path}` gives what deploying that stack would do, and does nothing;
 * - `POST /_local-cloud/stacks` with `{path}`, the absolute path of a `cdk.tf.json`, deploys it;
 * - `DELETE /_local-cloud/stacks/<name>` removes a stack with all that it holds;
 * - `GET /_local-cloud/grants` gives what policies allow and how often that was used, `{grants, denials, keys}`;
 * - `GET /_local-cloud/archived-events?text=…&after=…` gives a page of a search in the archives, `{events, next}`.
 *
 * A plan and the two that change a stack give `{stack, steps: [{address, action}, …]}`, and when they fail also
 * `{error: {name, message}}`.
 */
export class StackControl {
  readonly #cloud: ControlledCloud;
  #last: Promise<unknown> = Promise.resolve();

  constructor(cloud: ControlledCloud) {
    this.#cloud = cloud;
  }

  /** True for a request that is for the local cloud itself and not for AWS. */
  static isFor(request: WireRequest): boolean {
    return request.path.startsWith(CONTROL_PREFIX);
  }

  /** Answers a request. @throws AwsError for one that is refused */
  async answer(request: WireRequest): Promise<WireResponse> {
    if (!LOOPBACK_HOST.test(request.headers['host'] ?? '')) {
      throw new AwsError(
        'AccessDeniedException',
        'The local cloud is controlled from its own machine only.',
        {
          status: 403,
        },
      );
    }
    const { method, path } = request;
    if (path === STACKS && method === 'GET') return json(200, { stacks: this.#cloud.stacks() });
    if (path === GRANTS && method === 'GET') return json(200, this.#cloud.grants());
    if (path === ARCHIVED_EVENTS && method === 'GET') {
      const query = archiveQueryOf(request.query);
      if (query === undefined) throw new AwsError('ValidationException', 'A search needs a text.');
      return json(200, this.#cloud.archivedEvents(query));
    }
    if (path === STACKS && method === 'POST') {
      const file = stackFileOf(request);
      return this.#inTurn(basename(dirname(file)), (report) => this.#cloud.deploy(file, report));
    }
    if (path === PLANS && method === 'POST') {
      const file = stackFileOf(request);
      return this.#inTurn(basename(dirname(file)), async (report) => {
        for (const step of this.#cloud.plan(file)) report(controlStepOf(step));
      });
    }
    if (path.startsWith(`${STACKS}/`) && (method === 'GET' || method === 'DELETE')) {
      const name = path.slice(STACKS.length + 1);
      if (!this.#cloud.stacks().includes(name)) {
        throw new AwsError('ResourceNotFoundException', `There is no stack "${name}".`, { status: 404 });
      }
      if (method === 'GET') return json(200, { stack: name, addresses: this.#cloud.addressesOf(name) });
      return this.#inTurn(name, (report) => this.#cloud.destroy(name, report));
    }
    throw new AwsError('UnknownOperationException', `${method} ${path} is not known.`, { status: 404 });
  }

  /** One change at a time, so that a stack finds what another one is making. */
  async #inTurn(
    stack: string,
    work: (report: (step: ControlStep) => void) => Promise<unknown>,
  ): Promise<WireResponse> {
    const steps: ControlStep[] = [];
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    try {
      await work(({ address, action, changes }) =>
        steps.push({ address, action, ...(changes === undefined ? {} : { changes }) }),
      );
      return json(200, { stack, steps });
    } catch (error) {
      const expected = error instanceof StackRefusedError || error instanceof DeployError;
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return json(expected ? 409 : 500, { stack, steps, error: { name, message } });
    } finally {
      resolve();
    }
  }
}

function controlStepOf({ address, action, changes }: PlannedStep): ControlStep {
  const isThere = action === 'update' || action === 'replace';
  return { address, action, ...(isThere ? { changes: changes.map(({ argument }) => argument) } : {}) };
}

/** The file that a request names. */
function stackFileOf(request: WireRequest): string {
  // A page in a browser cannot send this type to another origin without asking first, and is not answered.
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    throw new AwsError('ValidationException', 'The body must be application/json.', { status: 415 });
  }
  const path = pathIn(Buffer.from(request.body, request.bodyEncoding ?? 'utf8').toString('utf8'));
  if (path === undefined || !isAbsolute(path) || basename(path) !== STACK_FILE || !existsSync(path)) {
    throw new AwsError(
      'ValidationException',
      `The body must be {"path": "…"} with the absolute path of a ${STACK_FILE} that exists.`,
    );
  }
  return path;
}

function pathIn(body: string): string | undefined {
  try {
    const value = JSON.parse(body) as { path?: unknown } | null;
    return typeof value?.path === 'string' ? value.path : undefined;
  } catch {
    return undefined;
  }
}

function json(status: number, body: object): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
