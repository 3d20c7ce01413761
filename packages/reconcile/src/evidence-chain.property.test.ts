import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, chained, EMPTY_CHAIN, verifyChain } from './evidence-chain.ts';
import { BREAK_ID, OPENED_AT } from './finding.fixture.ts';
import type { ChainedEvidence, Evidence } from './ports.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function evidence(reason: string): Evidence {
  return {
    kind: 'PARKED',
    at: OPENED_AT,
    breakId: BREAK_ID,
    transactionId: '576a0688-b1b5-5616-b56e-1dceb43e95be',
    type: 'UNBALANCED',
    policyVersion: '1',
    decidedBy: 'policy',
    reason,
  };
}

const chains = fc
  .array(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 12 })
  .map((reasons) => chained(reasons.map(evidence), EMPTY_CHAIN, digest));

/** Rebuilds everything behind a place as somebody would who can write rows. */
const rehashed = (entries: readonly ChainedEvidence[]): ChainedEvidence[] =>
  chained(
    entries.map(({ content }) => JSON.parse(content) as Evidence),
    EMPTY_CHAIN,
    digest,
  );

describe('a chain of evidence', () => {
  it('is intact as it was written, in however many steps', async () => {
    await fc.assert(
      fc.asyncProperty(chains, fc.nat(), async (entries, at) => {
        const place = at % entries.length;
        const contents = entries.map(({ content }) => JSON.parse(content) as Evidence);
        const first = chained(contents.slice(0, place), EMPTY_CHAIN, digest);
        const rest = chained(contents.slice(place), first.at(-1) ?? EMPTY_CHAIN, digest);
        expect([...first, ...rest]).toEqual(entries);
        expect(await verifyChain(entries, digest, entries.length)).toMatchObject({
          kind: 'intact',
          entries: entries.length,
        });
      }),
    );
  });

  it('names the first entry that was altered', async () => {
    await fc.assert(
      fc.asyncProperty(chains, fc.nat(), async (entries, at) => {
        const place = at % entries.length;
        const altered = entries.map((entry, index) =>
          index === place ? { ...entry, content: `${entry.content} ` } : entry,
        );
        expect(await verifyChain(altered, digest)).toMatchObject({ kind: 'tampered', number: place + 1 });
      }),
    );
  });

  it('names the first entry whose content and hash were both altered, by the one behind it', async () => {
    await fc.assert(
      fc.asyncProperty(chains, fc.nat(), async (entries, at) => {
        const place = at % (entries.length - 1);
        const forged = rehashed(
          entries.map((entry, index) =>
            index === place
              ? { ...entry, content: canonicalJson(evidence('something else entirely')) }
              : entry,
          ),
        );
        const mixed = entries.map((entry, index) => (index <= place ? (forged[index] ?? entry) : entry));
        const isSame = forged[place]?.hash === entries[place]?.hash;
        expect(await verifyChain(mixed, digest)).toMatchObject(
          isSame ? { kind: 'intact' } : { kind: 'tampered', number: place + 2 },
        );
      }),
    );
  });

  it('misses an entry that was taken out, also at the end', async () => {
    await fc.assert(
      fc.asyncProperty(chains, fc.nat(), async (entries, at) => {
        const place = at % entries.length;
        const rest = entries.filter((_entry, index) => index !== place);
        expect(await verifyChain(rest, digest, entries.length)).toMatchObject({
          kind: 'tampered',
          number: place + 1,
        });
      }),
    );
  });
});

describe('canonical JSON', () => {
  it('is the same in whatever order members stand, and means the same', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
