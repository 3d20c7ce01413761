import { entryIdOf, sequenceIdOf, toWire } from '@payments/domain';
import type { PostingEntryCreatedRecord, TransactionPostingApprovedRecord } from '@payments/schemas';
import { legsOf } from './legs.ts';
import type { PostingAccounts } from './ports.ts';

/**
 * Makes the posting entries of an approved transaction: one record for each leg, numbered 1 to n in one
 * sequence. Sequence and entries are named by the transaction, so the same transaction again makes the same
 * entries.
 *
 * @throws the errors of `legsOf`: what cannot be posted is set aside with its reason
 */
export function createPostingEntries(
  record: TransactionPostingApprovedRecord,
  accounts: PostingAccounts,
): PostingEntryCreatedRecord[] {
  const { transactionId, scheme, loggedAt, lifecycleId, transaction } = record;
  const legs = legsOf(record, accounts);
  const sequenceId = sequenceIdOf(transactionId);
  const { bookingDate, valueDate, amount, conversion } = transaction;
  const isForeignCurrency = amount.currency !== transaction.billed.currency;
  return legs.map((leg, index) => {
    const number = index + 1;
    const entryId = entryIdOf(sequenceId, number);
    const { feeBase, ...booked } = leg;
    const entry = {
      ...booked,
      entryId,
      sequence: { id: sequenceId, number, count: legs.length },
      amount: toWire(leg.amount),
      bookingDate,
      valueDate,
      reversal: false,
      sourceEventId: record.idempotencyKey,
      ...(feeBase === undefined ? {} : { feeBase: toWire(feeBase) }),
      ...(isForeignCurrency && leg.amountTag === 'PRINCIPAL' ? { originalAmount: amount } : {}),
      ...(conversion !== undefined && leg.amountTag === 'PRINCIPAL' ? { rate: conversion.rate } : {}),
    };
    return { transactionId, idempotencyKey: entryId, scheme, loggedAt, lifecycleId, entry };
  });
}
