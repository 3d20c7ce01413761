import { fromWire, toDecimalText } from '@payments/domain';
import type { PostingEntry } from '@payments/schemas';
import { CREDIT_DEBIT } from './amount-text.ts';
import type { Element } from './xml-document.ts';

/**
 * What the entries of one account come to: how many, their sum whichever way they go, what they move the balance by,
 * and the same for credits and debits apart (`TxsSummry`).
 *
 * @param entries of one account, all in its currency
 */
export function accountSummary(entries: readonly PostingEntry[], currency: string): Element {
  const credits = entries.filter(({ direction }) => direction === 'CREDIT');
  const debits = entries.filter(({ direction }) => direction === 'DEBIT');
  const net = sumOf(credits) - sumOf(debits);
  const text = (minorUnits: bigint): string => toDecimalText({ minorUnits, currency });
  const total = (name: string, group: readonly PostingEntry[]): Element | undefined =>
    group.length === 0
      ? undefined
      : [
          name,
          [
            ['NbOfNtries', String(group.length)],
            ['Sum', text(sumOf(group))],
          ],
        ];
  return [
    'TxsSummry',
    [
      [
        'TtlNtries',
        [
          ['NbOfNtries', String(entries.length)],
          ['Sum', text(sumOf(entries))],
          [
            'TtlNetNtry',
            [
              ['Amt', text(net < 0n ? -net : net)],
              // A net of nothing counts as a credit, as a zero balance does.
              ['CdtDbtInd', net < 0n ? CREDIT_DEBIT.DEBIT : CREDIT_DEBIT.CREDIT],
            ],
          ],
        ],
      ],
      total('TtlCdtNtries', credits),
      total('TtlDbtNtries', debits),
    ],
  ];
}

function sumOf(entries: readonly PostingEntry[]): bigint {
  return entries.reduce((sum, { amount }) => sum + fromWire(amount).minorUnits, 0n);
}
