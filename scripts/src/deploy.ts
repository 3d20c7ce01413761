/**
 * `turbo deploy`: deploys the stack of the package in the current folder, as it is synthesized, to the environment
 * that PAYMENTS_ENV names: the local cloud that `npm start` runs, or an AWS account through Terraform.
 */
import { openDeployment, runDeployment } from './deployment/open-deployment.ts';
import {
  isPrerequisiteMet,
  missingPrerequisites,
  prerequisitesOf,
  waitFor,
} from './deployment/stack-order.ts';

await runDeployment(async () => {
  const { stack, environment, document, target, waitMs } = await openDeployment(process.argv.slice(2));
  const absent = await waitFor(prerequisitesOf(stack, document, environment), {
    isReady: isPrerequisiteMet,
    forMs: waitMs,
    statusOf: (other) => target.status(other),
    onWait: (others) => console.log(`${stack} waits for ${others.join(' and ')} to be deployed …`),
  });
  if (absent.length > 0) throw missingPrerequisites(stack, environment.name, absent);
  await target.deploy(stack);
});
