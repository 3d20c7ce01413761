import { resourceName } from '@payments/infra/names';
import { DynamoDbEvidence, sha256 } from '@payments/reconcile/dynamodb-evidence';
import { verifyChain } from '@payments/reconcile/evidence-chain';
import type { DrillCase } from './drill-cases.ts';
import type { DrillCloud } from './drill-cloud.ts';

/** What verifying the evidence came to. */
export interface EvidenceVerdict {
  readonly entries: number;
  /** The number of the first entry that is not what was written; undefined when all are. */
  readonly firstBad: number | undefined;
}

/** Walks the chain of the evidence to its end, which is where the cases say it is. */
export async function verifyEvidence(
  { environment, documents }: DrillCloud,
  cases: readonly DrillCase[],
): Promise<EvidenceVerdict> {
  const evidence = new DynamoDbEvidence(documents, resourceName(environment, 'reconcile', 'evidence'));
  const lastKnown = Math.max(0, ...cases.map((each) => each.evidence ?? 0));
  const verdict = await verifyChain(evidence.read(), sha256, lastKnown);
  if (verdict.kind === 'intact') return { entries: verdict.entries, firstBad: undefined };
  return { entries: lastKnown, firstBad: verdict.number };
}
