import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { unzipSync } from 'fflate';

/** What is packed tighter than this is not unpacked in memory. */
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024;

const OPTIONS = { maxOutputLength: UNPACKED_BYTES_MAX };

/** One compressed content, unpacked; a zip holds several. */
export interface Unpacked {
  readonly encoding: string;
  readonly bytes: Buffer;
}

/** Bytes that begin like something compressed and cannot be unpacked here. */
export class NotUnpackedError extends Error {
  override readonly name = 'NotUnpackedError';
  readonly code = 'NotUnpacked';
  readonly retryable = false;
}

/** How compressed content begins: RFC 1952, RFC 8878, PKWARE APPNOTE 4.3.7, RFC 1950. */
export function compressionOf(bytes: Uint8Array): 'gzip' | 'zstd' | 'zip' | 'deflate' | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0x1f && b === 0x8b && c === 8) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4) return 'zip';
  if (a === 0x78 && (b === 0x01 || b === 0x9c || b === 0xda)) return 'deflate';
  return undefined;
}

/**
 * Unpacks bytes that begin like something compressed; of others, or of bytes that only begin so, it gives nothing.
 *
 * @throws NotUnpackedError for what would take too much memory
 */
export function unpacked(bytes: Buffer): readonly Unpacked[] {
  const encoding = compressionOf(bytes);
  if (encoding === undefined) return [];
  try {
    switch (encoding) {
      case 'gzip':
        return [{ encoding, bytes: gunzipSync(bytes, OPTIONS) }];
      case 'zstd':
        return [{ encoding, bytes: zstdDecompressSync(bytes, OPTIONS) }];
      case 'deflate':
        return [{ encoding, bytes: inflateSync(bytes, OPTIONS) }];
      case 'zip':
        return entriesOf(bytes);
    }
  } catch (error) {
    if (error instanceof NotUnpackedError) throw error;
    if (error instanceof RangeError) throw new NotUnpackedError(tooLarge(encoding), { cause: error });
    // Other bytes may begin so by chance.
    return [];
  }
}

function entriesOf(bytes: Buffer): readonly Unpacked[] {
  let size = 0;
  const entries = unzipSync(bytes, {
    filter: ({ originalSize }) => {
      size += originalSize;
      if (size > UNPACKED_BYTES_MAX) throw new NotUnpackedError(tooLarge('zip'));
      return true;
    },
  });
  const names = { encoding: 'zip names', bytes: Buffer.from(Object.keys(entries).join('\n')) };
  const contents = Object.entries(entries).map(([name, content]) => ({
    encoding: `zip ${name}`,
    bytes: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
  }));
  return [names, ...contents];
}

function tooLarge(encoding: string): string {
  return `${encoding} that unpacks to more than ${UNPACKED_BYTES_MAX / 2 ** 20} MB was not looked into`;
}
