import { cbor, tag } from '@smithy/core/cbor';
import type { AwsError, JsonObject, JsonValue } from '../core/aws-error.ts';
import type { ServiceName } from '../core/service.ts';
import { type ApiCall, isList, isObject, type Protocol } from './protocol.ts';
import type { WireRequest, WireResponse } from './wire.ts';

const PATH = /^\/service\/(?<service>[^/]+)\/operation\/(?<operation>[^/]+)$/;

const SERVICES: Readonly<Record<string, ServiceName>> = { GraniteServiceVersion20100801: 'monitoring' };

/** RFC 8949: the tag of a number that is epoch seconds. */
const EPOCH_TAG = 1;

/** The members that are timestamps, which the wire tags and the JSON shapes do not. */
const TIME_MEMBERS: ReadonlySet<string> = new Set([
  'AlarmConfigurationUpdatedTimestamp',
  'EndTime',
  'StartTime',
  'StateTransitionedTimestamp',
  'StateUpdatedTimestamp',
  'Timestamp',
  'Timestamps',
]);

/**
 * Smithy's RPC v2 with CBOR, which SDKs speak to CloudWatch.
 * Source: smithy.io, "Smithy RPC v2 CBOR protocol".
 */
export const rpcV2Cbor: Protocol = {
  read(request: WireRequest): ApiCall | undefined {
    const names = PATH.exec(request.path)?.groups;
    const service = SERVICES[names?.['service'] ?? ''];
    const operation = names?.['operation'];
    if (
      request.headers['smithy-protocol'] !== 'rpc-v2-cbor' ||
      service === undefined ||
      operation === undefined
    ) {
      return undefined;
    }
    const bytes = Buffer.from(request.body, request.bodyEncoding ?? 'utf8');
    const input = bytes.length === 0 ? {} : fromCbor(cbor.deserialize(bytes));
    return { service, operation, input: isObject(input) ? input : {} };
  },

  answer(_call: ApiCall, output: JsonObject, requestId: string): WireResponse {
    return write(200, toCbor('', output), requestId);
  },

  refuse(error: AwsError, _call: ApiCall | undefined, requestId: string): WireResponse {
    return write(error.status, { ...error.members, __type: error.code, message: error.message }, requestId);
  },
};

function write(status: number, value: unknown, requestId: string): WireResponse {
  return {
    status,
    headers: {
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
      'x-amzn-requestid': requestId,
    },
    body: Buffer.from(cbor.serialize(value)).toString('base64'),
    bodyEncoding: 'base64',
  };
}

/** CBOR's values as JSON has them: a tagged time becomes epoch seconds. */
function fromCbor(value: unknown): JsonValue {
  if (value instanceof Date) return value.getTime() / 1000;
  if (typeof value === 'bigint') return Number(value);
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    typeof value === 'number'
  ) {
    return value;
  }
  if (Array.isArray(value)) return value.map(fromCbor);
  if (typeof value !== 'object') return null;
  if ('tag' in value && 'value' in value && Number(value.tag) === EPOCH_TAG) return fromCbor(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fromCbor(member)]));
}

function toCbor(name: string, value: JsonValue | undefined): unknown {
  if (isList(value)) return value.map((item) => toCbor(name, item));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([member, item]) => [member, toCbor(member, item)]),
    );
  }
  return TIME_MEMBERS.has(name) && typeof value === 'number' ? tag({ tag: EPOCH_TAG, value }) : value;
}
