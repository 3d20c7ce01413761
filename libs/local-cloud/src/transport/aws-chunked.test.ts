import { describe, expect, it } from '@jest/globals';
import { decodeAwsChunked } from './aws-chunked.ts';

const encode = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('aws-chunked', () => {
  it('joins the chunks and gives the trailers', () => {
    const body = encode('3;chunk-signature=x\r\nabc\r\n2\r\nde\r\n0\r\nx-amz-checksum-crc32: AAAA==\r\n\r\n');
    const { content, trailers } = decodeAwsChunked(body);
    expect(content.toString()).toBe('abcde');
    expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAA==' });
  });

  it.each(['', '5\r\nabc', 'zz\r\nabc\r\n0\r\n', '3\r\nabc\r\n'])(
    'refuses what ends too soon: %j',
    (text) => {
      expect(() => decodeAwsChunked(encode(text))).toThrow('before its last chunk');
    },
  );
});
