/**
 * `turbo destroy`: removes the stack of the package in the current folder from the environment that PAYMENTS_ENV
 * names. Data goes only when `--with-data` says so too (`turbo destroy --filter=… -- --with-data`).
 */
import { DeploymentRefusedError } from './deployment/deployment-refused-error.ts';
import { openDeployment, runDeployment } from './deployment/open-deployment.ts';
import { standingOn, waitUntil } from './deployment/stack-order.ts';

await runDeployment(async () => {
  const { stack, environment, document, target, waitMs, withData } = await openDeployment(
    process.argv.slice(2),
  );
  const data = withData ? [] : await target.dataOf(document);
  if (data.length > 0) {
    throw new DeploymentRefusedError(
      `Nothing was removed: ${stack} holds data in ${environment.name} (${data.join(', ')}); "-- --with-data" at the end of the command removes it too.`,
    );
  }
  const others = await waitUntil('absent', standingOn(stack), {
    forMs: waitMs,
    statusOf: (other) => target.status(other),
    onWait: (waited) => console.log(`${stack} waits for ${waited.join(', ')} to be removed …`),
  });
  if (others.length > 0) {
    throw new DeploymentRefusedError(
      `Nothing was removed: ${others.join(', ')} stand on ${stack} in ${environment.name}; remove them first.`,
    );
  }
  await target.destroy(stack);
});
