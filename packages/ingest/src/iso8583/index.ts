// What the command line shows of ISO 8583. Messages are described, never handed out.
export {
  type DescribedElement,
  type DescribedFault,
  type DescribedMessage,
  describeMessage,
} from './describe-message.ts';
export { inspectMessage } from './inspect-message.ts';
export { WIRE_PROFILES, type WireProfileName } from './wire-profiles.ts';
