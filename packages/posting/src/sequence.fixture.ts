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

/** One entry of a correction: to whose account it goes, and how much, debits above zero. */
export interface CorrectingLeg {
  readonly accountId: string;
  readonly net: number;
}

/**
 * The entries that put a sequence right.
 *
 * @param name makes the break's id: the same name is the same correction
 */
export function correctionOf(
  corrected: CompleteSequence,
  name: string,
  legs: readonly CorrectingLeg[],
): PostingEntryCreatedRecord[] {
  const [model] = sequence('model', [1]);
  if (model === undefined) throw new Error('a sequence has entries');
  const breakId = identifierOf('break', corrected.transactionId, name);
  const id = identifierOf('correction', breakId);
  const { transactionId, scheme, loggedAt, lifecycleId, bookingDate, valueDate } = corrected;
  return legs.map(({ accountId, net }, index) => {
    const entryId = entryIdOf(id, index + 1);
    return {
      transactionId,
      idempotencyKey: entryId,
      scheme,
      loggedAt,
      lifecycleId,
      entry: {
        ...model.entry,
        entryId,
        sequence: { id, number: index + 1, count: legs.length },
        account: { ...model.entry.account, accountId },
        direction: net > 0 ? ('DEBIT' as const) : ('CREDIT' as const),
        amount: { minorUnits: String(Math.abs(net)), currency: 'GBP' },
        eventCode: 'CORR',
        narrative: `CORRECTION ${breakId.slice(0, 8)}`,
        bookingDate,
        valueDate,
        correction: { sequenceId: corrected.sequenceId, breakId },
      },
    };
  });
}
