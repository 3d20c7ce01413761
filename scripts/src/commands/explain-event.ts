import { joined, listOf, maskedText, memberOf, moneyText, phrase, rateText, textOf } from './record-text.ts';
import type { JsonRecord } from './transaction-rows.ts';

/** What a stage decided of a transaction, and why. */
export interface Explanation {
  /** One line. */
  readonly decision: string;
  /** Further lines: the values that it was decided on. */
  readonly because: readonly string[];
}

type Explain = (record: JsonRecord) => readonly [string, ...(string | undefined)[]];

/** The ISO 20022 message of each root element of a cain document. */
const CAIN_MESSAGES: Readonly<Record<string, string>> = {
  AuthstnInitn: 'cain.001 authorisation initiation',
  FinInitn: 'cain.003 financial initiation',
  RvslInitn: 'cain.005 reversal initiation',
};

const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  AuthorizationLogged: () => ['logged by a producer over the API'],
  TransactionAuthorized: (record) => [
    'the first with its deduplication key',
    phrase('key ', textOf(record, 'dedupKey')),
  ],
  DuplicateTransactionParked: (record) => [
    `${textOf(record, 'reason') ?? 'DUPLICATE'} of transaction ${textOf(record, 'firstTransactionId')}: parked`,
    phrase('key ', textOf(record, 'dedupKey')),
    joined([
      phrase('the first is of ', moneyText(memberOf(record, 'firstAmount'))),
      phrase('this one of ', moneyText(memberOf(record, 'amount'))),
    ]),
    phrase('parked as ', textOf(record, 'parkedAs.key')),
  ],
  TransactionStandardized: (record) => {
    const root = Object.keys((memberOf(record, 'document') ?? {}) as JsonRecord)[0] ?? '';
    return [
      joined([CAIN_MESSAGES[root] ?? root, textOf(record, `document.${root}.Hdr.MsgFctn`)]),
      phrase('life cycle ', textOf(record, 'lifecycleId')),
    ];
  },
  TransactionEnriched: explainEnriched,
  TransactionPostingApproved: (record) => [
    `approved by rule set ${textOf(record, 'ruleSetVersion') ?? '(not told)'}`,
    ...listOf(record, 'findings').map((finding) => ruleText('found', finding)),
  ],
  TransactionPostingRejected: (record) => [
    `refused by rule set ${textOf(record, 'ruleSetVersion') ?? '(not told)'}: ${textOf(record, 'refusal.reason')}`,
    ruleText('refused', memberOf(record, 'refusal')),
    ...listOf(record, 'findings').map((finding) => ruleText('found', finding)),
  ],
  ForeignTransactionFound: explainFinding,
  CurrencyConversionTransactionFound: explainFinding,
  WarningMerchantTypeTransactionFound: explainFinding,
  PostingEntryCreated: (record) => [
    `entry ${textOf(record, 'entry.sequence.number')} of ${textOf(record, 'entry.sequence.count')}`,
    phrase('sequence ', textOf(record, 'entry.sequence.id')),
    phrase('takes back sequence ', textOf(record, 'entry.reversalOf')),
    phrase('settles hold ', textOf(record, 'entry.holdRef')),
  ],
  TransactionNotPosted: (record) => [
    joined([textOf(record, 'disposition'), textOf(record, 'reason')], ': '),
    textOf(record, 'explanation'),
  ],
  HoldChanged: (record) => [
    joined([textOf(record, 'hold.action'), textOf(record, 'hold.reason')], ': '),
    joined([
      phrase('held ', moneyText(memberOf(record, 'hold.before'))),
      phrase('now ', moneyText(memberOf(record, 'hold.after'))),
      phrase('on ', textOf(record, 'hold.accountId')),
      phrase('until ', textOf(record, 'hold.expiresAt')),
    ]),
    phrase('hold ', textOf(record, 'hold.holdId')),
  ],
  TransactionPosted: (record) => [
    joined(['posted', textOf(record, 'postingReference')], ' as '),
    controlText(memberOf(record, 'controlTotals')),
  ],
  TransactionPostingFailed: (record) => [
    joined(['refused by the posting system', textOf(record, 'reason')], ': '),
    textOf(record, 'explanation'),
  ],
  TransactionPostingDelayed: (record) => {
    const present = memberOf(record, 'present');
    const numbers = Array.isArray(present) ? present.join(', ') : undefined;
    return [
      'entries are missing: the sequence is late',
      joined(
        [
          phrase('there are numbers ', numbers === '' ? 'none' : numbers),
          phrase('of ', textOf(record, 'sequence.count')),
          phrase('since ', textOf(record, 'since')),
        ],
        ' ',
      ),
      phrase('sequence ', textOf(record, 'sequence.id')),
    ];
  },
  TransactionReconciled: (record) => [
    'authorized, posted and booked agree',
    controlText(memberOf(record, 'controlTotals')),
  ],
  ReconciliationMismatchDetected: explainMismatch('mismatch'),
  ReconciliationMismatchPatched: explainMismatch('patched mismatch'),
  ReconciliationMismatchParked: explainMismatch('mismatch that waits for a person'),
};

