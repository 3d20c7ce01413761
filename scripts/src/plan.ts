/**
 * `turbo plan`: shows what `turbo deploy` of the package in the current folder would do to the environment that
 * PAYMENTS_ENV names, and changes nothing. It ends with 0, also where there is something to do; with `--detailed-exitcode`
 * (`turbo plan --filter=… -- --detailed-exitcode`) with 2 then, and with 0 where there is nothing; with 1 when it fails.
 */
import { openDeployment, runDeployment } from './deployment/open-deployment.ts';
import {
  isPrerequisiteMet,
  missingPrerequisites,
  prerequisitesOf,
  waitFor,
} from './deployment/stack-order.ts';

const CHANGES_STATUS = 2;

await runDeployment(async () => {
  const { stack, environment, document, target, detailedExitCode } = await openDeployment(
    process.argv.slice(2),
  );
  const absent = await waitFor(prerequisitesOf(stack, document, environment), {
    isReady: isPrerequisiteMet,
    // What is not being deployed yet is no part of a plan.
    forMs: 0,
    statusOf: (other) => target.status(other),
    onWait: (others) => console.log(`${stack} waits for ${others.join(' and ')} to be deployed …`),
  });
  if (absent.length > 0) throw missingPrerequisites(stack, environment.name, absent);
  const changes = await target.plan(stack);
  if (changes && detailedExitCode) process.exitCode = CHANGES_STATUS;
});
