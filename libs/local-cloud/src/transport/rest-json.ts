import { AwsError, type JsonObject } from '../core/aws-error.ts';
import type { ServiceName } from '../core/service.ts';
import { type ApiCall, bodyText, type Protocol, parseObject } from './protocol.ts';
import type { WireRequest, WireResponse } from './wire.ts';

interface Route {
  readonly service: ServiceName;
  readonly operation: string;
  readonly method: string;
  /** Segments of the path; one in braces is the input member of that name. */
  readonly path: readonly string[];
}

/** The operations of the REST services that are reached, with the bindings of their API models. */
const ROUTES: readonly Route[] = [
  route('lambda', 'Invoke', 'POST', '/2015-03-31/functions/{FunctionName}/invocations'),
  route('lambda', 'GetFunction', 'GET', '/2015-03-31/functions/{FunctionName}'),
  route('lambda', 'GetFunctionConfiguration', 'GET', '/2015-03-31/functions/{FunctionName}/configuration'),
  route('lambda', 'GetFunctionUrlConfig', 'GET', '/2021-10-31/functions/{FunctionName}/url'),
  route('lambda', 'ListFunctions', 'GET', '/2015-03-31/functions'),
  route('lambda', 'GetEventSourceMapping', 'GET', '/2015-03-31/event-source-mappings/{UUID}'),
  route('lambda', 'ListEventSourceMappings', 'GET', '/2015-03-31/event-source-mappings'),
  route('lambda', 'UpdateEventSourceMapping', 'PUT', '/2015-03-31/event-source-mappings/{UUID}'),
  route('scheduler', 'GetSchedule', 'GET', '/schedules/{Name}'),
  route('scheduler', 'ListSchedules', 'GET', '/schedules'),
  route('scheduler', 'CreateSchedule', 'POST', '/schedules/{Name}'),
  route('scheduler', 'UpdateSchedule', 'PUT', '/schedules/{Name}'),
  route('scheduler', 'DeleteSchedule', 'DELETE', '/schedules/{Name}'),
  route('pipes', 'DescribePipe', 'GET', '/v1/pipes/{Name}'),
  route('pipes', 'ListPipes', 'GET', '/v1/pipes'),
  route('pipes', 'StartPipe', 'POST', '/v1/pipes/{Name}/start'),
  route('pipes', 'StopPipe', 'POST', '/v1/pipes/{Name}/stop'),
  route('schemas', 'ListRegistries', 'GET', '/v1/registries'),
  route('schemas', 'DescribeRegistry', 'GET', '/v1/registries/name/{RegistryName}'),
  route('schemas', 'ListSchemas', 'GET', '/v1/registries/name/{RegistryName}/schemas'),
  route('schemas', 'DescribeSchema', 'GET', '/v1/registries/name/{RegistryName}/schemas/name/{SchemaName}'),
  route(
    'schemas',
    'ListSchemaVersions',
    'GET',
    '/v1/registries/name/{RegistryName}/schemas/name/{SchemaName}/versions',
  ),
];

const INVOKE_HEADERS: Readonly<Record<string, string>> = {
  'x-amz-invocation-type': 'InvocationType',
  'x-amz-log-type': 'LogType',
  'x-amz-client-context': 'ClientContext',
};

/** Members of the schema registry's operations that go by another name in the query. */
const SCHEMAS_QUERIES: Readonly<Record<string, string>> = {
  limit: 'Limit',
  nextToken: 'NextToken',
  registryNamePrefix: 'RegistryNamePrefix',
  schemaNamePrefix: 'SchemaNamePrefix',
  schemaVersion: 'SchemaVersion',
};

const NUMBER_QUERIES: ReadonlySet<string> = new Set(['MaxItems', 'MaxResults', 'Limit']);

/** The status of a success where it is not 200, from the API models. */
const SUCCESS_STATUS: Readonly<Record<string, number>> = { UpdateEventSourceMapping: 202 };

/**
 * AWS REST-JSON for Lambda, EventBridge Scheduler, Pipes and the schema registry.
 * Source: smithy.io, "AWS REST JSON 1 protocol".
 */
export const restJson: Protocol = {
  read(request: WireRequest): ApiCall | undefined {
    const segments = request.path.split('/').filter((segment) => segment !== '');
    for (const candidate of ROUTES) {
      const labels = match(candidate, request.method, segments);
      if (labels === undefined) continue;
      const input =
        candidate.operation === 'Invoke'
          ? readInvoke(request, labels)
          : { ...parseObject(bodyText(request)), ...readQuery(request, candidate), ...labels };
      return { service: candidate.service, operation: candidate.operation, input };
    }
    return undefined;
  },

  answer(call: ApiCall, output: JsonObject, requestId: string): WireResponse {
    if (call.operation === 'Invoke') return answerInvoke(output, requestId);
    return {
      status: SUCCESS_STATUS[call.operation] ?? 200,
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
      body: JSON.stringify(output),
    };
  },

  refuse(error: AwsError, _call: ApiCall | undefined, requestId: string): WireResponse {
    return {
      status: error.code === 'AccessDeniedException' ? 403 : error.status,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': error.code,
      },
      // Both spellings: Lambda's errors have `Message`, the others `message`.
      body: JSON.stringify({ ...error.members, message: error.message, Message: error.message }),
    };
  },
};

function route(service: ServiceName, operation: string, method: string, path: string): Route {
  return { service, operation, method, path: path.split('/').slice(1) };
}

function match(
  candidate: Route,
  method: string,
  segments: readonly string[],
): Record<string, string> | undefined {
  if (candidate.method !== method || candidate.path.length !== segments.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, expected] of candidate.path.entries()) {
    const segment = segments[index] ?? '';
    if (expected.startsWith('{')) labels[expected.slice(1, -1)] = decodeURIComponent(segment);
    else if (expected !== segment) return undefined;
  }
  return labels;
}

function readQuery(request: WireRequest, { service }: Route): JsonObject {
  const members = service === 'schemas' ? SCHEMAS_QUERIES : {};
  return Object.fromEntries(
    Object.entries(request.query).map(([query, value]) => {
      const name = members[query] ?? query;
      return [name, NUMBER_QUERIES.has(name) ? Number(value) : value];
    }),
  );
}

/** Invoke's `Payload` is a blob in the API model; among the services here it is the JSON text itself. */
function readInvoke(request: WireRequest, labels: Record<string, string>): JsonObject {
  const input: Record<string, string> = { ...labels, Payload: bodyText(request) };
  for (const [header, member] of Object.entries(INVOKE_HEADERS)) {
    const value = request.headers[header];
    if (value !== undefined) input[member] = value;
  }
  if (request.query['Qualifier'] !== undefined) input['Qualifier'] = request.query['Qualifier'];
  return input;
}

function answerInvoke(output: JsonObject, requestId: string): WireResponse {
  const { StatusCode: status = 200, Payload: payload = '', FunctionError: functionError } = output;
  if (typeof status !== 'number' || typeof payload !== 'string') {
    throw new AwsError('ServiceException', 'Invoke answered something else than a payload.', { status: 500 });
  }
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-amzn-requestid': requestId,
    'x-amz-executed-version': String(output['ExecutedVersion'] ?? '$LATEST'),
  };
  if (functionError !== undefined) headers['x-amz-function-error'] = String(functionError);
  if (typeof output['LogResult'] === 'string') headers['x-amz-log-result'] = output['LogResult'];
  return { status, headers, body: payload };
}
