import { identifierOf, recordKeyOf } from '@payments/domain';
import type { HoldChangedRecord } from '@payments/schemas';
import type { Message } from './message.ts';

const DAY_MS = 86_400_000;

/** What happened to a hold. */
export type HoldChange = HoldChangedRecord['hold'];

/** The hold that an authorization places. */
export function holdIdOf(authorization: Message): string {
  return identifierOf('hold', authorization.transactionId);
}

/** When a hold ends by itself, epoch milliseconds: counted from the authorization, so that a replay says the same. */
export function holdExpiryOf({ loggedAt, product }: Message): number {
  return Date.parse(loggedAt) + product.holdDays * DAY_MS;
}

/** A hold is placed: what was billed, before fees. */
export function holdPlaced(authorization: Message): HoldChange {
  const { minorUnits } = authorization.transaction.billed;
  return holdChange(authorization, 'HOLD', 'AUTHORIZED', { before: '0', after: minorUnits });
}

/** A change of the hold that an authorization placed; amounts in minor units of the account's currency. */
export function holdChange(
  authorization: Message,
  action: HoldChange['action'],
  reason: HoldChange['reason'],
  { before, after }: { readonly before: string; readonly after: string },
): HoldChange {
  const { currency } = authorization.transaction.billed;
  return {
    holdId: holdIdOf(authorization),
    authorizationId: authorization.transactionId,
    action,
    reason,
    accountId: authorization.account.accountId,
    before: { minorUnits: before, currency },
    after: { minorUnits: after, currency },
    expiresAt: new Date(holdExpiryOf(authorization)).toISOString(),
  };
}

/** @param cause the message that changed the hold */
export function holdChangedRecord(cause: Message, hold: HoldChange): HoldChangedRecord {
  const { transactionId, scheme, loggedAt, lifecycleId, card } = cause;
  const idempotencyKey = recordKeyOf('HoldChanged', transactionId, `${hold.holdId} ${hold.action}`);
  return { transactionId, idempotencyKey, scheme, loggedAt, lifecycleId, card, hold };
}
