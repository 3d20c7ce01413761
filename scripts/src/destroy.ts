/**
 * `turbo destroy`: offboards the package in the current folder from the environment that PAYMENTS_ENV names. What holds
 * data stays, and is taken up again by `turbo deploy`; it goes only when it is told twice: `--drop-data`
 * (`turbo destroy --filter=… -- --drop-data`) and PAYMENTS_DROP_DATA=<environment>.
 */
import { type Owner, resourceName } from '@payments/infra/names';
import { DeploymentRefusedError } from './deployment/deployment-refused-error.ts';
import { openDeployment, runDeployment } from './deployment/open-deployment.ts';
import { standingOn, waitFor } from './deployment/stack-order.ts';
import type { StackStatus } from './deployment/stack-target.ts';
import { namedResources } from './stack-files.ts';

/** Events that wait in the stage's queue go with it: they came so long before, where nothing rang (queue-age). */
const WAITED_MS = 15 * 60_000;

await runDeployment(async () => {
  const { stack, environment, document, target, waitMs, dropData } = await openDeployment(
    process.argv.slice(2),
  );
  const statuses = new Map<Owner, StackStatus>();
  const others = await waitFor(standingOn(stack), {
    isReady: (_other, status) => status === 'absent' || (status === 'kept' && !dropData),
    forMs: waitMs,
    statusOf: async (other) => {
      const status = await target.status(other);
      statuses.set(other, status);
      return status;
    },
    onWait: (waited) => console.log(`${stack} waits for ${waited.join(', ')} to be removed …`),
  });
  if (others.length > 0) {
    const how = dropData ? ', with their data' : '';
    throw new DeploymentRefusedError(
      `Nothing was removed: ${others.join(', ')} stand on ${stack} in ${environment.name}; remove them first${how}.`,
    );
  }
  if ((await target.status(stack)) === 'absent') {
    console.log(`${stack} is not deployed to ${environment.name}.`);
    return;
  }
  const beganAt = Date.now();
  const keeping = [...statuses].filter(([, status]) => status === 'kept').map(([other]) => other);
  const data = dropData
    ? []
    : [...keeping.map((other) => `${other} keeps data`), ...(await target.dataOf(document))];
  if (data.length === 0) await target.destroy(stack);
  else {
    await target.offboard(stack, document);
    console.log(`Kept, for ${data.join(', ')}; "turbo deploy" takes it up again. To drop it, say it twice:`);
    console.log(
      `  PAYMENTS_DROP_DATA=${environment.name} pnpm turbo destroy --filter=… -- --drop-data (deletion protection goes before)`,
    );
  }
  const rules = namedResources(document, 'aws_cloudwatch_event_rule', 'name');
  if (stack !== 'platform' && rules.includes(resourceName(environment, stack, 'subscription'))) {
    const from = new Date(beganAt - WAITED_MS).toISOString().replace(/\.\d+Z$/, 'Z');
    console.log(
      `What ${stack} misses from now on is in the archive: "payments replay --to ${stack} --from ${from} --until now" once it is deployed again.`,
    );
  }
});
