import { describe, expect, it } from '@jest/globals';
import { capacity } from './capacity.ts';
import { CommandUsageError } from './command.ts';
import { cost } from './cost.ts';

/** Runs a command; gives its status and what it printed. */
async function run(command: typeof cost, args: readonly string[]) {
  const printed: string[] = [];
  const output = { print: (line: string) => printed.push(line), warn: () => undefined };
  return { status: await command.run(args, output), text: printed.join('\n') };
}

describe('payments cost', () => {
  it('shows the three modes side by side, the batch mode far below the estimate of the seed', async () => {
    const { status, text } = await run(cost, []);
    expect(status).toBe(0);
    expect(text).toContain('1,000,000 transactions of 20,000,000 a month in eu-west-2');
    expect(text).toMatch(/ local +localnrt +localbatch$/m);
    const { text: json } = await run(cost, ['--region', 'us-east-1', '--json']);
    const { runs } = JSON.parse(json) as { runs: { environment: string; partOfSeed: number }[] };
    expect(runs.map(({ environment }) => environment)).toEqual(['local', 'localnrt', 'localbatch']);
    expect(runs[2]?.partOfSeed).toBeLessThan(0.5);
  });

  it('scales with the transactions', async () => {
    const total = async (transactions: string): Promise<number> => {
      const { text } = await run(cost, ['--env', 'localbatch', '--transactions', transactions, '--json']);
      return (JSON.parse(text) as { runs: [{ totalUsd: number }] }).runs[0].totalUsd;
    };
    expect(await total('2000000')).toBeCloseTo(2 * (await total('1000000')), 6);
  });

  it.each([
    [['--transactions', '0'], '--transactions takes a whole number from 1, not 0.'],
    [['--per-month', 'many'], '--per-month takes a whole number from 1, not many.'],
    [['--record'], '--record keeps runs that are measured: add --measure.'],
    [['--region', 'mars-1'], '--region takes a region with prices: us-east-1, eu-west-2, not mars-1.'],
  ])('refuses %j', async (args, message) => {
    await expect(run(cost, args)).rejects.toThrow(new CommandUsageError(message));
  });

  it('says what to do where no run is recorded', async () => {
    await expect(run(cost, ['--env', 'localmixed'])).rejects.toThrow('add --measure');
  });
});

describe('payments capacity', () => {
  it('says what is reached first in each mode', async () => {
    const { status, text } = await run(capacity, ['--tps', '1111', '--region', 'eu-west-2']);
    expect(status).toBe(0);
    expect(text.match(/ is reached first, at /g)?.length).toBeGreaterThanOrEqual(3);
  });

  it('exits with 1 when the named environment does not hold', async () => {
    expect((await run(capacity, ['--tps', '5000', '--env', 'local'])).status).toBe(1);
    expect((await run(capacity, ['--tps', '10', '--env', 'local'])).status).toBe(0);
  });

  it('gives every limit to machines', async () => {
    const { text } = await run(capacity, ['--env', 'localbatch', '--json']);
    const { environments } = JSON.parse(text) as {
      environments: [{ checks: { limitId: string; source: string }[] }];
    };
    const [{ checks }] = environments;
    expect(checks.length).toBeGreaterThan(20);
    expect(checks.every(({ source }) => source !== '')).toBe(true);
  });

  it.each([
    [['--tps', '0'], '--tps takes a rate above 0, not 0.'],
    [['--region', 'London'], '--region takes the name of a region, as in eu-west-2, not London.'],
  ])('refuses %j', async (args, message) => {
    await expect(run(capacity, args)).rejects.toThrow(new CommandUsageError(message));
  });
});
