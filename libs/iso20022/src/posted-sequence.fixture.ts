import { entryIdOf, sequenceIdOf } from '@payments/domain';
import type { PostingEntry } from '@payments/schemas';
import { purchaseBody } from './cain.fixture.ts';
import type { PostedSequence } from './posted-sequence.ts';

type Account = PostingEntry['account'];

const TRANSACTION = '3f1a2b3c-0000-5000-8000-00000000abcd';
const SEQUENCE = sequenceIdOf(TRANSACTION);

/** The accounts of a bank in pounds, by what a test calls them. */
const ACCOUNTS = {
  CUST: { role: 'CUST', accountId: '20000012345678', currency: 'GBP', branch: 'LDN01', sortCode: '60-12-34' },
  SUSP: { role: 'SUSP', accountId: 'GL-SUSP-VISA-GBP', currency: 'GBP', branch: 'HO01' },
  FEE: { role: 'FEE_INC', accountId: 'GL-FEE-INC-GBP', currency: 'GBP', branch: 'HO01' },
  TAX: { role: 'TAX', accountId: 'GL-TAX-GBP', currency: 'GBP', branch: 'HO01' },
  FXPOS: { role: 'FXPOS', accountId: 'GL-FXPOS-GBP', currency: 'GBP', branch: 'HO01' },
  FXPOS_USD: { role: 'FXPOS', accountId: 'GL-FXPOS-USD', currency: 'USD', branch: 'HO01' },
  SUSP_USD: { role: 'SUSP', accountId: 'GL-SUSP-VISA-USD', currency: 'USD', branch: 'HO01' },
} as const satisfies Record<string, Account>;

/** One leg as a test writes it: which way, on which account, how many minor units, for what. */
export type Leg = readonly [
  direction: 'Dr' | 'Cr',
  account: keyof typeof ACCOUNTS,
  minorUnits: string,
  eventCode?: string,
  differences?: Partial<PostingEntry>,
];

const TAGS: Readonly<Record<string, PostingEntry['amountTag']>> = {
  FXFEE: 'FX_FEE',
  CASHFEE: 'CASH_FEE',
  FEEVAT: 'TAX',
};

/** A posted sequence of legs, of a domestic purchase unless a test says otherwise. */
export function postedSequence(
  legs: readonly Leg[],
  differences: Partial<PostedSequence> = {},
): PostedSequence {
  return {
    sequenceId: SEQUENCE,
    transactionId: TRANSACTION,
    lifecycleId: 'VISA.412345.631910100001.9208948425451111',
    scheme: 'VISA',
    postedAt: '2026-11-15T10:15:03Z',
    card: { token: '9208948425451111', lastFour: '1111' },
    document: { AuthstnInitn: purchaseBody() },
    entries: legs.map((leg, index) => entryOf(leg, index + 1, legs.length)),
    ...differences,
  };
}

function entryOf(
  [direction, name, minorUnits, eventCode = 'CARDPUR', differences = {}]: Leg,
  number: number,
  count: number,
): PostingEntry {
  const account = ACCOUNTS[name];
  return {
    entryId: entryIdOf(SEQUENCE, number),
    sequence: { id: SEQUENCE, number, count },
    account,
    direction: direction === 'Dr' ? 'DEBIT' : 'CREDIT',
    amount: { minorUnits, currency: account.currency },
    amountTag: TAGS[eventCode] ?? 'PRINCIPAL',
    eventCode,
    bookingDate: '2026-11-15',
    valueDate: '2026-11-15',
    narrative: 'CARD PURCHASE CORNER FOODS LONDON GB',
    reversal: false,
    sourceEventId: '3f1a2b3c-0000-5000-8000-00000000eeee',
    ...differences,
  };
}

const IN_DOLLARS = {
  originalAmount: { minorUnits: '10000', currency: 'USD' },
  rate: { digits: '7912000', scale: 7 },
} as const;
const REVERSED = { reversal: true, reversalOf: '5d0c7a86-7cf6-5b52-8a35-4f8f0b6f6c11' } as const;

/** 100.00 dollars at 0.7912, with mark-up and tax: the six legs of the domain's table. */
export const FX_PURCHASE: readonly Leg[] = [
  ['Dr', 'CUST', '7912', 'CARDPUR', IN_DOLLARS],
  ['Cr', 'SUSP', '7912', 'CARDPUR', IN_DOLLARS],
  ['Dr', 'CUST', '237', 'FXFEE'],
  ['Cr', 'FEE', '237', 'FXFEE'],
  ['Dr', 'CUST', '47', 'FEEVAT'],
  ['Cr', 'TAX', '47', 'FEEVAT'],
];

/** The sequences of the posting table, by scenario. */
export const SEQUENCES: Readonly<Record<string, readonly Leg[]>> = {
  'domestic purchase': [
    ['Dr', 'CUST', '2599'],
    ['Cr', 'SUSP', '2599'],
  ],
  'purchase in dollars': FX_PURCHASE,
  'purchase in dollars, settled in dollars': [
    ['Dr', 'CUST', '7912', 'CARDPUR', IN_DOLLARS],
    ['Cr', 'FXPOS', '7912', 'CARDPUR', IN_DOLLARS],
    ['Dr', 'FXPOS_USD', '10000', 'CARDPUR', IN_DOLLARS],
    ['Cr', 'SUSP_USD', '10000', 'CARDPUR', IN_DOLLARS],
  ],
  refund: [
    ['Dr', 'SUSP', '1500', 'CARDREF'],
    ['Cr', 'CUST', '1500', 'CARDREF', { valueDate: '2026-11-17' }],
  ],
  'cash abroad with a fee': [
    ['Dr', 'CUST', '17234', 'CARDCASH', { originalAmount: { minorUnits: '20000', currency: 'EUR' } }],
    ['Cr', 'SUSP', '17234', 'CARDCASH', { originalAmount: { minorUnits: '20000', currency: 'EUR' } }],
    ['Dr', 'CUST', '517', 'CASHFEE'],
    ['Cr', 'FEE', '517', 'CASHFEE'],
  ],
  'purchase with cash': [
    ['Dr', 'CUST', '4000'],
    ['Dr', 'CUST', '2000', 'CARDPUR', { amountTag: 'CASHBACK' }],
    ['Cr', 'SUSP', '6000'],
  ],
  'partial reversal': [
    ['Dr', 'SUSP', '3165', 'REVR', REVERSED],
    ['Cr', 'CUST', '3165', 'REVR', REVERSED],
    ['Dr', 'FEE', '95', 'REVR', { ...REVERSED, amountTag: 'FX_FEE' }],
    ['Cr', 'CUST', '95', 'REVR', { ...REVERSED, amountTag: 'FX_FEE' }],
  ],
  'there and back on one account': [
    ['Dr', 'CUST', '100'],
    ['Cr', 'CUST', '100'],
  ],
};
