import { type DynamoDBDocumentClient, paginateScan, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';

/** More than this keep one processor busy with reading answers; each holds a page of a megabyte. */
const SEGMENTS = 4;

/** A page of one segment of a table. */
export interface SegmentPage<Item> {
  readonly segment: number;
  readonly items: readonly Item[];
}

/**
 * Scans a table in segments side by side, and gives pages as they come. Of each segment the next page is asked for when
 * the one before was taken, so that no more than a page each is held.
 */
export async function* scanSegments<Item>(
  documents: DynamoDBDocumentClient,
  input: ScanCommandInput,
): AsyncGenerator<SegmentPage<Item>> {
  const readers = Array.from({ length: SEGMENTS }, (_, segment) =>
    paginateScan({ client: documents }, { ...input, Segment: segment, TotalSegments: SEGMENTS }),
  );
  const next = async (segment: number) => ({ segment, result: await readers[segment]?.next() });
  const pending = new Map(readers.map((_, segment) => [segment, next(segment)]));
  try {
    while (pending.size > 0) {
      const { segment, result } = await Promise.race(pending.values());
      if (result === undefined || result.done === true) {
        pending.delete(segment);
        continue;
      }
      pending.set(segment, next(segment));
      yield { segment, items: (result.value.Items ?? []) as Item[] };
    }
  } finally {
    // Whoever stops early leaves nobody waiting for what still comes.
    await Promise.allSettled([...pending.values()]);
  }
}
