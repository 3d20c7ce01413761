import type { RuleOutcome, TransactionEnrichedRecord } from '@payments/schemas';

type Record = TransactionEnrichedRecord;

/** A line of the table: what is refused, and what is said of it. */
interface Line {
  readonly reason: string;
  readonly explanation: string;
  readonly refuses: (record: Record) => boolean;
}

/** The version of the table; records carry it as that of their rule set. */
export const TABLE_VERSION = 'table-1';

const LINES: readonly Line[] = [
  unknown('CARD_UNKNOWN', 'Nobody knows the card.'),
  unknown('ACCOUNT_UNKNOWN', 'Nobody knows the account.'),
  unknown('PRODUCT_UNKNOWN', 'Nobody knows the product of the account.'),
  unknown('RATE_UNKNOWN', 'Nobody knows a rate.'),
  {
    reason: 'ACCOUNT_CLOSED',
    explanation: 'The account is closed.',
    refuses: ({ account }) => account?.status === 'CLOSED',
  },
  {
    reason: 'MISSING_ISSUING_COUNTRY',
    explanation: 'Nobody says where the card was issued.',
    refuses: (record) => isNew(record) && record.card.issuingCountry === undefined,
  },
  {
    reason: 'ACCOUNT_BLOCKED',
    explanation: 'The account is blocked.',
    refuses: (record) => isNew(record) && record.account?.status === 'BLOCKED',
  },
  {
    reason: 'ACCOUNT_ON_HOLD',
    explanation: 'The account is on hold.',
    refuses: (record) => isNewDebit(record) && record.account?.status === 'HOLD',
  },
  {
    reason: 'CARD_NOT_ACTIVE',
    explanation: 'The card is blocked or has expired.',
    refuses: (record) => isNewDebit(record) && /^(BLOCKED|EXPIRED)$/.test(record.card.status ?? ''),
  },
  {
    reason: 'TRANSACTION_LIMIT',
    explanation: 'The transaction is over the limit of the product.',
    refuses: (record) => isNewDebit(record) && isOverLimit(record),
  },
];

/** The first line of the table that refuses a transaction. */
export function refusalOf(record: Record): RuleOutcome | undefined {
  const line = LINES.find(({ refuses }) => refuses(record));
  if (line === undefined) return undefined;
  const { reason, explanation } = line;
  return { ruleId: reason.toLowerCase().replaceAll('_', '-'), ruleVersion: 1, reason, explanation };
}

function unknown(reason: Record['outcome'], explanation: string): Line {
  return { reason, explanation, refuses: ({ outcome }) => outcome === reason };
}

/** A reversal and a completion follow an original, and were decided with it. */
function isNew({ transaction: { messageClass, original } }: Record): boolean {
  return messageClass !== 'REVERSAL' && !(messageClass === 'FINANCIAL' && original !== undefined);
}

function isNewDebit(record: Record): boolean {
  return isNew(record) && record.transaction.direction === 'DEBIT';
}

function isOverLimit({ transaction: { billed }, product }: Record): boolean {
  const limit = product?.transactionLimit;
  return limit?.currency === billed.currency && BigInt(billed.minorUnits) > BigInt(limit.minorUnits);
}
