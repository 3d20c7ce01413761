import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decodeMessage, encodeMessage, WIRE_PROFILES, type WireProfileName } from '@payments/ingest/iso8583';
import fc from 'fast-check';
import { CommandUsageError } from './command.ts';
import { iso8583DecodeFrom } from './iso8583-decode.ts';

interface Line {
  readonly wireProfile: WireProfileName;
  readonly request: string;
  readonly response: string;
}

const sample = new URL('../../../sample/', import.meta.url);
const lines = readFileSync(new URL('authorizations.jsonl', sample), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);
const cardNumbers = (
  JSON.parse(readFileSync(new URL('cards.json', sample), 'utf8')) as { cardNumber: string }[]
).map(({ cardNumber }) => cardNumber);
const profiles = Object.keys(WIRE_PROFILES) as WireProfileName[];

/** Both messages of the 13 scenarios, in each profile. */
const messages = lines.flatMap(({ wireProfile, request, response }) =>
  [request, response].flatMap((hex) => {
    const message = decodeMessage(hex, wireProfile);
    return profiles.map((profile) => ({ profile, message, hex: encodeMessage(message, profile) }));
  }),
);

/** A card number as digits, and as hex of its ASCII and its EBCDIC bytes. */
const forbidden = cardNumbers.flatMap((cardNumber) => [
  cardNumber,
  Buffer.from(cardNumber).toString('hex').toUpperCase(),
  cardNumber.replaceAll(/\d/g, 'F$&'),
]);

async function run(args: readonly string[], input = '') {
  const printed: string[] = [];
  const print = (line: string) => {
    printed.push(line);
  };
  const status = await iso8583DecodeFrom(async () => input).run(args, { print, warn: print });
  return { status, text: printed.join('\n') };
}

function expectNoCardNumber(text: string): void {
  const joined = text.replaceAll(/[^0-9A-Za-z]/g, '').toUpperCase();
  for (const secret of forbidden) expect(joined).not.toContain(secret);
}

const options = fc.subarray(['--explain', '--json']);

describe('payments iso8583 decode', () => {
  it('prints a message element by element', async () => {
    const { status, text } = await run(['--profile', 'B', lines[0]?.request ?? '']);
    expect(status).toBe(0);
    expect(text.split('\n').slice(0, 4)).toEqual([
      '0100  authorization request, acquirer; ISO 8583:1987, profile B',
      'DE2   ************1111',
      'DE3   000000',
      'DE4   000000002599',
    ]);
    expect(text).toContain('DE55  [54 bytes, never kept]');
  });

  it('explains names, meanings, PCI classes and ISO 20022 paths', async () => {
    const { text } = await run(['--explain', lines[6]?.request ?? '']);
    for (const part of [
      'becomes cain.005.001.05',
      'DE95  replacement amounts: 000000006000000000004747C00000000C00000000',
      'settlement amount that stays: 47.47 GBP, 2 decimals',
      'PCI: card number, becomes a token before anything is written',
      'ISO 20022: RvslInitn/OrgnlDataElmts/MsgClss',
    ])
      expect(text).toContain(part);
  });

  it('reads standard input, with line breaks in it, and prints JSON', async () => {
    const hex = lines[0]?.request ?? '';
    const { text } = await run(['-', '--json'], `${hex.slice(0, 60)}\n${hex.slice(60)}\n`);
    expect(JSON.parse(text)).toMatchObject({
      profile: 'B',
      mti: '0100',
      version: '1987',
      cainMessage: 'cain.001.001.05',
    });
  });

  it('says where a message breaks, and fails', async () => {
    const { status, text } = await run([(lines[0]?.request ?? '').slice(0, 48)]);
    expect(status).toBe(1);
    expect(text).toContain('DE3   000000');
    expect(text).toContain(
      'broken at DE4 (amount, transaction), byte 2 of the element, byte 24 of the message, counted from 0: CUT_SHORT',
    );
  });

  it.each([
    ['nothing', []],
    ['two messages', ['0100', '0100']],
    ['no such profile', ['--profile', 'D', '0100']],
    ['no such option', [`--${cardNumbers[0]}`, '0100']],
    ['an empty message', ['-']],
  ])('refuses %s, without repeating what was given', async (_, args) => {
    const refusal = run(args);
    await expect(refusal).rejects.toThrow(CommandUsageError);
    await expect(refusal).rejects.not.toThrow(cardNumbers[0] ?? '');
  });

  it('shows no card number of any scenario in any profile, neither as digits nor as hex', async () => {
    expect(messages).toHaveLength(13 * 2 * 3);
    for (const { profile, hex } of messages)
      for (const args of [[], ['--explain'], ['--json']])
        expectNoCardNumber((await run(['--profile', profile, ...args, hex])).text);
  });

  it('shows none either when the card number stands in an element of free text', async () => {
    const planted = fc.record({
      example: fc.constantFrom(...messages),
      number: fc.constantFrom(44, 54, 98, 101, 102, 104),
      form: fc.constantFrom(
        (pan: string) => pan,
        (pan: string) => pan.replaceAll(/\d{4}/g, '$& '),
        (pan: string) => pan.replaceAll(/\d{4}/g, '$&.'),
        (pan: string) => `x${pan}y`,
      ),
    });
    await fc.assert(
      fc.asyncProperty(planted, options, async ({ example: { profile, message }, number, form }, flags) => {
        const lengths: Readonly<Record<number, number>> = { 44: 25, 98: 25, 101: 17, 102: 28 };
        const text = form(message.elements.get(2) ?? '').slice(0, lengths[number] ?? 100);
        const value = number === 98 ? text.padEnd(25) : text;
        const elements = new Map([...message.elements, [number, value] as const]);
        expectNoCardNumber(
          (await run(['--profile', profile, ...flags, encodeMessage({ ...message, elements }, profile)]))
            .text,
        );
      }),
    );
  });

  it('shows none when bytes are changed, lost or added, or the profile is another one', async () => {
    const damage = fc.record({
      example: fc.constantFrom(...messages),
      profile: fc.option(fc.constantFrom(...profiles), { nil: undefined }),
      at: fc.nat(),
      removed: fc.integer({ min: 0, max: 6 }),
      inserted: fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, options, async ({ example, profile, at, removed, inserted }, flags) => {
        // Most of what can go wrong with a card number goes wrong in what stands before it.
        const place = at % Math.min(example.hex.length, 120);
        const hex = example.hex.slice(0, place) + inserted + example.hex.slice(place + removed);
        if (hex === '') return;
        const { text } = await run(['--profile', profile ?? example.profile, ...flags, hex]);
        expectNoCardNumber(text);
      }),
      { numRuns: 1000 },
    );
  });
});
