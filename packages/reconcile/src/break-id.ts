import { identifierOf } from '@payments/domain';
import type { Finding } from './break.ts';

/** The case that a mismatch is: the same mismatch found again, and in another way, is the same case. */
export function breakIdOf({
  transactionId,
  type,
  sequenceId,
}: Pick<Finding, 'transactionId' | 'type' | 'sequenceId'>): string {
  return identifierOf('break', transactionId, type, ...(sequenceId === undefined ? [] : [sequenceId]));
}
