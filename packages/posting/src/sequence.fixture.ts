import { entryIdOf, identifierOf, sequenceIdOf } from '@payments/domain';
import type { PostingEntryCreatedRecord } from '@payments/schemas';
import { type CompleteSequence, completeSequenceOf } from './complete-sequence.ts';

/** The entries of one balanced sequence: pairs of a customer and a bank leg. */
export function sequence(name: string, amounts: readonly number[]): PostingEntryCreatedRecord[] {
  const transactionId = identifierOf('transaction', name);
  const sequenceId = sequenceIdOf(transactionId);
  const count = amounts.length * 2;
  return amounts.flatMap((amount, pair) =>
    (['DEBIT', 'CREDIT'] as const).map((direction, side) => {
      const number = pair * 2 + side + 1;
      const entryId = entryIdOf(sequenceId, number);
      return {
        transactionId,
        idempotencyKey: entryId,
        scheme: 'VISA',
        loggedAt: '2026-11-15T10:15:01Z',
        lifecycleId: `VISA-${name}`,
        entry: {
          entryId,
          sequence: { id: sequenceId, number, count },
          account: {
            role: direction === 'DEBIT' ? ('CUST' as const) : ('SUSP' as const),
            accountId: direction === 'DEBIT' ? `ACC-${name.toUpperCase()}` : 'GL-SUSP-VISA-GBP',
            currency: 'GBP',
            branch: 'LON01',
          },
          direction,
          amount: { minorUnits: String(amount), currency: 'GBP' },
          amountTag: 'PRINCIPAL' as const,
          eventCode: 'CARDPUR',
          bookingDate: '2026-11-15',
          valueDate: '2026-11-15',
          narrative: 'CARD PURCHASE',
          reversal: false,
          sourceEventId: identifierOf('approved', transactionId),
        },
      };
    }),
  );
}

/** The same as one complete sequence. */
export function completeSequence(name: string, amounts: readonly number[]): CompleteSequence {
  return completeSequenceOf(sequence(name, amounts));
}
