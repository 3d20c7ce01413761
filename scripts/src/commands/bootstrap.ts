import { parseArgs } from 'node:util';
import { loadEnvironment, runsLocally } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import { bootstrapEnvironment } from '../deployment/bootstrap-environment.ts';
import { type Command, CommandUsageError } from './command.ts';

/** GitHub's names of owners and repositories; nothing that a condition of IAM reads as a pattern. */
const REPOSITORY = /^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/;

/** `payments bootstrap`: what an AWS account needs before anything is deployed to it. */
export const bootstrap: Command = {
  name: 'bootstrap',
  summary:
    "makes the bucket of an environment's Terraform state and the roles of the CI, before anything is deployed",
  help: `payments bootstrap --env <name> --repository <owner/name> [options]

Once for each environment of an AWS account, by somebody who may make keys, buckets, roles and identity providers in it:
the bucket that the environment's file names for the Terraform state, with a key of its own; a role that plans, a role that
deploys and a boundary that no role of the stages exceeds; and GitHub's OIDC provider. Terraform shows what it will do and asks
before it does. The state of this very stack is kept beside it at first, and moved to the bucket as soon as that is there.
Run again, it brings what is there in line with the repository.

  --env <name>               the environment, as infra/environments/<name>.json
  --repository <owner/name>  the repository on GitHub whose workflows take the roles
  --existing-provider        the account has GitHub's OIDC provider already, which it can have once only
  --plan                     show what would be done, and do nothing
  --yes                      do not ask

Example:  payments bootstrap --env dev --repository acme/payments --plan`,
  run: async (args, output) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        env: { type: 'string' },
        repository: { type: 'string' },
        'existing-provider': { type: 'boolean', default: false },
        plan: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
      },
    });
    const { env = process.env['PAYMENTS_ENV'], repository } = values;
    if (env === undefined) throw new CommandUsageError('--env must name an environment of an AWS account.');
    const environment = loadEnvironment(env);
    if (runsLocally(environment))
      throw new CommandUsageError(
        `${env} is an environment of the local cloud, which keeps its own state: there is nothing to bootstrap.`,
      );
    if (repository === undefined || !REPOSITORY.test(repository))
      throw new CommandUsageError('--repository must name a repository on GitHub, as in acme/payments.');
    const isDone = await bootstrapEnvironment(environment, {
      repository,
      existingProvider: values['existing-provider'],
      planOnly: values.plan,
      yes: values.yes,
    });
    if (!isDone) return 0;
    output.print(
      `\nThe environment ${env} is ready to be deployed to. Tell GitHub, once, and protect ${env} with reviewers:`,
    );
    for (const [of, purpose] of [
      [env, 'deploy'],
      [`${env}-plan`, 'plan'],
    ] as const) {
      const role = `arn:aws:iam::${environment.accountId}:role/${resourceName(environment, 'bootstrap', purpose)}`;
      const set = `gh variable set --repo ${repository} --env ${of}`;
      output.print(`  gh api --method PUT repos/${repository}/environments/${of}`);
      output.print(`  ${set} AWS_REGION --body ${environment.region}`);
      output.print(`  ${set} AWS_ROLE_ARN --body ${role}`);
    }
    return 0;
  },
};
