import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import { isObject, optionalInteger, optionalText } from './members.ts';
import { attributeBytes, type MessageAttributes, readAttributes } from './message-attributes.ts';
import type { Queue } from './queue.ts';

/** What SQS counts as one request (Amazon SQS pricing: every 64 KB of a payload). */
const BILLED_CHUNK_BYTES = 65_536;
const DELAY_SECONDS = { min: 0, max: 900 };
/** Characters that XML 1.0 has no place for, which SQS refuses. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const REFUSED_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** A message that a request asks to send, checked. */
export interface Outgoing {
  readonly body: string;
  readonly attributes: MessageAttributes | undefined;
  readonly traceHeader: string | undefined;
  readonly delayMs: number;
  readonly bytes: number;
}

/**
 * Reads and checks what SendMessage, or an entry of SendMessageBatch, asks to send.
 *
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidMessageContents
 */
export function readOutgoing(input: JsonObject, queue: Queue): Outgoing {
  const body = optionalText(input, 'MessageBody');
  if (body === undefined || body === '') {
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
  if (optionalText(input, 'MessageGroupId') !== undefined && !queue.name.endsWith('.fifo')) {
    throw new AwsError('InvalidParameterValue', 'MessageGroupId (fair queues) is not run here.');
  }
  const attributes = readAttributes(input['MessageAttributes']);
  const delaySeconds = optionalInteger(input, 'DelaySeconds', DELAY_SECONDS) ?? queue.settings.delaySeconds;
  return checked(queue, {
    body,
    attributes,
    traceHeader: traceHeaderOf(input),
    delayMs: delaySeconds * 1000,
    bytes: Buffer.byteLength(body) + attributeBytes(attributes),
  });
}

function checked(queue: Queue, message: Outgoing): Outgoing {
  if (message.bytes > queue.settings.messageBytesMax) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.settings.messageBytesMax} bytes.`,
    );
  }
  if (REFUSED_CHARACTERS.test(message.body)) {
    throw new AwsError('InvalidMessageContents', 'Invalid characters found.');
  }
  return message;
}

/** How many requests SQS bills for a payload. */
export function billedRequests(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / BILLED_CHUNK_BYTES));
}

function traceHeaderOf(input: JsonObject): string | undefined {
  const system = input['MessageSystemAttributes'];
  const header = isObject(system) ? system['AWSTraceHeader'] : undefined;
  return isObject(header) ? optionalText(header, 'StringValue') : undefined;
}
