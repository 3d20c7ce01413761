import { environmentNames, loadEnvironment } from '../environment.ts';
import { STAGE_DECLARATIONS } from '../stages.ts';
import { synthesizeEveryStack } from '../testing/synthesize-stacks.ts';
import type { CheckedStack } from './policy.ts';

const declarations = Object.values(STAGE_DECLARATIONS);

/** Every stack of every environment, by the environment's name, as it is synthesized today. */
export function everyCheckedStack(): ReadonlyMap<string, readonly CheckedStack[]> {
  const stacks = synthesizeEveryStack();
  return new Map(
    environmentNames().map((name) => [
      name,
      [...stacks].map(([owner, byEnvironment]) => {
        const common = {
          owner,
          environment: loadEnvironment(name),
          stack: byEnvironment.in(name),
          declarations,
        };
        return owner === 'platform' ? common : { ...common, stage: STAGE_DECLARATIONS[owner] };
      }),
    ]),
  );
}
