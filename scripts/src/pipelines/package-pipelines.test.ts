import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { STAGES } from '@payments/schemas';
import { awsEnvironments } from './aws-environments.ts';
import { packagePipelines, pipelinePath, stalePipelines } from './package-pipelines.ts';
import { workflow, workflows } from './workflow-files.fixture.ts';
import { ROOT, type WorkspacePackage, workspacePackages } from './workspace-packages.ts';

const packages = workspacePackages();
const deployable = packages.filter((each) => each.deployable);
const environments = awsEnvironments();
const enrich = packages.find(({ shortName }) => shortName === 'enrich') as WorkspacePackage;

it('every package with a stack is found: the platform and the stages', () => {
  expect(deployable.map(({ shortName }) => shortName).sort()).toEqual(['infra', ...STAGES].sort());
  expect(environments).toContain('dev');
  expect(environments).not.toContain('local');
});

describe.each(deployable.map((each) => [each.name, each] as const))('%s', (name, each) => {
  const own = workflows.find(({ path }) => path === pipelinePath(each));

  it('has a pipeline, as it is generated', () => {
    // Run: pnpm --filter @payments/scripts generate
    expect(own?.text).toBe(packagePipelines()[pipelinePath(each)]);
  });

  it.each(environments)('plans and deploys to %s', (environment) => {
    const given = { package: name, environment };
    expect(own?.jobs[`plan-${environment}`]).toMatchObject({
      uses: './.github/workflows/plan-package.yml',
      with: given,
    });
    expect(own?.jobs[`deploy-${environment}`]).toMatchObject({
      uses: './.github/workflows/deploy-package.yml',
      with: given,
    });
  });

  it('is started by changes of what it is built of', () => {
    const { push, pull_request: request } = (own?.on ?? {}) as Record<string, { paths: string[] }>;
    for (const folder of each.builtOf) {
      expect(push?.paths).toContain(`${folder}/**`);
      expect(request?.paths).toContain(`${folder}/**`);
    }
  });

  it('is compared every night', () => {
    const { strategy } = workflow('drift.yml').jobs['drift'] as {
      strategy?: { matrix: { package: string[] } };
    };
    expect(strategy?.matrix.package).toContain(name);
  });

  it('has an owner', () => {
    const owners = readFileSync(`${ROOT}.github/CODEOWNERS`, 'utf8').split('\n');
    const line = owners.find((candidate) => candidate.startsWith(`/${each.folder}/ `));
    expect(line ?? owners.find((candidate) => candidate.startsWith('* '))).toMatch(/ @[\w-]+\/[\w-]+/);
  });
});

it('no pipeline is left of a package that is gone, and the nightly comparison is as generated', () => {
  expect(stalePipelines()).toEqual([]);
  expect(workflow('drift.yml').text).toBe(packagePipelines()['.github/workflows/drift.yml']);
});

it('a change of one stage starts the pipeline of no other', () => {
  const { push } = workflow('package-enrich.yml').on as { push: { paths: string[] } };
  expect(push.paths).toContain('packages/enrich/**');
  expect(push.paths).toContain('libs/stage-kit/**');
  expect(push.paths.filter((path) => path.startsWith('packages/'))).toEqual([
    'packages/enrich/**',
    'packages/*/src/stage.ts',
  ]);
});

it('a new package and a new environment are seen: pipelines without them are stale', () => {
  const planted = { ...enrich, name: '@payments/planted', shortName: 'planted', folder: 'packages/planted' };
  const made = packagePipelines([...packages, planted], ['dev', 'prod']);
  expect(Object.keys(made)).toContain('.github/workflows/package-planted.yml');
  expect(made['.github/workflows/drift.yml']).toContain('@payments/planted');
  const prod = made['.github/workflows/package-planted.yml'] ?? '';
  expect(prod).toContain('needs: deploy-dev');
  expect(prod).toContain("inputs.environment == 'prod'");
});
