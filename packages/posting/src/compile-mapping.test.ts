import { describe, expect, it } from '@jest/globals';
import { explainProblem, type PostingEntry, type PostingMapping } from '@payments/schemas';
import { PostingInput as isPostingInput } from '@payments/schemas/closed/posting-input';
import schema from '@payments/schemas/configuration/posting-input.v1.json' with { type: 'json' };
import { compileMapping } from './compile-mapping.ts';
import type { CompleteSequence } from './complete-sequence.ts';
import { PostingFieldError, PostingMappingError } from './errors.ts';
import canonical from './mappings/canonical.json' with { type: 'json' };
import flexcube from './mappings/flexcube-external-accounting.json' with { type: 'json' };
import { postingInputOf } from './posting-input.ts';
import inUse from './posting-mapping.json' with { type: 'json' };
import { SOURCES } from './posting-sources.ts';
import { completeSequence } from './sequence.fixture.ts';

/** A sequence of two legs, of which the first has all that a leg can have. */
function fullSequence(): CompleteSequence {
  const sequence = completeSequence('FULL', [7912]);
  const [first, ...others] = sequence.entries;
  if (first === undefined) throw new Error('the sequence has entries');
  const full: PostingEntry = {
    ...first,
    account: { ...first.account, sortCode: '04-00-04' },
    originalAmount: { minorUnits: '10000', currency: 'USD' },
    rate: { digits: '7912', scale: 4 },
    reversalOf: first.sourceEventId,
    holdRef: first.entryId,
    holdRelease: 'PARTIAL',
    reversal: true,
  };
  return { ...sequence, entries: [full, ...others] };
}

const input = postingInputOf(fullSequence(), 'near-real-time');

/** The mapping of a bank that exists in this test alone. */
const madeUp: PostingMapping = {
  name: 'made-up',
  legs: { layout: 'NESTED', to: 'Buchung.Zeilen' },
  header: [
    { to: 'Buchung.Kopf.Referenz', from: 'header.sequenceId' },
    { to: 'Buchung.Kopf.Mandant', value: '4711' },
    { to: 'Buchung.Kopf.Tag', from: 'header.bookingDate', format: 'DATE_YYYYMMDD' },
    { to: 'Buchung.Kopf.Summen', from: 'header.controlTotals.currencies', format: 'DECIMAL' },
  ],
  leg: [
    { to: 'Nr', from: 'leg.seqNo', format: 'TEXT', length: { minimum: 4, padWith: '0', padAt: 'START' } },
    { to: 'Konto', from: 'leg.accountId', length: { minimum: 12 } },
    { to: 'Waehrung', from: 'leg.accountCurrency' },
    {
      to: 'SollHaben',
      from: 'leg.direction',
      texts: [
        { is: 'DEBIT', text: 'S' },
        { is: 'CREDIT', text: 'H' },
      ],
    },
    { to: 'Betrag', from: 'leg.amount', format: 'MINOR_UNITS' },
    { to: 'Fremd.Betrag', from: 'leg.originalAmount', format: 'DECIMAL' },
    { to: 'Text', from: 'leg.narrative', length: { maximum: 8, tooLong: 'CUT' } },
    { to: 'Sperre', from: 'leg.holdRef', whenAbsent: 'KEINE' },
  ],
  answer: { reference: 'Beleg' },
};

const written = (mapping: unknown): unknown => compileMapping(mapping).write(input);

/** What is said of a mapping that is the made-up one with a change. */
function problemsWith(change: (mapping: PostingMapping) => void): readonly string[] {
  const mapping = structuredClone(madeUp);
  change(mapping);
  try {
    compileMapping(mapping);
    return [];
  } catch (error) {
    if (error instanceof PostingMappingError) return error.problems;
    throw error;
  }
}

describe('the sources of a mapping', () => {
  it('are the members of the posting input, with the values that it allows', () => {
    for (const [section, { properties }] of Object.entries(schema.$defs)) {
      const ofSection = Object.keys(SOURCES).filter((path) => path.startsWith(`${section}.`));
      expect(ofSection.filter((path) => path.split('.').length === 2).sort()).toEqual(
        Object.keys(properties)
          .map((name) => `${section}.${name}`)
          .sort(),
      );
      for (const [name, member] of Object.entries(properties as Record<string, { enum?: string[] }>))
        if (member.enum !== undefined) expect(SOURCES[`${section}.${name}`]?.values).toEqual(member.enum);
    }
  });
});

