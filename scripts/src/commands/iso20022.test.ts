import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { describeWithSchemas, schemaProblems } from '@payments/iso20022/schema-check';
import { postedPurchase } from '../iso20022/transaction-content.fixture.ts';
import type { TransactionContent } from '../iso20022/transaction-content.ts';
import { CommandUsageError } from './command.ts';
import { iso20022From } from './iso20022.ts';

const PURCHASE = await postedPurchase();
const folder = mkdtempSync(join(tmpdir(), 'payments-iso20022-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command on a transaction; gives its status and what it printed. */
async function run(args: readonly string[], content: TransactionContent = PURCHASE) {
  const printed: string[] = [];
  const warned: string[] = [];
  const asked: unknown[] = [];
  const command = iso20022From(async (id, options) => {
    asked.push([id, options]);
    return content;
  });
  const status = await command.run(args, {
    print: (line) => printed.push(line),
    warn: (line) => warned.push(line),
  });
  return { status, text: printed.join('\n'), warned: warned.join('\n'), asked };
}

describe('payments iso20022', () => {
  it('writes the document of a transaction as XML', async () => {
    const { status, text, asked } = await run(['3f1a2b3c', '--env', 'local']);
    expect(status).toBe(0);
    expect(text.split('\n').slice(0, 3)).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:cain.001.001.05">',
      '  <AuthstnInitn>',
    ]);
    expect(asked).toEqual([['3f1a2b3c', { dataDir: undefined, environment: 'local' }]]);
  });

  it('writes the notification of what it posted, at the time when it was posted', async () => {
    const { text } = await run(['3f1a2b3c', '--camt054']);
    expect(text).toContain('urn:iso:std:iso:20022:tech:xsd:camt.054.001.08');
    expect(text.match(/<Ntfctn>/g)).toHaveLength(2);
    expect(text).toContain('<CreDtTm>2026-11-15T10:15:01.600Z</CreDtTm>');
    expect(text).toContain('<AddtlCardData>PAN ending 1111</AddtlCardData>');
  });

  it('prints the content as JSON', async () => {
    const document = JSON.parse((await run(['3f1a2b3c', '--json'])).text) as Record<string, unknown>;
    expect(Object.keys(document)).toEqual(['AuthstnInitn']);
    const sequence = JSON.parse((await run(['3f1a2b3c', '--json', '--camt054'])).text) as {
      readonly entries: readonly unknown[];
    };
    expect(sequence.entries).toHaveLength(2);
  });

  it('puts a header around it that names the parties', async () => {
    const { text } = await run(['3f1a2b3c', '--with-header', '--to', 'LEDGER OF LEEDS']);
    expect(text).toContain('<BizMsgEnvlp ');
    expect(text).toMatch(/<Fr>.*PAYMENTS.*<\/Fr>/s);
    expect(text).toMatch(/<To>.*LEDGER OF LEEDS.*<\/To>/s);
    expect(text).toContain('<MsgDefIdr>cain.001.001.05</MsgDefIdr>');
  });

  it('writes a file, and prints nothing but its name', async () => {
    const file = join(folder, 'document.xml');
    const { text, warned } = await run(['3f1a2b3c', '--out', file]);
    expect(text).toBe('');
    expect(warned).toBe(`Wrote ${file}.`);
    expect(`${(await run(['3f1a2b3c'])).text}\n`).toBe(readFileSync(file, 'utf8'));
  });

  it.each([
    ['DocumentMissing', []],
    ['SequenceMissing', ['--camt054']],
  ])('says %s where there is nothing to write', async (code, options) => {
    const nothing = { ...PURCHASE, events: [], ledger: [] };
    await expect(run(['3f1a2b3c', ...options], nothing)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(PURCHASE.transactionId),
    });
  });

  it('notifies also of what it has no message of', async () => {
    const { text } = await run(['3f1a2b3c', '--camt054'], { ...PURCHASE, events: [] });
    expect(text).not.toContain('CardTx');
    expect(text).toContain('<CreDtTm>2026-11-15T10:15:01Z</CreDtTm>');
  });

  it.each([
    ['no id', []],
    ['two ids', ['3f1a', '4f1a']],
    ['a header around JSON', ['3f1a', '--json', '--with-header']],
    ['parties without a header', ['3f1a', '--to', 'CORE']],
    ['a party with too long a name', ['3f1a', '--with-header', '--to', 'X'.repeat(36)]],
  ])('is misused with %s', async (_what, args) => {
    await expect(run(args)).rejects.toThrow(CommandUsageError);
  });
});

describeWithSchemas('what payments iso20022 writes', () => {
  it.each([
    ['cain.001.001.05', []],
    ['camt.054.001.08', ['--camt054']],
  ])('is a %s that the official schema takes', async (definition, options) => {
    expect(await schemaProblems(definition, [(await run(['3f1a2b3c', ...options])).text])).toEqual([]);
  });
});
