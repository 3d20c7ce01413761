import { s3Error } from './s3-error.ts';

const RANGE = /^bytes=(?<first>\d*)-(?<last>\d*)$/;

/** A part of an object: `first` to `last`, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a Range header (RFC 9110, one range).
 *
 * @returns undefined when the header is not of the form that S3 honours, and the whole object is meant
 * @throws AwsError InvalidRange
 */
export function readRange(header: string, size: number): ByteRange | undefined {
  const { first: from = '', last: to = '' } = RANGE.exec(header)?.groups ?? {};
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last || first >= size) {
    throw s3Error('InvalidRange', 416, 'The requested range is not satisfiable');
  }
  return { first, last };
}
