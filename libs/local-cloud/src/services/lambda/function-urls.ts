import { createHash } from 'node:crypto';
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import type { ServiceContext } from '../../core/seams.ts';
import type { WireRequest, WireResponse } from '../../transport/wire.ts';
import { optionalText, requiredText } from '../sqs/members.ts';
import { type FunctionRegistry, functionName } from './function-registry.ts';
import { functionUrlEvent, functionUrlResponse, type UrlCaller } from './function-url-event.ts';
import type { CountMetric, Invocations } from './invocations.ts';
import type { Authorize } from './lambda-service.ts';

const CODE = 'InvalidParameterValueException';
/** Lambda quotas, "Invocation payload", request and response: synchronous 6 MB. */
const REQUEST_BYTES_MAX = 6 * 1024 * 1024;
const URL_ID_LENGTH = 32;

/** Below this path of the HTTP endpoint lie the functions' URLs, one below its function's name. */
export const FUNCTION_URL_PATH = '/_lambda-url/';

interface Row {
  readonly function_name: string;
  readonly created_at: number;
}

/** What the functions' URLs stand on. */
export interface FunctionUrlNeighbours {
  readonly registry: FunctionRegistry;
  readonly invocations: Invocations;
  readonly authorize: Authorize;
  /** Counts a metric of Lambda's for a function; its URL's answers are among them. */
  readonly count: CountMetric;
}

/** Lambda function URLs that ask for a signature (`AWS_IAM`), answered as a whole (`BUFFERED`). */
export class FunctionUrls {
  readonly #context: ServiceContext;
  readonly #neighbours: FunctionUrlNeighbours;
  /** Where the HTTP endpoint listens, once it does. */
  #baseUrl: string | undefined;

  constructor(context: ServiceContext, neighbours: FunctionUrlNeighbours) {
    this.#context = context;
    this.#neighbours = neighbours;
    context.store.define(
      'CREATE TABLE IF NOT EXISTS lambda_function_urls (function_name TEXT PRIMARY KEY, created_at INTEGER NOT NULL) STRICT',
    );
  }

  /** Says where the HTTP endpoint listens. */
  servedAt(baseUrl: string): void {
    this.#baseUrl = baseUrl;
  }

  /**
   * Answers a request to a function's URL.
   *
   * @param request its path is the one below the URL
   * @param caller whose signature was verified
   */
  async respond(name: string, request: WireRequest, caller: UrlCaller): Promise<WireResponse> {
    const startedAt = this.#context.runtime.now();
    const response = await this.#answer(name, request, caller);
    const { count } = this.#neighbours;
    if (this.#find(name) === undefined) return response;
    count(name, 'UrlRequestCount', 1);
    count(name, 'Url4xxCount', response.status >= 400 && response.status < 500 ? 1 : 0);
    count(name, 'Url5xxCount', response.status >= 500 ? 1 : 0);
    count(name, 'UrlRequestLatency', this.#context.runtime.now() - startedAt);
    return response;
  }

  async #answer(name: string, request: WireRequest, caller: UrlCaller): Promise<WireResponse> {
    const { registry, invocations } = this.#neighbours;
    // A URL that is not there and one that the caller may not use are told apart by nobody.
    if (this.#find(name) === undefined || !registry.has(name)) return refusal(403, 'Forbidden');
    const fn = registry.get(name);
    if (!this.#mayInvoke(caller, fn.arn)) return refusal(403, 'Forbidden');
    if (Buffer.byteLength(request.body, request.bodyEncoding ?? 'utf8') > REQUEST_BYTES_MAX)
      return refusal(413, 'Request Too Long');
    const event = functionUrlEvent(request, {
      account: this.#context.account,
      urlId: this.#urlId(name),
      domainName: this.#domainName(name),
      requestId: this.#context.runtime.uuid(),
      now: this.#context.runtime.now(),
      caller,
    });
    try {
      return functionUrlResponse(await invocations.run(name, JSON.stringify(event)));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return error.status === 429 ? refusal(429, 'Rate exceeded') : refusal(502, 'Internal Server Error');
    }
  }

  /**
   * Both actions are needed, as AWS asks since October 2025.
   * Source: Lambda Developer Guide, "Control access to Lambda function URLs".
   */
  #mayInvoke({ principal }: UrlCaller, functionArn: string): boolean {
    const { authorize } = this.#neighbours;
    try {
      authorize(principal, 'lambda:InvokeFunctionUrl', functionArn, {
        'lambda:functionurlauthtype': 'AWS_IAM',
      });
      authorize(principal, 'lambda:InvokeFunction', functionArn, { 'lambda:invokedviafunctionurl': 'true' });
      return true;
    } catch (error) {
      if (error instanceof AwsError) return false;
      throw error;
    }
  }

  /** GetFunctionUrlConfig: with the URL that can be called on this machine, once the endpoint listens. */
  describe(reference: string): JsonObject {
    const { name, arn } = this.#neighbours.registry.get(reference);
    const row = this.#find(name);
    if (row === undefined) {
      throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', {
        status: 404,
        members: { Type: 'User' },
      });
    }
    const created = new Date(row.created_at).toISOString();
    return {
      FunctionUrl:
        this.#baseUrl === undefined ? this.#awsUrl(name) : `${this.#baseUrl}${FUNCTION_URL_PATH}${name}/`,
      FunctionArn: arn,
      AuthType: 'AWS_IAM',
      CreationTime: created,
      LastModifiedTime: created,
      InvokeMode: 'BUFFERED',
    };
  }

