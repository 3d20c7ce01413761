import { AwsError } from '../../core/aws-error.ts';

/** The most items on one page (API reference). */
const PAGE_SIZE_MAX = 1000;

/**
 * One page of a list; the token is the position of the next one.
 *
 * @throws AwsError InvalidToken
 */
export function page<T>(
  all: readonly T[],
  size: number,
  token: string | undefined,
): { readonly items: readonly T[]; readonly nextToken: { readonly nextToken?: string } } {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0) throw new AwsError('InvalidToken', `Invalid Token: '${token}'`);
  const to = from + (size > 0 ? Math.min(size, PAGE_SIZE_MAX) : PAGE_SIZE_MAX);
  return { items: all.slice(from, to), nextToken: to < all.length ? { nextToken: String(to) } : {} };
}
