import { AwsError } from '../core/aws-error.ts';

/**
 * Takes apart a body in `aws-chunked` encoding, which SDKs use for streams.
 * Source: Amazon S3 API Reference, "Signature calculations for the Authorization header: transferring
 * payload in multiple chunks". Chunk signatures are not verified.
 *
 * @returns the content and the trailing headers (checksums), names in lower case
 * @throws AwsError IncompleteBody
 */
export function decodeAwsChunked(body: Buffer): { content: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', position);
    if (lineEnd < 0) throw incomplete();
    const size = Number.parseInt(body.toString('latin1', position, lineEnd), 16);
    if (Number.isNaN(size)) throw incomplete();
    position = lineEnd + 2;
    if (size === 0) break;
    if (position + size > body.length) throw incomplete();
    chunks.push(body.subarray(position, position + size));
    position += size + 2;
  }
  const trailers: Record<string, string> = {};
  for (const line of body.toString('latin1', position).split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { content: Buffer.concat(chunks), trailers };
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'The body ends before its last chunk.');
}
