import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { App } from 'cdktf';
import { loadEnvironment } from '../environment.ts';
import { BundleMissingError, handlerBundle } from '../handler-bundle.ts';
import { STAGE_DECLARATIONS } from '../stages.ts';
import { grantPutEvents } from './bus.ts';
import { EnvironmentVariableError, StageFunction } from './stage-function.ts';
import { StageStack } from './stage-stack.ts';

const directory = mkdtempSync(join(tmpdir(), 'payments-stack-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function enrichStack(): StageStack {
  const app = new App({ outdir: directory, stackTraces: false });
  const bundle = { filename: 'handler.zip', sourceCodeHash: 'x' };
  return new StageStack({ app, environment: loadEnvironment('local'), bundle }, STAGE_DECLARATIONS.enrich);
}

function enrichFunction(environment: Record<string, string>): StageFunction {
  return new StageFunction(enrichStack(), 'subscriber', {
    entry: 'handler',
    timeoutSeconds: 30,
    environment,
  });
}

describe('a function of a stage', () => {
  const declared = {
    REFERENCE_TABLE: 'reference',
    REFERENCE_CACHE_SECONDS: '60',
    REFERENCE_VERSION: 'CURRENT',
  };

  it('is given what the stage declares', () => {
    expect(() => enrichFunction(declared)).not.toThrow();
  });

  it('is refused when a declared variable is missing or empty, by its name', () => {
    expect(() => enrichFunction({ REFERENCE_TABLE: 'reference' })).toThrow(EnvironmentVariableError);
    expect(() => enrichFunction({ ...declared, REFERENCE_TABLE: '' })).toThrow(/not given REFERENCE_TABLE/);
  });

  it('is refused when it is given a variable that is not declared, by its name', () => {
    expect(() => enrichFunction({ ...declared, COLOUR: 'blue' })).toThrow(
      /given COLOUR, which the stage does not declare/,
    );
  });

  it('may not publish what its stage does not declare to emit', () => {
    const enrich = enrichFunction(declared);
    expect(() => grantPutEvents(enrich.stack, enrich, ['TransactionPosted'])).toThrow(
      /does not declare to emit TransactionPosted/,
    );
  });
});

describe('a bundle that is not there', () => {
  it('is refused with the command that makes it', () => {
    const missing = (): unknown => handlerBundle('enrich', join(directory, 'none.zip'), directory);
    expect(missing).toThrow(BundleMissingError);
    expect(missing).toThrow(/pnpm turbo bundle --filter=@payments\/enrich/);
  });
});