describe('the mapping in use', () => {
  it('is one that can be used, whatever bank it is of', () => {
    expect(() => compileMapping(inUse)).not.toThrow();
  });
});

describe('the canonical mapping', () => {
  it('writes the posting input of the contract', () => {
    const posting = JSON.parse(JSON.stringify(written(canonical))) as unknown;
    if (!isPostingInput(posting)) throw new Error(explainProblem(isPostingInput));
    expect(posting).toEqual(input);
  });
});

describe('the mapping after FLEXCUBE External Accounting', () => {
  it('writes a flat list of entries', () => {
    const { sequenceId } = input.header;
    const { ACCOUNTING_ENTRIES } = written(flexcube) as { ACCOUNTING_ENTRIES: unknown[] };
    expect(ACCOUNTING_ENTRIES).toHaveLength(2);
    expect(ACCOUNTING_ENTRIES[0]).toEqual({
      MODULE: 'CARDS',
      TRN_REF_NO: sequenceId,
      EXTERNAL_REF_NO: 'VISA-FULL',
      RELATED_REF_NO: input.header.reversalOf,
      NO_OF_ENTRIES: 2,
      EVENT_SR_NO: 1,
      EVENT: 'CARDPUR',
      AC_BRANCH: 'LON01',
      AC_NO: 'ACC-FULL',
      AC_CCY: 'GBP',
      DRCR_IND: 'D',
      AMOUNT_TAG: 'PRINCIPAL',
      LCY_AMOUNT: '79.12',
      FCY_AMOUNT: '100.00',
      FCY_CCY: 'USD',
      EXCH_RATE: '0.7912',
      TRN_DT: '15-NOV-2026',
      VALUE_DT: '15-NOV-2026',
      BLOCK_REF_NO: input.legs[0]?.holdRef,
      BLOCK_RELEASE_STATUS: 'P',
      REVERSAL: 'Y',
      ADDL_TEXT: 'CARD PURCHASE',
    });
    expect(ACCOUNTING_ENTRIES[1]).toMatchObject({ EVENT_SR_NO: 2, DRCR_IND: 'C', EXCH_RATE: '1' });
    expect(ACCOUNTING_ENTRIES[1]).not.toHaveProperty('FCY_AMOUNT');
  });
});

describe('the mapping of another bank', () => {
  it('changes data and no code', () => {
    expect(written(madeUp)).toEqual({
      Buchung: {
        Kopf: {
          Referenz: input.header.sequenceId,
          Mandant: '4711',
          Tag: '20261115',
          Summen: [{ currency: 'GBP', debits: '79.12', credits: '79.12' }],
        },
        Zeilen: [
          {
            Nr: '0001',
            Konto: 'ACC-FULL    ',
            Waehrung: 'GBP',
            SollHaben: 'S',
            Betrag: '7912',
            Fremd: { Betrag: '100.00' },
            Text: 'CARD PUR',
            Sperre: input.legs[0]?.holdRef,
          },
          {
            Nr: '0002',
            Konto: 'GL-SUSP-VISA-GBP',
            Waehrung: 'GBP',
            SollHaben: 'H',
            Betrag: '7912',
            Text: 'CARD PUR',
            Sperre: 'KEINE',
          },
        ],
      },
    });
  });

  it('may be an array of legs without an object around it', () => {
    const { legs: _legs, ...rest } = structuredClone(madeUp);
    const rows = written({ ...rest, legs: { layout: 'FLAT' } }) as Record<string, unknown>[];
    expect(rows.map((row) => (row['Buchung'] as { Kopf: { Referenz: string } }).Kopf.Referenz)).toEqual([
      input.header.sequenceId,
      input.header.sequenceId,
    ]);
    expect(rows[1]).toMatchObject({ Nr: '0002', SollHaben: 'H' });
  });

  it.each([
    ['2599', 'GBP', '25.99'],
    ['12345', 'JPY', '12345'],
    ['1', 'KWD', '0.001'],
    ['12345', 'CLF', '1.2345'],
  ])('writes %s minor units of %s as %s', (minorUnits, currency, text) => {
    const { write } = compileMapping({
      ...madeUp,
      leg: [...madeUp.leg, { to: 'Dezimal', from: 'leg.amount', format: 'DECIMAL' }],
    });
    const legs = input.legs.map((leg) => ({ ...leg, amount: { minorUnits, currency } }));
    const posting = write({ ...input, legs }) as { Buchung: { Zeilen: { Dezimal: string }[] } };
    expect(posting.Buchung.Zeilen[0]?.Dezimal).toBe(text);
  });

  it('refuses a posting of which a value is too long for its field', () => {
    const { write } = compileMapping({
      ...madeUp,
      leg: madeUp.leg.map((field) => (field.to === 'Konto' ? { ...field, length: { maximum: 10 } } : field)),
    });
    expect(() => write(input)).toThrow(new PostingFieldError('Konto', 16, 10));
  });
});

