import { SchemasSchema } from '@cdktf/provider-aws/lib/schemas-schema/index.js';
import { readContractSet } from '@payments/schemas/compatibility/contract-set';
import { PRESENT, RELEASED } from '@payments/schemas/compatibility/released-contracts';
import { publishedContract } from '@payments/schemas/schema-registry/published-contract';
import { ownerOf } from '../stages.ts';
import type { StageStack } from './stage-stack.ts';

/** Read once: every stack of a synthesis publishes from the same contracts. */
const contracts = { released: readContractSet(RELEASED), present: readContractSet(PRESENT) };

/**
 * Publishes the released contracts of the events that a stage owns to the platform's schema registry. The registry
 * keeps each content that it was ever given as a version.
 *
 * @throws ContractTooLargeError, UntranslatableKeywordError
 */
export function publishContracts(stack: StageStack): void {
  const { stage, platform } = stack;
  for (const event of stage.emits) {
    if (ownerOf(event) !== stage.name) continue;
    const contract = publishedContract(event, stage.name, contracts);
    if (contract === undefined) continue;
    const { name, description, type, content } = contract;
    new SchemasSchema(stack, `contract-${event}`, {
      registryName: platform.contractRegistryName,
      name,
      description,
      type,
      content,
    });
  }
}
