import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { writeXml } from './xml-document.ts';

const write = (text: string): string =>
  writeXml({ namespace: 'urn:test', root: ['Document', [['Text', text]]] });

describe('a text in a document', () => {
  it.each([
    ['FISH &AMP; CHIPS', 'FISH &amp;AMP; CHIPS'],
    ['A &lt; B', 'A &amp;lt; B'],
    ['&#65;', '&amp;#65;'],
    ['A & B <C>', 'A &amp; B &lt;C&gt;'],
  ])('%s has no entities of its own', (text, written) => {
    expect(write(text)).toContain(`<Text>${written}</Text>`);
  });

  it('is what a reader reads, with nothing in it that begins an element or an unknown entity', () => {
    const text = fc
      .string({
        unit: fc.oneof(fc.constantFrom(...'&;<>"#ampltx '), fc.string({ unit: 'grapheme', maxLength: 1 })),
        minLength: 1,
      })
      .filter((value) => value !== '');
    fc.assert(
      fc.property(text, (value) => {
        const [, written = ''] = /<Text>(.*)<\/Text>/s.exec(write(value)) ?? [];
        expect(written).not.toMatch(/<|&(?!(amp|lt|gt);)/);
        expect(readText(written)).toBe(value);
      }),
    );
  });
});

/** The text of an element as XML 1.0 reads it; an ampersand last, so that none is read twice. */
function readText(written: string): string {
  return written.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
