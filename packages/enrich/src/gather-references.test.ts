import { describe, expect, it } from '@jest/globals';
import { gatherReferences } from './gather-references.ts';
import type { ReferenceVersion } from './ports.ts';
import { type ReferenceKey, ReferenceRows } from './reference-rows.ts';
import { REFERENCE, standardized, USD_AMOUNTS, VERSION } from './standardized.fixture.ts';

/** A version of the reference data in memory, which remembers what it was asked. */
class MemoryVersion implements ReferenceVersion {
  readonly asked: (readonly ReferenceKey[])[] = [];

  async load(keys: readonly ReferenceKey[]): Promise<ReferenceRows> {
    this.asked.push(keys);
    const found = keys.filter((key) => REFERENCE.has(key));
    return new ReferenceRows(
      VERSION,
      found.map((key) => [key, REFERENCE.get(key)] as const),
    );
  }
}

const dollars = standardized({ TxAmts: { AmtQlfr: 'ACTL', Amt: '100.00', Ccy: '840' } });

describe('the references of an invocation', () => {
  it('are looked up in three steps for all records together, each key once', async () => {
    const version = new MemoryVersion();
    const rows = await gatherReferences([standardized(), dollars, standardized()], version);
    expect(version.asked).toEqual([
      ['CARD#9208948425451111', 'MCC#5411'],
      ['ACCOUNT#ACC-0001'],
      ['PRODUCT#CURRENT_STANDARD', 'RATE#USD#GBP'],
    ]);
    expect(rows.get('RATE#USD#GBP')?.rate).toEqual({ digits: '8000', scale: 4 });
    expect(rows.get('CARD#9208948425451111')?.accountId).toBe('ACC-0001');
  });

  it('need no rate that the network gives', async () => {
    const version = new MemoryVersion();
    await gatherReferences([standardized({ TxAmts: USD_AMOUNTS })], version);
    expect(version.asked[2]).toEqual(['PRODUCT#CURRENT_STANDARD']);
  });

  it('are found for the others when one record cannot be read', async () => {
    const unreadable = [
      standardized({}, { document: {} }),
      standardized({ TxAmts: { AmtQlfr: 'ACTL', Amt: '1.00', Ccy: '000' } }),
    ];
    const rows = await gatherReferences([...unreadable, dollars], new MemoryVersion());
    expect(rows.get('ACCOUNT#ACC-0001')?.currency).toBe('GBP');
    expect(rows.get('RATE#USD#GBP')).toBeDefined();
  });

  it('of an unknown card end with the card', async () => {
    const version = new MemoryVersion();
    const card = { token: '9000000000000001', lastFour: '0001', scheme: 'VISA' };
    await gatherReferences([standardized({}, { card })], version);
    expect(version.asked.slice(1)).toEqual([[], []]);
  });
});
