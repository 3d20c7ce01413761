import { describe, expect, it } from '@jest/globals';
import type { Command } from './command.ts';
import { optionsNamedIn } from './options-named-in.ts';
import { COMMANDS } from './registry.ts';

/** An option that no command has: parsing stops there at the latest, before anything is done. */
const UNKNOWN = '--no-such-option';
/** What prints no data of its own: Terraform's output, which is for people, goes to the same place. */
const WITHOUT_JSON: ReadonlySet<string> = new Set(['bootstrap']);

describe.each(COMMANDS)('payments $name', ({ name, load }) => {
  it('has the name by which it is called, a summary of one line, and help that begins with how it is called', async () => {
    const command = await load();
    expect(command.name).toBe(name);
    expect(command.summary).toMatch(/^\S.{9,109}$/);
    expect(command.help).toMatch(new RegExp(`^(?:usage: )?payments ${name}(?: |\\n)`));
    expect(command.help.split('\n').at(-1)).toContain(`payments ${name}`);
  });

  it('takes --json where it prints data, and every option that its help lists', async () => {
    const command = await load();
    const options = optionsNamedIn(command.help);
    expect(options.some(({ option }) => option === '--json')).toBe(!WITHOUT_JSON.has(name));
    for (const { option, takesValue } of options) {
      const said = await refusalOf(command, takesValue ? [`${option}=x`] : [option]);
      expect(said).not.toContain(`'${option}`);
      expect(said).toContain(name === 'iso8583 decode' ? 'options are' : UNKNOWN);
    }
  });
});

/** What a command says of arguments of which the last is no option of its own. */
async function refusalOf(command: Command, args: readonly string[]): Promise<string> {
  const output = { print: () => undefined, warn: () => undefined };
  try {
    await command.run([...args, UNKNOWN], output);
  } catch (error) {
    return String(error);
  }
  return 'nothing';
}
