import { AwsError, type JsonObject, type JsonValue } from '../core/aws-error.ts';
import type { ServiceName } from '../core/service.ts';
import type { WireRequest, WireResponse } from './wire.ts';

/** An API call as a protocol read it from a request. */
export interface ApiCall {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: JsonObject;
}

/** One AWS wire protocol: reads calls from requests, and writes outputs and errors as its SDKs expect them. */
export interface Protocol {
  /**
   * Reads a call.
   *
   * @returns undefined when the request is not of this protocol
   * @throws AwsError when it is, but cannot be read
   */
  read(request: WireRequest): ApiCall | undefined;
  answer(call: ApiCall, output: JsonObject, requestId: string): WireResponse;
  /** @param call absent when the request could not be read */
  refuse(error: AwsError, call: ApiCall | undefined, requestId: string): WireResponse;
}

/** The bytes of a request as text. */
export function bodyText(request: WireRequest): string {
  return request.bodyEncoding === 'base64'
    ? Buffer.from(request.body, 'base64').toString('utf8')
    : request.body;
}

/** The bytes of a request in base64, as the services' inputs hold blobs. */
export function bodyBase64(request: WireRequest): string {
  return request.bodyEncoding === 'base64'
    ? request.body
    : Buffer.from(request.body, 'utf8').toString('base64');
}

/**
 * Parses a JSON object.
 *
 * @throws AwsError SerializationException, as the JSON protocols answer what is no object
 */
export function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = text === '' ? {} : JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('SerializationException', `The request's body is not JSON: ${reason}`);
  }
  if (!isObject(value)) {
    throw new AwsError('SerializationException', "The request's body is not a JSON object.");
  }
  return value;
}

/** True for a JSON object: not null, not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a JSON list. */
export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
