import type { InvocationResult } from '../../core/seams.ts';

/** What an invocation with a batch came to: all good, all failed, or some failed (their identifiers). */
export type BatchOutcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'partial'; readonly failed: ReadonlySet<string> };

const SUCCEEDED: BatchOutcome = { kind: 'succeeded' };
const FAILED: BatchOutcome = { kind: 'failed' };

/**
 * Reads a function's answer to a batch (Lambda Developer Guide, "Implementing partial batch responses",
 * "Success and failure conditions").
 *
 * @param identifiers of the records in the batch: message ids, or sequence numbers
 * @param reportsFailures whether the mapping has ReportBatchItemFailures
 */
export function batchOutcome(
  result: InvocationResult,
  identifiers: readonly string[],
  reportsFailures: boolean,
): BatchOutcome {
  if (result.functionError !== undefined) return FAILED;
  if (!reportsFailures) return SUCCEEDED;
  const answer: unknown = JSON.parse(result.payload === '' ? 'null' : result.payload);
  if (answer === null) return SUCCEEDED;
  if (typeof answer !== 'object') return FAILED;
  const failures: unknown = Reflect.get(answer, 'batchItemFailures');
  if (failures === undefined || failures === null) return SUCCEEDED;
  if (!Array.isArray(failures)) return FAILED;
  if (failures.length === 0) return SUCCEEDED;
  const known = new Set(identifiers);
  const failed = new Set<string>();
  for (const failure of failures as unknown[]) {
    const identifier: unknown =
      typeof failure === 'object' && failure !== null ? Reflect.get(failure, 'itemIdentifier') : undefined;
    if (typeof identifier !== 'string' || !known.has(identifier)) return FAILED;
    failed.add(identifier);
  }
  return { kind: 'partial', failed };
}