/** Says what an event tells of a transaction; of an event that is not known here, its name. */
export function explainEvent(name: string, record: JsonRecord): Explanation {
  const [decision, ...because] = EXPLANATIONS[name]?.(record) ?? [name];
  return { decision, because: because.filter((line) => line !== undefined && line !== '') as string[] };
}

function explainEnriched(record: JsonRecord): readonly [string, ...(string | undefined)[]] {
  const { amount, billed } = (memberOf(record, 'transaction') ?? {}) as JsonRecord;
  const difference = textOf(record, 'transaction.conversion.difference');
  const source = textOf(record, 'transaction.conversion.source');
  const iban = textOf(record, 'account.iban') ?? textOf(record, 'account.number');
  return [
    joined([textOf(record, 'outcome'), textOf(record, 'transaction.kind')]),
    joined([
      phrase('account ', textOf(record, 'account.accountId')),
      iban === undefined ? undefined : maskedText(iban),
      textOf(record, 'account.status'),
      phrase('product ', textOf(record, 'product.code')),
      textOf(record, 'product.postingMode'),
    ]),
    joined([
      phrase('billed ', moneyText(billed)),
      moneyText(billed) === moneyText(amount) ? undefined : phrase('for ', moneyText(amount)),
      phrase(
        'rate ',
        rateText(memberOf(record, 'transaction.conversion.rate')),
        source === undefined ? '' : ` (${source.toLowerCase()})`,
      ),
      difference === undefined || difference === '0'
        ? undefined
        : `${difference} minor units off the network's`,
    ]),
    reversalText(memberOf(record, 'transaction')),
    phrase('described as "', textOf(record, 'description'), '"'),
    phrase('reference data version ', textOf(record, 'referenceVersion')),
  ];
}

/** What a reversal takes back, and from what. */
function reversalText(transaction: unknown): string | undefined {
  const full = memberOf(transaction, 'reversal.full');
  if (full === undefined) return undefined;
  return joined([
    full === true ? 'takes back all' : 'takes back a part',
    phrase('what stays is ', moneyText(memberOf(transaction, 'reversal.replacement'))),
    phrase('billed ', moneyText(memberOf(transaction, 'reversal.replacementBilled'))),
    phrase('of the message with STAN ', textOf(transaction, 'original.stan')),
  ]);
}

function explainFinding(record: JsonRecord): readonly [string, ...(string | undefined)[]] {
  return [`found: ${textOf(record, 'finding.reason') ?? ''}`, ruleText('found', memberOf(record, 'finding'))];
}

function explainMismatch(word: string): Explain {
  return (record) => [
    joined([word, textOf(record, 'mismatch.type')], ': '),
    textOf(record, 'mismatch.explanation'),
    phrase('at risk ', moneyText(memberOf(record, 'mismatch.atRisk'))),
    joined([
      textOf(record, 'patch.action'),
      phrase('rule ', textOf(record, 'patch.ruleId')),
      phrase('decided by ', textOf(record, 'patch.decidedBy')),
      textOf(record, 'patch.explanation'),
    ]),
    joined([
      phrase('waits for ', textOf(record, 'parked.owner')),
      textOf(record, 'parked.reason'),
      textOf(record, 'parked.explanation'),
    ]),
    phrase('case ', textOf(record, 'breakId')),
  ];
}

/** A rule that spoke: which, what it says, and the values that it looked at. */
function ruleText(word: string, rule: unknown): string | undefined {
  const id = textOf(rule, 'ruleId');
  const values = listOf(rule, 'values').map(
    (value) => `${textOf(value, 'path')} = ${textOf(value, 'value')}`,
  );
  return joined([
    id === undefined
      ? phrase(`${word}: `, textOf(rule, 'reason'))
      : `rule ${id} v${textOf(rule, 'ruleVersion')}: ${textOf(rule, 'explanation') ?? ''}`,
    values.length === 0 ? undefined : values.join(', '),
  ]);
}

function controlText(totals: unknown): string | undefined {
  const count = textOf(totals, 'count');
  if (count === undefined) return undefined;
  const sums = listOf(totals, 'currencies').map((each) => {
    const money = (side: string): unknown => ({ minorUnits: each[side], currency: each['currency'] });
    return `debits ${moneyText(money('debits'))} credits ${moneyText(money('credits'))}`;
  });
  return `control totals: ${joined([`${count} entries`, ...sums, phrase('hash ', textOf(totals, 'hashTotal'))])}`;
}
