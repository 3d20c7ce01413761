import { globSync } from 'node:fs';
import { stringify } from 'yaml';
import { awsEnvironments } from './aws-environments.ts';
import { ROOT, type WorkspacePackage, workspacePackages } from './workspace-packages.ts';

const WORKFLOWS = '.github/workflows';
/** Pipelines of packages are told from other workflows by this. */
const PREFIX = 'package-';
const BANNER = `# Generated from the workspace and infra/environments. Do not edit: run \`pnpm --filter @payments/scripts generate\`.\n`;
/** What every stack is made with, whatever package it is of. */
const BUILD = [
  'package.json',
  'packages/*/src/stage.ts',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'scripts/src/bundle.ts',
  'scripts/src/deploy.ts',
  'scripts/src/deployment/**',
  'turbo.json',
];
/** What no stack holds. */
const NOT_BUILT = [
  '!**/*.test.ts',
  '!**/*.fixture.ts',
  '!**/README.md',
  '!schemas/examples/**',
  '!schemas/released/**',
];

/** The workflows that are made of the list of packages and environments: text by path below the repository. */
export function packagePipelines(
  packages: readonly WorkspacePackage[] = workspacePackages(),
  environments: readonly string[] = awsEnvironments(),
): Readonly<Record<string, string>> {
  const deployable = packages.filter((each) => each.deployable);
  const pipelines = deployable.map((each) => [pipelinePath(each), pipeline(each, environments)]);
  return { ...Object.fromEntries(pipelines), [`${WORKFLOWS}/drift.yml`]: drift(deployable, environments) };
}

/** The path of a package's pipeline. */
export function pipelinePath({ shortName }: WorkspacePackage): string {
  return `${WORKFLOWS}/${PREFIX}${shortName}.yml`;
}

/** Pipelines of packages that are no more. */
export function stalePipelines(): readonly string[] {
  const made = packagePipelines();
  return globSync(`${WORKFLOWS}/${PREFIX}*.yml`, { cwd: ROOT }).filter((path) => !(path in made));
}

function pipeline({ name, shortName, builtOf }: WorkspacePackage, environments: readonly string[]): string {
  const own = `${WORKFLOWS}/${PREFIX}${shortName}.yml`;
  const folders = builtOf.map((folder) => `${folder}/**`);
  const on = (reusable: string): string[] => [
    ...folders,
    ...BUILD,
    own,
    `${WORKFLOWS}/${reusable}`,
    ...NOT_BUILT,
  ];
  const isOurs = 'github.event.pull_request.head.repo.full_name == github.repository';
  const plans = environments.map((environment) => [
    `plan-${environment}`,
    {
      // A fork is given no identity in AWS.
      if: `github.event_name == 'pull_request' && ${isOurs}`,
      permissions: { contents: 'read', 'id-token': 'write', 'pull-requests': 'write' },
      uses: `./${WORKFLOWS}/plan-package.yml`,
      with: { package: name, environment },
    },
  ]);
  const deployments = environments.map((environment, index) => [
    `deploy-${environment}`,
    {
      if: deploysTo(environment, index),
      ...(index === 0 ? {} : { needs: `deploy-${environments[index - 1]}` }),
      permissions: { actions: 'read', contents: 'read', 'id-token': 'write' },
      uses: `./${WORKFLOWS}/deploy-package.yml`,
      with: { package: name, environment, task: expression("inputs.task || 'deploy'") },
    },
  ]);
  return write({
    name: shortName,
    on: {
      pull_request: { paths: on('plan-package.yml') },
      push: { branches: ['main'], paths: on('deploy-package.yml') },
      workflow_dispatch: {
        inputs: {
          environment: choice('Where to', environments),
          task: choice('What to do', ['deploy', 'destroy']),
        },
      },
    },
    permissions: {},
    jobs: Object.fromEntries([...plans, ...deployments]),
  });
}

/** By hand, to the environment that is chosen alone; else one after the other, as far as all goes well. */
function deploysTo(environment: string, index: number): string {
  const chosen = `github.event_name == 'workflow_dispatch' && inputs.environment == '${environment}'`;
  // Only where it waits for another job: that one is passed over when the environment is chosen by hand.
  return index === 0
    ? `github.event_name == 'push' || (${chosen})`
    : `!cancelled() && !failure() && (github.event_name == 'push' || (${chosen}))`;
}

/** Every night, for every package and environment: is what runs still what the repository says? */
function drift(packages: readonly WorkspacePackage[], environments: readonly string[]): string {
  return write({
    name: 'drift',
    on: { schedule: [{ cron: '17 3 * * *' }], workflow_dispatch: null },
    permissions: {},
    jobs: {
      drift: {
        strategy: {
          'fail-fast': false,
          'max-parallel': 4,
          matrix: { environment: environments, package: packages.map(({ name }) => name) },
        },
        permissions: { contents: 'read', 'id-token': 'write', issues: 'write' },
        uses: `./${WORKFLOWS}/detect-drift.yml`,
        with: { package: expression('matrix.package'), environment: expression('matrix.environment') },
      },
    },
  });
}

/** What GitHub puts in when it runs a workflow. */
function expression(text: string): string {
  return `\${{ ${text} }}`;
}

function choice(description: string, options: readonly string[]) {
  return { description, type: 'choice', required: true, options, default: options[0] };
}

function write(workflow: object): string {
  return `${BANNER}${stringify(workflow, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