  /** The Terraform resource type `aws_lambda_function_url`. */
  resourceType(): ResourceType {
    const put = (args: JsonObject): JsonObject => {
      const fn = this.#neighbours.registry.get(requiredText(args, 'function_name', CODE));
      refuseUnlessRun(args, fn.name);
      this.#context.store.run(
        'INSERT INTO lambda_function_urls VALUES (?, ?) ON CONFLICT (function_name) DO NOTHING',
        fn.name,
        this.#context.runtime.now(),
      );
      return {
        ...args,
        id: fn.name,
        function_arn: fn.arn,
        function_url: this.#awsUrl(fn.name),
        url_id: this.#urlId(fn.name),
      };
    };
    const remove = (args: JsonObject): void => {
      const name = functionName(requiredText(args, 'function_name', CODE));
      this.#context.store.run('DELETE FROM lambda_function_urls WHERE function_name = ?', name);
    };
    return {
      type: 'aws_lambda_function_url',
      runs: ['function_name', 'authorization_type', 'invoke_mode', 'qualifier'],
      accepts: { timeouts: 'nothing here takes that long' },
      create: put,
      update(args, previous) {
        remove(previous.arguments);
        return put(args);
      },
      destroy: (state) => remove(state.arguments),
    };
  }

  #find(name: string): Row | undefined {
    return this.#context.store.get<Row>('SELECT * FROM lambda_function_urls WHERE function_name = ?', name);
  }

  /** Made from the function, so that it stays the same when a stack is deployed again. */
  #urlId(name: string): string {
    const { id, region } = this.#context.account;
    const digest = createHash('sha256').update(`${id}/${region}/${name}`).digest('hex');
    return BigInt(`0x${digest}`).toString(36).slice(0, URL_ID_LENGTH);
  }

  #domainName(name: string): string {
    return `${this.#urlId(name)}.lambda-url.${this.#context.account.region}.on.aws`;
  }

  #awsUrl(name: string): string {
    return `https://${this.#domainName(name)}/`;
  }
}

/** @throws AwsError naming what is not run here */
function refuseUnlessRun(args: JsonObject, name: string): void {
  const authorization = requiredText(args, 'authorization_type', CODE);
  if (authorization !== 'AWS_IAM') {
    throw new AwsError(CODE, `A URL without a signature is not run here: authorization_type of ${name}.`);
  }
  const mode = optionalText(args, 'invoke_mode', CODE) ?? 'BUFFERED';
  if (mode !== 'BUFFERED')
    throw new AwsError(CODE, `Response streaming is not run here: invoke_mode of ${name}.`);
  if (optionalText(args, 'qualifier', CODE) !== undefined)
    throw new AwsError(CODE, `Aliases are not run here: qualifier of ${name}'s URL.`);
}

function refusal(status: number, message: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Message: message }),
  };
}
