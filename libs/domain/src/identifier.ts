import { parse, v5 } from 'uuid';

/** The namespace of all identifiers that we make; an arbitrary constant, never to be changed. */
const NAMESPACE = parse('6b0d0c5e-5a0e-5b7c-9a57-2f8a4d3c1e90');

/**
 * The identifier of what the parts name: the same parts always give the same UUID version 5 (RFC 9562),
 * so that doing a thing twice makes the same thing.
 *
 * @param parts what the thing is named by, most general first; a part holds no `|`
 */
export function identifierOf(...parts: readonly string[]): string {
  return v5(parts.join('|'), NAMESPACE);
}

/** The sequence that a transaction posts. */
export function sequenceIdOf(transactionId: string): string {
  return identifierOf('sequence', transactionId);
}

/** One entry of a sequence, by its number from 1. */
export function entryIdOf(sequenceId: string, number: number): string {
  return v5(String(number), sequenceId);
}

/** The idempotency key of the record that an event carries about a transaction. */
export function recordKeyOf(event: string, transactionId: string, part = ''): string {
  return identifierOf(event, transactionId, part);
}
