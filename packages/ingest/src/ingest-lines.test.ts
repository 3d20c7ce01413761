import { describe, expect, it } from '@jest/globals';
import { ingestLines, LINES_MAX } from './ingest-lines.ts';
import type { AuthorizationRow } from './ports.ts';
import {
  LastDigitsVault,
  lineWith,
  mastercardCard,
  readingPorts,
  sampleLines,
  visaCard,
} from './reading.fixture.ts';
import { tokenizeCards } from './tokenize-cards.ts';

function ingestPorts() {
  const written: AuthorizationRow[] = [];
  const log = { write: async (rows: readonly AuthorizationRow[]) => void written.push(...rows) };
  return { written, ports: { ...readingPorts(), log } };
}

const numbered = (lines: readonly string[]) => lines.map((text, index) => ({ number: index + 1, text }));

describe('ingesting lines', () => {
  it('writes a row for each and reports the unreadable ones by number', async () => {
    const { written, ports } = ingestPorts();
    const report = await ingestLines({ lines: numbered(sampleLines('bad-lines.jsonl')) }, ports);
    expect(report).toMatchObject({ read: 6, approved: 2, declined: 0 });
    expect(report.unreadable.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'NOT_JSON'],
      [3, 'CUT_SHORT'],
      [4, 'INVALID_INPUT_LINE'],
      [5, 'PAN_IN_FREE_TEXT'],
    ]);
    expect(written).toHaveLength(6);
  });

  it('fails as a whole when a write fails', async () => {
    const { ports } = ingestPorts();
    const log = { write: () => Promise.reject(new Error('throttled')) };
    await expect(ingestLines({ lines: numbered([lineWith({})]) }, { ...ports, log })).rejects.toThrow(
      'throttled',
    );
  });

  it.each([
    ['nothing', undefined],
    ['no lines', { lines: 'x' }],
    ['a line without its number', { lines: [{ text: '{}' }] }],
    ['too many lines', { lines: numbered(Array.from({ length: LINES_MAX + 1 }, () => '{}')) }],
    ['too many bytes', { lines: numbered(Array.from({ length: LINES_MAX }, () => 'é'.repeat(5_001))) }],
  ])('refuses %s', async (_, request) => {
    const { written, ports } = ingestPorts();
    await expect(ingestLines(request, ports)).rejects.toMatchObject({
      code: 'INGEST_REQUEST',
      retryable: false,
    });
    expect(written).toEqual([]);
  });
});

describe('tokenizing cards', () => {
  it('gives tokens in order', async () => {
    const { tokens } = await tokenizeCards(
      { cardNumbers: [mastercardCard, visaCard] },
      new LastDigitsVault(),
    );
    expect(tokens.map(({ lastFour }) => lastFour)).toEqual([mastercardCard.slice(-4), visaCard.slice(-4)]);
    expect(tokens.every(({ token, lastFour }) => token.endsWith(lastFour))).toBe(true);
  });

  it.each([
    ['no list', {}],
    ['a number that fails Luhn', { cardNumbers: [visaCard, `${visaCard.slice(0, -1)}2`] }],
    ['a short one', { cardNumbers: [visaCard, '18'] }],
    ['what is no text', { cardNumbers: [visaCard, 4111] }],
    ['too many', { cardNumbers: Array.from({ length: 501 }, () => visaCard) }],
  ])('refuses %s and does not repeat it', async (_, request) => {
    const refused = tokenizeCards(request, new LastDigitsVault());
    await expect(refused).rejects.toMatchObject({ code: 'INGEST_REQUEST' });
    await expect(refused).rejects.not.toThrow(/\d{5}/);
  });
});
