import type { Evidence, KeptBreak } from './ports.ts';

/** A case without what belongs to its last change alone: the next one numbers, says and proves itself anew. */
export function withoutLastChange({
  version: _version,
  evidence: _evidence,
  says: _says,
  ...rest
}: KeptBreak): Omit<KeptBreak, 'version' | 'evidence' | 'says'> {
  return rest;
}

/** What the evidence of every step of a case says of it: which it is, and under which policy. */
export function aboutCase(
  { breakId, transactionId, sequenceId, type }: KeptBreak,
  policyVersion: string,
): Pick<Evidence, 'breakId' | 'transactionId' | 'sequenceId' | 'type' | 'policyVersion'> {
  return {
    breakId,
    transactionId,
    ...(sequenceId === undefined ? {} : { sequenceId }),
    type,
    policyVersion,
  };
}
