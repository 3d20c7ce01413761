import type { CainBody } from '@payments/schemas';
import type { PostedSequence } from './posted-sequence.ts';
import { bodyOf } from './posted-sequence.ts';
import type { Element } from './xml-document.ts';

/** CardDataReading11Code of cain as CardDataReading1Code of camt, where camt has one for it. */
const ENTRY_MODES: Readonly<Record<string, string>> = {
  ICCY: 'CICC',
  ICPY: 'ECTL',
  MGST: 'MGST',
  MSIP: 'CTLS',
  KEEN: 'PHYS',
  OPTC: 'BRCD',
  CDFL: 'DFLE',
};

/** Max500Text. */
const ADDITIONAL_INFORMATION_MAX = 500;

/**
 * The card transaction behind an entry (`CardTx`). It has no `PlainCardData`, which makes the card number mandatory:
 * the brand and the last four digits say which card it was, and `Refs` has its token.
 */
export function cardTransaction(sequence: PostedSequence): Element | undefined {
  const { card, scheme } = sequence;
  if (card === undefined) return undefined;
  const body = bodyOf(sequence);
  const terminalId = body?.Termnl?.Id;
  return [
    'CardTx',
    [
      [
        'Card',
        [
          ['CardBrnd', [['Id', scheme]]],
          ['AddtlCardData', `PAN ending ${card.lastFour}`],
        ],
      ],
      terminalId === undefined
        ? undefined
        : [
            'POI',
            [
              [
                'Id',
                [
                  ['Id', terminalId],
                  ['Tp', 'OPOI'],
                ],
              ],
            ],
          ],
      body === undefined ? undefined : ['Tx', [['Indv', individual(body)]]],
    ],
  ];
}

function individual({ Cntxt, TxId }: CainBody): Element[] {
  const mode = ENTRY_MODES[Cntxt?.CardDataNtryMd ?? ''];
  const context: Element[] = mode === undefined ? [] : [['PmtCntxt', [['CardDataNtryMd', mode]]]];
  return [
    ...context,
    [
      'TxId',
      [
        ['TxDtTm', TxId.TrnsmssnDtTm],
        ['TxRef', TxId.RtrvlRefNb ?? TxId.SysTracAudtNb],
      ],
    ],
  ];
}

/** The references by which a card transaction is found again: what the network calls it, and the card's token. */
export function cardReferences(sequence: PostedSequence): Element[] {
  const body = bodyOf(sequence);
  const named: readonly (readonly [string, string | undefined])[] = [
    ['STAN', body?.TxId.SysTracAudtNb],
    ['APPROVAL_CODE', body?.PrcgRslt.ApprvlCd],
    ['CARD_TOKEN', sequence.card?.token],
  ];
  return named.flatMap(([type, reference]): Element[] =>
    reference === undefined || reference.trim() === ''
      ? []
      : [
          [
            'Prtry',
            [
              ['Tp', type],
              ['Ref', reference],
            ],
          ],
        ],
  );
}

/** Who took the payment, in words. */
export function merchantText(sequence: PostedSequence): string | undefined {
  const body = bodyOf(sequence);
  if (body?.Accptr === undefined) return undefined;
  const { NmAndLctn } = body.Accptr;
  const category = body.Cntxt?.MrchntCtgyCd;
  const words = [NmAndLctn, ...(category === undefined ? [] : ['MCC', category])].join(' ');
  return words.trim().replace(/\s+/g, ' ').slice(0, ADDITIONAL_INFORMATION_MAX);
}
