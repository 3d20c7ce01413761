import { describe, expect, it } from '@jest/globals';
import {
  EnvironmentRefusedError,
  environmentNames,
  loadEnvironment,
  parseEnvironment,
  runsLocally,
} from './environment.ts';

const local = loadEnvironment('local');
const dev = loadEnvironment('dev');

function problemsOf(name: string, value: unknown): readonly string[] {
  try {
    parseEnvironment(name, value);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentRefusedError) return error.problems;
    throw error;
  }
}

describe('an environment', () => {
  it.each(environmentNames())('that has a file can be used: %s', (name) => {
    expect(loadEnvironment(name).name).toBe(name);
  });

  it('is the local cloud in the account that AWS gives to nobody, and only there', () => {
    expect(environmentNames().filter((name) => runsLocally(loadEnvironment(name)))).toEqual([
      'local',
      'localbatch',
      'localmixed',
      'localnrt',
    ]);
  });

  it('that has no file is refused, and the ones that have are named', () => {
    expect(() => loadEnvironment('../environments/local')).toThrow(
      /there is one for: dev, local, localbatch/,
    );
  });

  it('is held against its schema', () => {
    expect(problemsOf('local', { ...local, region: 'London' })).toEqual([expect.stringMatching(/^region /)]);
    expect(problemsOf('local', { ...local, colour: 'blue' })).toEqual([expect.stringMatching(/colour/)]);
  });

  it('is named as its file is', () => {
    expect(problemsOf('production', local)).toEqual([
      'name: says "local", but the file is named "production"',
    ]);
  });

  it('keeps its state remotely in an account, and not in the local cloud', () => {
    const { state, ...stateless } = dev;
    expect(problemsOf('dev', stateless)).toEqual([expect.stringMatching(/^state: .* remotely/)]);
    expect(problemsOf('local', { ...local, state })).toEqual([
      expect.stringMatching(/^state: .* leave it out/),
    ]);
  });

  it('reaches a core of an account over TLS alone; a core beside the local cloud is a test', () => {
    const timing = { timeoutMilliseconds: 1000, attempts: 3, failuresToOpen: 5, openSeconds: 30 };
    const clear = { ...timing, url: 'http://core.bank.example/postings' };
    expect(problemsOf('dev', { ...dev, core: clear })).toEqual([
      expect.stringMatching(/^core\.url: .* https/),
    ]);
    expect(problemsOf('dev', { ...dev, core: { ...timing, url: 'https://core.bank.example' } })).toEqual([]);
    expect(problemsOf('local', { ...local, core: clear })).toEqual([]);
  });

  it('remembers duplicates and originals at least as long as the archive can replay them', () => {
    const short = { ...local, dedupWindowDays: 7, lifecycleRetentionDays: 9, archiveRetentionDays: 30 };
    expect(problemsOf('local', short)).toEqual([
      expect.stringContaining('dedupWindowDays: 7 is less than archiveRetentionDays 30'),
      expect.stringContaining('lifecycleRetentionDays: 9 is less than archiveRetentionDays 30'),
    ]);
  });

  it('says how stages are fed that there are, and no others', () => {
    const subscribers = { ...local.subscribers, fraud: { mode: 'real-time' } };
    expect(problemsOf('local', { ...local, subscribers })).toEqual([
      expect.stringMatching(/^subscribers\.fraud: there is no such stage; there are ingest, /),
    ]);
  });

  it('is told everything that is wrong with its delivery at once', () => {
    const subscribers = {
      ...local.subscribers,
      enrich: { mode: 'batch' },
      posting: { mode: 'near-real-time' },
    };
    expect(problemsOf('local', { ...local, subscribers })).toEqual([
      expect.stringMatching(/^subscribers\.enrich: /),
      expect.stringMatching(/^subscribers\.posting: /),
    ]);
  });
});
