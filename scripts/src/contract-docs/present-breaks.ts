import { contractBreaks } from '@payments/schemas/compatibility/contract-breaks';
import type { ContractSet } from '@payments/schemas/compatibility/contract-set';
import { readContractSet } from '@payments/schemas/compatibility/contract-set';
import { explainBreaks } from '@payments/schemas/compatibility/explain-breaks';
import { PRESENT, readRelease, retiredContracts } from '@payments/schemas/compatibility/released-contracts';
import { concernedBy } from './event-catalogue.ts';

/**
 * What of the contracts breaks with their last release, a text for each contract and direction, with the consumers and emitters that the stages
 * declare; none while nothing is released.
 */
export function presentBreaks(present: ContractSet = readContractSet(PRESENT)): readonly string[] {
  const release = readRelease();
  if (release === undefined) return [];
  return explainBreaks(contractBreaks(release.contracts, present, retiredContracts()), concernedBy);
}
