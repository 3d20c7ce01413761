import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markup } from './markup.ts';

const NAMED: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

describe('markup', () => {
  it('lets no text out of where it was put, and loses none of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { html } = markup`<b title="${text}">${text}</b>`;
        const [, title = '', content = ''] = /^<b title="([^"<>]*)">([^"<>]*)<\/b>$/s.exec(html) ?? [];
        for (const part of [title, content])
          expect(part.replace(/&[a-z#0-9]+;/g, (name) => NAMED[name] ?? name)).toBe(text);
      }),
    );
  });

  it('keeps markup as it is, also in lists', () => {
    const cells = ['<', '>'].map((text) => markup`<td>${text}</td>`);
    expect(markup`<tr>${cells}</tr>`.html).toBe('<tr><td>&lt;</td><td>&gt;</td></tr>');
  });
});
