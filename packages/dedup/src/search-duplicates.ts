import { recordKeyOf } from '@payments/domain';
import type { DuplicateTransactionParkedRecord, TransactionAuthorizedRecord } from '@payments/schemas';
import type { ClaimResult, ParkedTransactions, SeenTransactions } from './ports.ts';

/** What the search for duplicates found for one authorization. */
export type DuplicateSearchResult =
  | { readonly kind: 'first'; readonly authorized: TransactionAuthorizedRecord }
  | { readonly kind: 'parked'; readonly parked: DuplicateTransactionParkedRecord }
  /** Not known; the record must come again. */
  | { readonly kind: 'unknown'; readonly cause: unknown };

/**
 * Finds, among authorizations, those that are the first of their transaction, and parks the others: duplicates,
 * and conflicts, which name the same transaction with another amount.
 *
 * @param records authorizations in the order in which they were logged
 * @returns a result for each, in the same order
 */
export async function searchDuplicates(
  records: readonly TransactionAuthorizedRecord[],
  ports: { readonly seen: SeenTransactions; readonly parked: ParkedTransactions },
): Promise<readonly DuplicateSearchResult[]> {
  const claims = records.map(({ dedupKey, transactionId, authorization }) => ({
    dedupKey,
    owner: transactionId,
    amount: authorization.amounts.transaction,
  }));
  const results = await ports.seen.claim(claims);
  return Promise.all(
    records.map((record, index) => {
      const result = results[index] ?? { kind: 'unknown', cause: new Error('the claim was not answered') };
      return resultFor(record, result, ports.parked);
    }),
  );
}

async function resultFor(
  record: TransactionAuthorizedRecord,
  result: ClaimResult,
  parkedTransactions: ParkedTransactions,
): Promise<DuplicateSearchResult> {
  if (result.kind === 'unknown') return result;
  const { transactionId, dedupKey, scheme, loggedAt, authorization } = record;
  if (result.kind === 'first') {
    const idempotencyKey = recordKeyOf('TransactionAuthorized', transactionId);
    return { kind: 'first', authorized: { ...record, idempotencyKey } };
  }
  const amount = authorization.amounts.transaction;
  const sameAmount =
    amount.minorUnits === result.amount.minorUnits && amount.currency === result.amount.currency;
  const reason = sameAmount ? 'DUPLICATE' : 'CONFLICT';
  const reference = { reason, firstTransactionId: result.owner, firstAmount: result.amount } as const;
  try {
    const parkedAs = await parkedTransactions.park(`${reason.toLowerCase()}/${transactionId}`, {
      ...reference,
      record,
    });
    const idempotencyKey = recordKeyOf('DuplicateTransactionParked', transactionId);
    const parked = {
      transactionId,
      idempotencyKey,
      scheme,
      loggedAt,
      dedupKey,
      ...reference,
      amount,
      parkedAs,
    };
    return { kind: 'parked', parked };
  } catch (cause) {
    return { kind: 'unknown', cause };
  }
}
