import { XMLBuilder } from 'fast-xml-parser';
import type { AwsError, JsonObject, JsonValue } from '../core/aws-error.ts';
import type { ServiceName } from '../core/service.ts';
import { type ApiCall, bodyText, isList, isObject, type Protocol } from './protocol.ts';
import type { WireRequest, WireResponse } from './wire.ts';

/** The services that speak this protocol, by the `Version` that every request names. */
const SERVICES: Readonly<Record<string, { readonly name: ServiceName; readonly namespace: string }>> = {
  '2010-03-31': { name: 'sns', namespace: 'http://sns.amazonaws.com/doc/2010-03-31/' },
  '2010-08-01': { name: 'monitoring', namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/' },
};

/** Outputs and inputs that are maps and not structures: the wire says so, the JSON shape does not. */
const MAP_MEMBERS: ReadonlySet<string> = new Set(['Attributes', 'MessageAttributes']);

/** CloudWatch's members that are not strings; the wire has only text. */
const NUMBER_MEMBERS: ReadonlySet<string> = new Set([
  'DatapointsToAlarm',
  'EvaluationPeriods',
  'Maximum',
  'MaxDatapoints',
  'MaxRecords',
  'Minimum',
  'Period',
  'SampleCount',
  'StorageResolution',
  'Sum',
  'Threshold',
]);
const NUMBER_LIST_MEMBERS: ReadonlySet<string> = new Set(['Counts', 'Values']);
const BOOLEAN_MEMBERS: ReadonlySet<string> = new Set(['ActionsEnabled', 'ReturnData']);
const TIME_MEMBERS: ReadonlySet<string> = new Set([
  'AlarmConfigurationUpdatedTimestamp',
  'EndTime',
  'StartTime',
  'StateTransitionedTimestamp',
  'StateUpdatedTimestamp',
  'Timestamp',
  'Timestamps',
]);

const ACCESS_DENIED_CODES: Readonly<Partial<Record<ServiceName, string>>> = {
  sns: 'AuthorizationError',
  monitoring: 'AccessDenied',
};

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: false });

/**
 * The AWS query protocol: a form in, XML out.
 * Source: smithy.io, "AWS query protocol".
 */
export const awsQuery: Protocol = {
  read(request: WireRequest): ApiCall | undefined {
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    const form = isForm ? new URLSearchParams(bodyText(request)) : new URLSearchParams(request.query);
    const operation = form.get('Action');
    const service = SERVICES[form.get('Version') ?? ''];
    if (operation === null || service === undefined) return undefined;
    form.delete('Action');
    form.delete('Version');
    return { service: service.name, operation, input: readForm(form) };
  },

  answer(call: ApiCall, output: JsonObject, requestId: string): WireResponse {
    const members = writeMembers(output);
    const hasResult = Object.keys(members).length > 0;
    return xml(200, requestId, {
      [`${call.operation}Response`]: {
        '@xmlns': namespaceOf(call.service),
        ...(hasResult ? { [`${call.operation}Result`]: members } : {}),
        ResponseMetadata: { RequestId: requestId },
      },
    });
  },

  refuse(error: AwsError, call: ApiCall | undefined, requestId: string): WireResponse {
    const service = call?.service ?? 'sns';
    const denied = error.code === 'AccessDeniedException';
    const code = denied ? (ACCESS_DENIED_CODES[service] ?? error.code) : error.code;
    return xml(denied ? 403 : error.status, requestId, {
      ErrorResponse: {
        '@xmlns': namespaceOf(service),
        Error: {
          Type: error.status < 500 ? 'Sender' : 'Receiver',
          Code: code,
          Message: error.message,
          ...writeMembers(error.members),
        },
        RequestId: requestId,
      },
    });
  },
};

function namespaceOf(service: ServiceName): string {
  return Object.values(SERVICES).find((known) => known.name === service)?.namespace ?? '';
}

function xml(status: number, requestId: string, document: object): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: builder.build(document),
  };
}

type Tree = { [key: string]: Tree | string };

function readForm(form: URLSearchParams): JsonObject {
  const root: Tree = Object.create(null);
  for (const [path, value] of form) {
    const names = path.split('.');
    let node = root;
    for (const name of names.slice(0, -1)) {
      const next = node[name];
      if (typeof next === 'object') node = next;
      else {
        const made: Tree = Object.create(null);
        node[name] = made;
        node = made;
      }
    }
    node[names.at(-1) ?? ''] = value;
  }
  return readStructure(root);
}

function readStructure(tree: Tree): JsonObject {
  // A dimension's `Value` is text, but that of a metric datum, which has a name of its own, is a number.
  const isDatum = tree['MetricName'] !== undefined && typeof tree['Value'] === 'string';
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) =>
      isDatum && name === 'Value' ? [name, Number(value)] : [name, readMember(name, value)],
    ),
  );
}

function readMember(name: string, value: Tree | string): JsonValue {
  if (typeof value === 'string') {
    if (NUMBER_MEMBERS.has(name)) return Number(value);
    if (BOOLEAN_MEMBERS.has(name)) return value === 'true';
    if (TIME_MEMBERS.has(name)) return Date.parse(value) / 1000;
    return value;
  }
  if (value['member'] !== undefined && typeof value['member'] === 'object') {
    return inOrder(value['member']).map((item) => {
      if (typeof item !== 'string') return readStructure(item);
      return NUMBER_LIST_MEMBERS.has(name) ? Number(item) : item;
    });
  }
  if (value['entry'] !== undefined && typeof value['entry'] === 'object') {
    return Object.fromEntries(inOrder(value['entry']).map(readEntry));
  }
  return readStructure(value);
}

function readEntry(entry: Tree | string): [string, JsonValue] {
  if (typeof entry === 'string') return [entry, ''];
  const key = entry['key'] ?? entry['Name'];
  const value = entry['value'] ?? entry['Value'] ?? '';
  return [typeof key === 'string' ? key : '', typeof value === 'string' ? value : readStructure(value)];
}

function inOrder(list: Tree): (Tree | string)[] {
  return Object.entries(list)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => item);
}

function writeMembers(output: JsonObject): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(output)) {
    if (value === undefined || value === null) continue;
    members[name] = writeMember(name, value);
  }
  return members;
}

function writeMember(name: string, value: JsonValue): unknown {
  if (isList(value)) return { member: value.map((item) => writeMember(name, item)) };
  if (isObject(value)) {
    if (!MAP_MEMBERS.has(name)) return writeMembers(value);
    return {
      entry: Object.entries(value).map(([key, item]) => ({ key, value: writeMember(key, item ?? '') })),
    };
  }
  if (TIME_MEMBERS.has(name) && typeof value === 'number') return new Date(value * 1000).toISOString();
  return String(value);
}
