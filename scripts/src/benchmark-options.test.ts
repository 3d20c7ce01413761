import { describe, expect, it } from '@jest/globals';
import { environmentNames } from '@payments/infra/environment';
import { parseBenchmarkOptions } from './benchmark-options.ts';
import { UsageError } from './start-options.ts';

describe('the options of the benchmark', () => {
  it('are 100,000 transactions in real-time and in batch mode when nobody says otherwise', () => {
    expect(parseBenchmarkOptions([])).toEqual({
      transactions: 100_000,
      modes: [
        { name: 'real-time', environment: 'local' },
        { name: 'batch', environment: 'localbatch' },
      ],
      seed: 7,
      stages: false,
      json: false,
    });
  });

  it('are fewer transactions where the stages are measured on their own, which have no mode', () => {
    expect(parseBenchmarkOptions(['--stages', '--json'])).toMatchObject({
      transactions: 10_000,
      stages: true,
      json: true,
    });
  });

  it('are a pass of reconciliation where that is measured', () => {
    expect(parseBenchmarkOptions(['--reconcile', '1000000', '--json'])).toMatchObject({
      reconcile: 1_000_000,
      json: true,
    });
  });

  it('name modes that have an environment', () => {
    const options = parseBenchmarkOptions([
      '--modes',
      'mixed,near-real-time',
      '--transactions',
      '5',
      '--seed',
      '0',
    ]);
    expect(options).toMatchObject({ transactions: 5, seed: 0 });
    const modes = options === 'help' ? [] : options.modes;
    expect(modes.map(({ name }) => name)).toEqual(['mixed', 'near-real-time']);
    for (const { environment } of modes) expect(environmentNames()).toContain(environment);
  });

  it.each([
    [['--modes', 'fast'], 'not "fast"'],
    [['--transactions', '0'], '--transactions takes a whole number'],
    [['--seed', '-1'], '--seed'],
    [['100'], '100'],
    [['--stages', '--modes', 'batch'], '--modes is for the whole flow'],
    [['--json'], '--json belongs to --stages'],
    [['--reconcile', '0'], '--reconcile takes a whole number'],
    [['--reconcile', '5', '--modes', 'batch'], '--reconcile is measured on its own'],
  ])('%j are refused', (args, reason) => {
    expect(() => parseBenchmarkOptions(args)).toThrow(UsageError);
    expect(() => parseBenchmarkOptions(args)).toThrow(reason);
  });
});
