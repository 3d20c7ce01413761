import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

/** S3 takes parts from 5 MB on, and 10,000 of them: this length takes objects of up to 160 GB. */
const PART_BYTES = 16 * 1024 * 1024;

/** Where an object is put. */
export interface ObjectPlace {
  readonly Bucket: string;
  readonly Key: string;
}

/**
 * Puts an object as its bytes come, in parts when they are many; no more than one part is in memory. An upload that
 * fails is aborted.
 *
 * @returns the version of the object; `null` (the word) in a bucket without versions
 */
export async function uploadStream(
  s3: S3Client,
  place: ObjectPlace,
  source: AsyncIterable<Uint8Array>,
): Promise<string> {
  const parts = partsOf(source)[Symbol.asyncIterator]();
  const first = await parts.next();
  const second = first.done === true ? first : await parts.next();
  if (second.done === true) {
    const Body = first.done === true ? new Uint8Array() : first.value;
    const { VersionId = 'null' } = await s3.send(new PutObjectCommand({ ...place, Body }));
    return VersionId;
  }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place));
  const upload = { ...place, UploadId };
  try {
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (let part = first; part.done !== true; part = Parts.length === 1 ? second : await parts.next()) {
      const PartNumber = Parts.length + 1;
      const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body: part.value }));
      Parts.push({ PartNumber, ETag });
    }
    const { VersionId = 'null' } = await s3.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
    );
    return VersionId;
  } catch (error) {
    // What cannot be aborted now goes by the bucket's lifecycle rule.
    await s3.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

/** The bytes in parts of one length, the last one shorter. */
async function* partsOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source) {
    let rest = piece;
    while (length + rest.length >= PART_BYTES) {
      const taken = rest.subarray(0, PART_BYTES - length);
      yield Buffer.concat([...pieces, taken]);
      rest = rest.subarray(taken.length);
      pieces = [];
      length = 0;
    }
    pieces.push(rest);
    length += rest.length;
  }
  if (length > 0) yield Buffer.concat(pieces);
}
