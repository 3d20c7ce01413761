import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { InputLine } from '@payments/schemas';
import { decodeMessage } from './decode-message.ts';
import { encodeMessage } from './encode-message.ts';

/** One pair of the sample: what its messages hold. `{4}` stands for the sample card that begins with 4. */
interface SamplePair {
  readonly name: string;
  readonly request: SampleMessage;
  readonly response: SampleMessage;
}
interface SampleMessage {
  readonly mti: string;
  readonly elements: Readonly<Record<string, string>>;
}

const sample = new URL('../../../../sample/', import.meta.url);
const lines = readFileSync(new URL('authorizations.jsonl', sample), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as InputLine);
const cards = JSON.parse(readFileSync(new URL('cards.json', sample), 'utf8')) as { cardNumber: string }[];
const pairs = JSON.parse(
  readFileSync(new URL('sample-elements.json', import.meta.url), 'utf8').replaceAll(
    /\{(\d)\}/g,
    (_, first: string) => cards.find((card) => card.cardNumber.startsWith(first))?.cardNumber ?? '',
  ),
) as SamplePair[];

describe('the 13 sample pairs', () => {
  it('are all there', () => {
    expect(pairs).toHaveLength(13);
    expect(lines).toHaveLength(13);
  });

  it.each(pairs.map((pair, index) => ({ pair, line: lines[index] })))(
    'decode and encode: $pair.name',
    ({ pair, line }) => {
      if (line === undefined) throw new Error('the sample lacks the line');
      for (const side of ['request', 'response'] as const) {
        const decoded = decodeMessage(line[side], line.wireProfile);
        expect(decoded.mti).toBe(pair[side].mti);
        expect(Object.fromEntries(decoded.elements)).toEqual(pair[side].elements);
        expect(encodeMessage(decoded, line.wireProfile)).toBe(line[side]);
      }
    },
  );
});
