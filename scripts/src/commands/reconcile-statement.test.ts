import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bankStatement, postedPurchase } from './bank-statement.fixture.ts';
import { amountFinding, ReconcileCloud } from './reconcile-cloud.fixture.ts';

const LOGGED_AT = '2026-11-20T10:15:01Z';
const DATE = '2026-11-20';
const cloud = new ReconcileCloud();
const finding = amountFinding('a', '2599', '2599', LOGGED_AT);
const { sequenceId = '' } = finding;

const file = (name: string, text: string): string => {
  const path = join(cloud.directory, name);
  writeFileSync(path, text);
  return path;
};

const camt = (amount: string): string => bankStatement(sequenceId, DATE, amount);

const columns = {
  reference: 'ref',
  account: 'account',
  direction: 'dc',
  amount: 'amount',
  currency: 'ccy',
  bookingDate: 'booked',
};

describe('payments reconcile statement', () => {
  beforeAll(async () => {
    await cloud.fill(
      async ({ sides }) => {
        await sides.add([postedPurchase(finding, DATE)]);
      },
      { tables: true },
    );
  });
  afterAll(() => cloud.remove());

  it('agrees where the bank booked what was posted, and says what was left alone', async () => {
    const { status, out } = await cloud.payments('reconcile', 'statement', file('good.xml', camt('25.99')));
    expect(out).toContain('Posted and statement agree.');
    expect(out).toMatch(/Entries of ours +1, and 1 of others/);
    expect(status).toBe(0);
  });

  it('says what differs', async () => {
    const path = file('other.xml', camt('26.99'));
    const { status, out } = await cloud.payments('reconcile', 'statement', path, '--json');
    const { findings, result } = JSON.parse(out) as Record<string, unknown>;
    expect(findings).toMatchObject([
      { type: 'AMOUNT_MISMATCH', sequenceId, atRisk: { minorUnits: '100', currency: 'GBP' } },
    ]);
    expect(result).toMatchObject({ groups: [{ bookingDate: DATE, currency: 'GBP', standing: 'DIFFERS' }] });
    expect(status).toBe(1);
  });

  it('reads an extract by the names of its columns, and names lines that it cannot read', async () => {
    const format = file('format.json', JSON.stringify({ columns, amounts: 'MINOR_UNITS' }));
    const row = (number: number, account: string, dc: string, amount: string): string =>
      `${sequenceId}/${number}-2,${account},${dc},${amount},GBP,${DATE}`;
    const extract = file(
      'extract.csv',
      [
        'ref,account,dc,amount,ccy,booked',
        row(1, 'ACC-0001', 'D', '2599'),
        row(2, 'GL-SUSP-VISA-GBP', 'C', '2599'),
        row(2, 'GL-SUSP-VISA-GBP', 'C', '25.99'),
      ].join('\n'),
    );
    const { status, out } = await cloud.payments('reconcile', 'statement', extract, '--format', format);
    expect(out).toContain('Posted and statement agree.');
    expect(out).toMatch(/4 +amount +"25.99" is no amount in minor units/);
    expect(status).toBe(1);
  });

  it.each([
    [[], 'Name one statement.'],
    [['missing.xml'], 'no such file'],
    [['good.xml', '--value-dates', 'maybe'], 'compare or ignore'],
  ])('refuses %j', async (args, reason) => {
    const { status, err, out } = await cloud.payments('reconcile', 'statement', ...args);
    expect(`${err}${out}`).toContain(reason);
    expect(status).toBe(2);
  });

  it('refuses what is no statement', async () => {
    const { status, err } = await cloud.payments('reconcile', 'statement', file('notes.txt', 'dear bank'));
    expect(err).toContain('no ISO 20022 statement');
    expect(status).toBe(2);
  });
});
