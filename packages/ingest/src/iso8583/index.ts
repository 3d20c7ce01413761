// What the command line reads ISO 8583 with. To people, messages are described, never handed out.
export { decodeMessage } from './decode-message.ts';
export {
  type DescribedElement,
  type DescribedFault,
  type DescribedMessage,
  describeMessage,
} from './describe-message.ts';
export { encodeMessage } from './encode-message.ts';
export { inspectMessage } from './inspect-message.ts';
export { WIRE_PROFILES, type WireProfileName } from './wire-profiles.ts';
