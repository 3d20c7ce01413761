import type { Authorization, CainBody } from '@payments/schemas';
import { presentMembers } from './present-members.ts';

/** A life cycle id is exactly so long in cain.003 and in an original's data (Exact15Text); elsewhere up to 36. */
const FIXED_LIFECYCLE_LENGTH = 15;

/**
 * What names a transaction (`TxId`), from DE7, DE11, DE12, DE13, DE37 and the network's own id.
 *
 * cain.003 is stricter than the other two: it must have a local date, for which the date of the transmission stands
 * where DE13 is absent; and its life cycle id is padded to 15 characters, as Mastercard pads its own, or left out
 * where it is longer. The record's `lifecycleId` always has it whole.
 */
export function transactionIdsOf(authorization: Authorization): CainBody['TxId'] {
  const { messageClass, localDate, localTime, transmittedAt, networkTransactionId } = authorization;
  const isFinancial = messageClass === 'FINANCIAL';
  const lifecycleId = isFinancial ? fixedLifecycleId(networkTransactionId) : networkTransactionId;
  return presentMembers({
    LclDt: localDate ?? (isFinancial ? transmittedAt.slice(0, 'YYYY-MM-DD'.length) : undefined),
    LclTm: localTime,
    TrnsmssnDtTm: transmittedAt,
    SysTracAudtNb: authorization.stan,
    RtrvlRefNb: authorization.retrievalReference,
    LifeCyclSpprt: lifecycleId === undefined ? undefined : ('AUTH' as const),
    LifeCyclId: lifecycleId,
  });
}

/** A life cycle id in its fixed length: padded with blanks, or undefined when it is longer. */
export function fixedLifecycleId(id: string | undefined): string | undefined {
  if (id === undefined || id.length > FIXED_LIFECYCLE_LENGTH) return undefined;
  return id.padEnd(FIXED_LIFECYCLE_LENGTH);
}
