import { createHash, hash } from 'node:crypto';
import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import { isObject } from './members.ts';

/** A message attribute as the API has it; binary values are base64. */
export type MessageAttribute = {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
};

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** The most attributes of one message (SQS Developer Guide, "Message quotas"). */
const ATTRIBUTES_MAX = 10;
const STRING_TRANSPORT = 1;
const BINARY_TRANSPORT = 2;

/**
 * Reads `MessageAttributes` of a request.
 *
 * @returns undefined when there are none
 * @throws AwsError InvalidParameterValue
 */
export function readAttributes(value: JsonValue | undefined): MessageAttributes | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length === 0) return undefined;
  if (entries.length > ATTRIBUTES_MAX) {
    throw new AwsError(
      'InvalidParameterValue',
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${ATTRIBUTES_MAX}].`,
    );
  }
  return Object.fromEntries(entries.map(([name, attribute]) => [name, readAttribute(name, attribute)]));
}

function readAttribute(name: string, value: JsonValue | undefined): MessageAttribute {
  const given: JsonObject = isObject(value) ? value : {};
  const { DataType: type, StringValue: text, BinaryValue: bytes } = given;
  if (typeof type !== 'string' || !/^(String|Number|Binary)(\.|$)/.test(type)) {
    throw new AwsError(
      'InvalidParameterValue',
      `The message attribute '${name}' must contain a valid message attribute type.`,
    );
  }
  if (type.startsWith('Binary')) {
    if (typeof bytes === 'string') return { DataType: type, BinaryValue: bytes };
  } else if (typeof text === 'string' && text !== '') {
    return { DataType: type, StringValue: text };
  }
  throw new AwsError(
    'InvalidParameterValue',
    `The message attribute '${name}' must contain a non-empty value of type '${type}'.`,
  );
}

/** The bytes that attributes add to a message's size: names, types and values. */
export function attributeBytes(attributes: MessageAttributes | undefined): number {
  let bytes = 0;
  for (const [name, attribute] of Object.entries(attributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + valueBytes(attribute).length;
  }
  return bytes;
}

/** The attributes that a receiver asked for by name, `All`, `.*` or `prefix.*`. */
export function selectAttributes(
  attributes: MessageAttributes | undefined,
  names: readonly string[],
): MessageAttributes | undefined {
  if (attributes === undefined || names.length === 0) return undefined;
  const wanted = (name: string): boolean =>
    names.some(
      (asked) =>
        asked === 'All' ||
        asked === '.*' ||
        asked === name ||
        (asked.endsWith('.*') && name.startsWith(asked.slice(0, -2))),
    );
  const selected = Object.entries(attributes).filter(([name]) => wanted(name));
  return selected.length === 0 ? undefined : Object.fromEntries(selected);
}

/** The attributes as they stand in a Lambda event. */
export function attributesForLambda(attributes: MessageAttributes | undefined): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes ?? {}).map(([name, attribute]) => [
      name,
      {
        ...(attribute.StringValue === undefined ? {} : { stringValue: attribute.StringValue }),
        ...(attribute.BinaryValue === undefined ? {} : { binaryValue: attribute.BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType: attribute.DataType,
      },
    ]),
  );
}

/** The MD5 of a body, which SDKs compare with what they sent or received. */
export function md5OfBody(body: string): string {
  return hash('md5', body);
}

/** The MD5 of attributes (SQS Developer Guide, "Calculating the MD5 message digest for message attributes"). */
export function md5OfAttributes(attributes: MessageAttributes | undefined): string | undefined {
  if (attributes === undefined) return undefined;
  const digest = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const [name, attribute] of Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))) {
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    digest.update(Buffer.of(attribute.BinaryValue === undefined ? STRING_TRANSPORT : BINARY_TRANSPORT));
    add(valueBytes(attribute));
  }
  return digest.digest('hex');
}

function valueBytes(attribute: MessageAttribute): Buffer {
  return attribute.BinaryValue === undefined
    ? Buffer.from(attribute.StringValue ?? '')
    : Buffer.from(attribute.BinaryValue, 'base64');
}
