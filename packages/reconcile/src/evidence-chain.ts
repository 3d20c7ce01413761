import type { ChainedEvidence, Evidence } from './ports.ts';

/** What the first entry stands behind. */
export const FIRST_HASH = '0'.repeat(64);

/** SHA-256 of a text, in hexadecimal. */
export type Digest = (text: string) => string;

/** Where a chain ends: the number and hash of its last entry. */
export type ChainEnd = Pick<ChainedEvidence, 'number' | 'hash'>;

/** Where a chain ends that has no entry yet. */
export const EMPTY_CHAIN: ChainEnd = { number: 0, hash: FIRST_HASH };

/** What a look at the whole chain found. */
export type ChainVerdict =
  | { readonly kind: 'intact'; readonly entries: number; readonly lastHash: string }
  /** The first entry that is not what was written. */
  | { readonly kind: 'tampered'; readonly number: number; readonly explanation: string };

/** Puts entries behind the end of a chain. */
export function chained(entries: readonly Evidence[], end: ChainEnd, digest: Digest): ChainedEvidence[] {
  let { number, hash } = end;
  return entries.map((entry) => {
    const content = canonicalJson(entry);
    const previousHash = hash;
    number += 1;
    hash = hashOf({ number, previousHash, content }, digest);
    return { number, content, previousHash, hash };
  });
}

/**
 * Walks a chain from its first entry and names the first that was altered, taken out, put in or moved.
 *
 * @param entries in the order of their numbers
 * @param lastKnown the highest number that a case names: without it nobody would miss entries at the end
 */
export async function verifyChain(
  entries: AsyncIterable<ChainedEvidence> | Iterable<ChainedEvidence>,
  digest: Digest,
  lastKnown = 0,
): Promise<ChainVerdict> {
  let end = EMPTY_CHAIN;
  for await (const entry of entries) {
    const number = end.number + 1;
    const tampered = (explanation: string): ChainVerdict => ({ kind: 'tampered', number, explanation });
    if (entry.number > number) return tampered('it is missing');
    if (entry.number < number) return tampered('a number stands there twice');
    if (entry.previousHash !== end.hash) return tampered('it does not stand behind the entry before it');
    if (entry.hash !== hashOf(entry, digest))
      return tampered('it does not say what it said when it was written');
    end = entry;
  }
  if (end.number < lastKnown)
    return { kind: 'tampered', number: end.number + 1, explanation: 'it is missing at the end' };
  return { kind: 'intact', entries: end.number, lastHash: end.hash };
}

/** JSON with the members of every object in the order of their names, so that the same content is the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

function hashOf(
  { number, previousHash, content }: Pick<ChainedEvidence, 'number' | 'previousHash' | 'content'>,
  digest: Digest,
): string {
  return digest(`${number}\n${previousHash}\n${content}`);
}
