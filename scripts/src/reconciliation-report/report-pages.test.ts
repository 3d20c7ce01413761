import { describe, expect, it } from '@jest/globals';
import { ageText } from './age-text.ts';
import { groupedAmount } from './amount-text.ts';
import { REPORT } from './report.fixture.ts';
import { reportCsv } from './report-csv.ts';
import { reportHtml } from './report-html.ts';
import { verdictOf } from './verdict.ts';

const EMPTY = { byType: [], waiting: [], waitingCount: 0 };

describe('the page of a report', () => {
  const html = reportHtml(REPORT);

  it('escapes whatever comes from data', () => {
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;more&#39;');
    expect(html).not.toContain('<img');
    const named = reportHtml({ ...REPORT, environment: '"><script>alert(1)</script>' });
    expect(named).not.toContain('<script');
  });

  it('needs nothing else: no script, nothing that is loaded', () => {
    // The escaped text of the case has `src=` in it.
    expect(html).not.toMatch(/<script|<link|<img|<iframe|href=|url\(|@import|\son\w+=["']/i);
    expect(html).toContain('default-src &#39;none&#39;');
  });

  it('shows amounts with the decimals of their currency, counts in groups of three', () => {
    expect(html).toContain('>12,345.67<');
    // The yen has no decimals.
    expect(html).toContain('>1,234,567<');
    expect(html).toContain('<dt>Authorized</dt><dd>1,204</dd>');
    expect(html).toContain('>1.01 GBP<');
  });

  it('says at once what is wrong, in words and not in colour alone', () => {
    expect(html).toContain('What was posted and what is booked differ; one break waits.');
    expect(html.match(/differs<\/td>/g)).toHaveLength(2);
    expect(html.match(/corrected<\/td>/g)).toHaveLength(1);
    expect(html).toContain('<dd>3 d 4 h</dd>');
    expect(html).toContain('>3 h 30 min<');
  });

  it('names every table and every column for those who hear it', () => {
    const tables = html.match(/<table[^>]*>/g) ?? [];
    expect(tables).toHaveLength(5);
    for (const table of tables) {
      const id = /aria-labelledby="([^"]+)"/.exec(table)?.[1];
      expect(html).toContain(`<h2 id="${id}">`);
    }
    expect(html).not.toMatch(/<th(?![^>]*scope=)[\s>]/);
    expect(html).toContain('<html lang="en">');
  });

  it('has as many cells in each row as its head has columns', () => {
    for (const [, head = '', body = ''] of html.matchAll(/<thead>(.*?)<\/thead>\s*<tbody>(.*?)<\/tbody>/gs)) {
      const columns = (head.split('</tr>').at(-2)?.match(/<th /g) ?? []).length;
      for (const row of body.split('</tr>').slice(0, -1))
        expect((row.match(/<t[hd][ >]/g) ?? []).length).toBe(columns);
    }
  });
});

describe('a report as CSV', () => {
  it('has one figure a line', () => {
    const lines = reportCsv(REPORT).split('\r\n');
    expect(lines[0]).toBe('business_date,section,scheme,currency,event_code,break_type,side,measure,value');
    expect(lines).toContain('2026-11-22,totals,VISA,GBP,,,ledger,debits,1234466');
    expect(lines).toContain('2026-11-22,totals,VISA,GBP,,,,standing,DIFFERS');
    expect(lines).toContain('2026-11-22,control_totals,VISA,GBP,CARDPUR,,posted,hash_total,17');
    expect(lines).toContain('2026-11-22,breaks,,,,AMOUNT_MISMATCH,,opened,6');
    expect(new Set(lines.slice(0, -1).map((line) => line.split(',').length))).toEqual(new Set([9]));
  });

  it('quotes what must be quoted and lets no spreadsheet run a formula', () => {
    const [first] = REPORT.transactions;
    const transactions = first === undefined ? [] : [{ ...first, scheme: '=HYPERLINK("x","y")' }];
    expect(reportCsv({ ...REPORT, transactions })).toContain(`"'=HYPERLINK(""x"",""y"")"`);
  });
});

describe('the verdict', () => {
  it('is the worst of what there is', () => {
    const waits = { ...REPORT, controls: [] };
    const corrected = REPORT.controls.map((control) => ({ ...control, standing: 'CORRECTED' as const }));
    expect(verdictOf(REPORT).kind).toBe('differs');
    expect(verdictOf(waits).kind).toBe('waits');
    expect(verdictOf({ ...waits, breaks: EMPTY }).sentence).toBe('Posted and booked agree; no break waits.');
    expect(verdictOf({ ...waits, controls: corrected, breaks: EMPTY })).toEqual({
      kind: 'agrees',
      sentence: 'Posted and booked agree after corrections; no break waits.',
    });
    expect(verdictOf({ ...waits, transactions: [], breaks: EMPTY }).kind).toBe('nothing');
  });
});

describe('texts', () => {
  it.each([
    ['2026-11-22T17:59:30Z', 'under 1 min'],
    ['2026-11-22T17:48:00Z', '12 min'],
    ['2026-11-22T16:00:00Z', '2 h'],
    ['2026-11-21T18:00:00Z', '1 d'],
    ['2026-11-22T18:05:00Z', 'under 1 min'],
  ])('an age since %s is %s', (since, text) => {
    expect(ageText(since, Date.parse('2026-11-22T18:00:00Z'))).toBe(text);
  });

  it.each([
    ['5', 'GBP', '0.05'],
    ['-123456', 'GBP', '-1,234.56'],
    ['1234567', 'KWD', '1,234.567'],
    ['1000', 'JPY', '1,000'],
    // No currency of ISO 4217, as a damaged row may have.
    ['1000', 'ZZZ', '1,000'],
  ])('%s minor units of %s are %s', (minorUnits, currency, text) => {
    expect(groupedAmount(minorUnits, currency)).toBe(text);
  });
});