describe('a mapping that cannot be right', () => {
  const without =
    (place: string) =>
    (mapping: PostingMapping): void => {
      mapping.header = mapping.header.filter(({ to }) => to !== place);
      mapping.leg = mapping.leg.filter(({ to }) => to !== place);
    };
  const add =
    (field: PostingMapping['leg'][number], section: 'header' | 'leg' = 'leg') =>
    (mapping: PostingMapping): void => {
      mapping[section].push(field);
    };

  it.each([
    [add({ to: 'Filiale', from: 'leg.brnch' }), 'leg field Filiale: the posting input has no leg.brnch'],
    [
      add({ to: 'X', from: 'leg.seqNo' }, 'header'),
      'header field X: leg.seqNo stands in each leg, not in the header',
    ],
    [add({ to: 'Nr', from: 'leg.entryId' }), 'field Nr: two sources write it'],
    [add({ to: 'Fremd', from: 'leg.entryId' }), 'field Fremd: Fremd.Betrag stands in its way'],
    [add({ to: 'Buchung', value: 'x' }, 'header'), 'field Buchung: Buchung.Kopf.Referenz stands in its way'],
    [add({ to: 'X' }), 'leg field X: has either a source ("from") or a constant ("value")'],
    [
      add({ to: 'X', from: 'leg.branch', value: 'y' }),
      'leg field X: has either a source ("from") or a constant ("value")',
    ],
    [add({ to: 'X', value: 'y', format: 'TEXT' }), 'leg field X: a constant has no format'],
    [
      add({ to: 'X', from: 'leg.amount', format: 'DATE_ISO' }),
      'leg field X: leg.amount cannot be written as DATE_ISO',
    ],
    [
      add({ to: 'X', from: 'leg.amount', length: { maximum: 9 } }),
      'leg field X: leg.amount as AS_IS is no text and has no length',
    ],
    [
      add({ to: 'X', from: 'leg.reversal', texts: [{ is: 'true', text: 'Y' }] }),
      'leg field X: has no text for false',
    ],
    [
      add({ to: 'X', from: 'leg.branch', length: { minimum: 9, maximum: 8 } }),
      'leg field X: is padded to 9, but takes 8',
    ],
    [
      add({ to: 'X', from: 'leg.accountId', length: { maximum: 8, tooLong: 'CUT' } }),
      'leg field X: leg.accountId may not be cut',
    ],
    [without('Betrag'), 'the amount is lost: no field is made from leg.amount or leg.amount.minorUnits'],
    [without('SollHaben'), 'the direction is lost: no field is made from leg.direction'],
    [without('Konto'), 'the account is lost: no field is made from leg.accountId'],
    [without('Nr'), 'the serial number is lost: no field is made from leg.seqNo'],
    [
      without('Waehrung'),
      'the currency is lost: no field is made from leg.accountCurrency or leg.amount.currency',
    ],
    [without('Buchung.Kopf.Referenz'), 'the reference is lost: no field is made from header.sequenceId'],
    [
      (mapping: PostingMapping): void => {
        for (const { texts } of mapping.leg) for (const text of texts ?? []) text.text = 'B';
      },
      'leg field SollHaben: gives debit and credit the same text, which loses the direction',
    ],
    [
      (mapping: PostingMapping): void => {
        mapping.legs = { layout: 'NESTED' };
      },
      'legs: nested legs stand in a field; name it with "to"',
    ],
  ])('is refused with the field named (%#)', (change, problem) => {
    expect(problemsWith(change)).toContain(problem);
  });

  it('is refused with all that is wrong with it, the contract first', () => {
    const both = problemsWith((mapping) => {
      without('Nr')(mapping);
      without('Konto')(mapping);
    });
    expect(both).toHaveLength(2);
    expect(() => compileMapping({ ...madeUp, leg: [{ from: 'leg.seqNo' }] })).toThrow('leg.0 lacks to');
  });
});
