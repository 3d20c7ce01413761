import { createHash } from 'node:crypto';

const DRAWN_DIGITS = 12;
const UUID_GROUPS = /^(.{8})(.{3})(.{3})(.{12})/;

/** A number that is the same for the same texts and scattered for others. */
export function drawn(...texts: readonly (string | number)[]): number {
  return Number.parseInt(digestOf(texts).slice(0, DRAWN_DIGITS), 16);
}

/** The candidates in an order that depends on the texts alone. */
export function inDrawnOrder<Candidate>(
  candidates: readonly Candidate[],
  idOf: (candidate: Candidate) => string,
  ...texts: readonly (string | number)[]
): Candidate[] {
  return candidates
    .map((candidate) => ({ candidate, order: drawn(...texts, idOf(candidate)) }))
    .sort((left, right) => left.order - right.order)
    .map(({ candidate }) => candidate);
}

/** An id in the form of our own, RFC 9562 version 8, that nothing was made from. */
export function unknownId(...texts: readonly (string | number)[]): string {
  const [, first = '', second = '', third = '', last = ''] = UUID_GROUPS.exec(digestOf(texts)) ?? [];
  return `${first}-${second}0-8${third}-8${second}-${last}`;
}

function digestOf(texts: readonly (string | number)[]): string {
  return createHash('sha256').update(texts.join('|')).digest('hex');
}
