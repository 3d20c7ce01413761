import type { PostingEntry } from '@payments/schemas';
import { accountSummary } from './account-summary.ts';
import { type RenderOptions, writeMessage } from './business-message.ts';
import { camtEntry } from './camt-entry.ts';
import { letterReferenceOf } from './letter-reference.ts';
import { orderedEntriesOf, type PostedSequence } from './posted-sequence.ts';
import type { Element } from './xml-document.ts';

/** The identifier of the notification in the ISO 20022 catalogue. */
export const CAMT054 = 'camt.054.001.08';

/** The external clearing system code that six-digit sort codes belong to. */
const SORT_CODE_SYSTEM = 'GBDSC';

/**
 * Writes the debit and credit notification (camt.054.001.08) of a posted sequence: one `Ntfctn` for each account and
 * currency, in the order in which the sequence first names them, each with its totals and its entries.
 *
 * @throws RenderError SEQUENCE_INCOMPLETE; UnknownCurrencyError
 */
export function renderCamt054(sequence: PostedSequence, options: RenderOptions = {}): string {
  const entries = orderedEntriesOf(sequence);
  const id = letterReferenceOf(sequence.sequenceId);
  const accounts = Map.groupBy(entries, ({ account, amount }) => `${account.accountId} ${amount.currency}`);
  const notifications = [...accounts.values()].flatMap((group, index): Element[] => {
    const [first] = group;
    return first === undefined ? [] : [notification(`${id}-A${index + 1}`, first, group, sequence)];
  });
  const header: Element = [
    'GrpHdr',
    [
      ['MsgId', id],
      ['CreDtTm', sequence.postedAt],
      ['AddtlInf', identifiersText(sequence)],
    ],
  ];
  return writeMessage(
    {
      definition: CAMT054,
      id,
      createdAt: sequence.postedAt,
      content: ['BkToCstmrDbtCdtNtfctn', [header, ...notifications]],
    },
    options,
  );
}

function notification(
  id: string,
  { account, amount }: PostingEntry,
  entries: readonly PostingEntry[],
  sequence: PostedSequence,
): Element {
  return [
    'Ntfctn',
    [
      ['Id', id],
      ['CreDtTm', sequence.postedAt],
      [
        'Acct',
        [['Id', [['Othr', [['Id', account.accountId]]]]], ['Ccy', amount.currency], servicer(account)],
      ],
      accountSummary(entries, amount.currency),
      ...entries.map((entry) => camtEntry(entry, sequence)),
    ],
  ];
}

/** The branch that keeps the account, and its sort code. */
function servicer({ branch, sortCode }: PostingEntry['account']): Element {
  const institution: Element[] =
    sortCode === undefined
      ? []
      : [
          [
            'ClrSysMmbId',
            [
              ['ClrSysId', [['Cd', SORT_CODE_SYSTEM]]],
              ['MmbId', sortCode.replaceAll('-', '')],
            ],
          ],
        ];
  return [
    'Svcr',
    [
      ['FinInstnId', institution],
      ['BrnchId', [['Id', branch]]],
    ],
  ];
}

/** Our own identifiers in full, which no reference element is long enough for. */
function identifiersText({ transactionId, sequenceId, lifecycleId }: PostedSequence): string {
  return `transaction ${transactionId}, sequence ${sequenceId}, life cycle ${lifecycleId}`;
}
