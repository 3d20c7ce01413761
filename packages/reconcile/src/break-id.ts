import { identifierOf } from '@payments/domain';
import type { Finding } from './break.ts';

/** The case that a mismatch is: the same mismatch found again, and in another way, is the same case. */
export function breakIdOf({
  transactionId,
  type,
  sequenceId,
  statement,
}: Pick<Finding, 'transactionId' | 'type' | 'sequenceId' | 'statement'>): string {
  return identifierOf(
    'break',
    transactionId,
    type,
    ...(sequenceId === undefined ? [] : [sequenceId]),
    // The next statement finds the same case; our own ledger may differ in the same way, which is another one.
    ...(statement === undefined ? [] : ['statement']),
  );
}
