import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { App } from 'cdktf';
import { loadEnvironment } from '../environment.ts';
import { sayResult, synthesize } from '../synthesize.ts';
import { BootstrapStack } from './bootstrap-stack.ts';
import { isExceptedPolicy } from './policy-exceptions.ts';

// `node infra/src/bootstrap/synth-bootstrap.ts --env <name> --repository <owner/name> [--existing-provider] [--out <dir>]`:
// writes the stack and prints its path. `payments bootstrap` runs it in a process of its own, for CDKTF is slow to load.

const { values } = parseArgs({
  options: {
    env: { type: 'string', default: '' },
    repository: { type: 'string', default: '' },
    'existing-provider': { type: 'boolean', default: false },
    out: { type: 'string', default: join(import.meta.dirname, '..', '..', 'dist', 'bootstrap') },
  },
});

sayResult(() => {
  const environment = loadEnvironment(values.env);
  const outDirectory = join(values.out, environment.name);
  const choices = { repository: values.repository, providerExists: values['existing-provider'] };
  const build = (app: App): BootstrapStack => new BootstrapStack(app, environment, choices);
  return synthesize('bootstrap', outDirectory, build, isExceptedPolicy);
});
