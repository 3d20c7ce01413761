import { describe, expect, it } from '@jest/globals';
import { type Command, CommandUsageError } from './command.ts';
import { nearestName } from './nearest-name.ts';
import type { RegisteredCommand } from './registry.ts';
import { runCommand } from './run-command.ts';

const decode: Command = {
  name: 'iso8583 decode',
  summary: 'prints a message',
  help: 'payments iso8583 decode <hex>',
  run: async (args, output) => {
    if (args.length === 0) throw new CommandUsageError('there is no message');
    if (args[0] === 'FF') throw new Error('byte 1 is no type');
    output.print(`decoded ${args.join(' ')}`);
    return 0;
  },
};
const registry: RegisteredCommand[] = [
  { name: 'iso8583 decode', load: async () => decode },
  { name: 'trace', load: async () => ({ ...decode, name: 'trace', summary: 'shows a transaction' }) },
];

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const output = { print: (line: string) => out.push(line), warn: (line: string) => err.push(line) };
  const status = await runCommand(args, output, registry);
  return { status, out: out.join('\n'), err: err.join('\n') };
}

describe('payments', () => {
  it('lists the commands with their summaries', async () => {
    const { status, out } = await run('--help');
    expect(status).toBe(0);
    expect(out).toContain('iso8583 decode  prints a message');
    expect(out).toContain('trace           shows a transaction');
  });

  it('gives a command of two words what stands after both', async () => {
    expect(await run('iso8583', 'decode', '0100')).toEqual({ status: 0, out: 'decoded 0100', err: '' });
  });

  it('prints the help of a command', async () => {
    expect(await run('iso8583', 'decode', '--help')).toMatchObject({ status: 0, out: decode.help });
  });

  it.each([
    [['tarce'], 'Did you mean "trace"?'],
    [['iso8583', 'decod'], '"iso8583" goes on with "iso8583 decode".'],
    [['iso8853', 'decode'], 'Did you mean "iso8583 decode"?'],
    [['zzz'], 'There is no command "zzz".'],
  ])('suggests the nearest command for %s', async (args, expected) => {
    const { status, err } = await run(...args);
    expect(status).toBe(2);
    expect(err).toContain(expected);
  });

  it('exits with 2 and says how it is used when it cannot read the arguments', async () => {
    const { status, err } = await run('iso8583', 'decode');
    expect(status).toBe(2);
    expect(err).toBe('there is no message\n"payments iso8583 decode --help" explains the command.');
  });

  it('exits with 1 and one sentence when a command fails', async () => {
    expect(await run('trace', 'FF')).toEqual({ status: 1, out: '', err: 'byte 1 is no type' });
  });

  it('suggests nothing that is far away', () => {
    expect(nearestName('benchmark', ['trace', 'scan'])).toBeUndefined();
  });
});
