import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BENCHMARK_HELP } from '../benchmark-options.ts';
import { START_HELP } from '../start-options.ts';
import type { Command } from './command.ts';
import { optionsNamedIn } from './options-named-in.ts';
import { COMMANDS } from './registry.ts';

/** Through npm or pnpm, wherever it stands; by its name alone where a line, a code span or a pipe begins. */
const CALL = /(?:npm run (?:-s )?payments -- |pnpm payments |(?:^|\| )payments )([a-z][^|#;&]*)/g;
const SCRIPT_CALL = /(?:npm run (?:-s )?|pnpm (?:run )?)([a-z][\w:-]*)/g;
/** Those of the repository's scripts that say which options they have. */
const SCRIPT_OPTIONS = [
  { call: /npm start -- ([^|#;&)]*)/g, name: 'npm start', help: START_HELP },
  { call: /npm run benchmark -- ([^|#;&)]*)/g, name: 'npm run benchmark', help: BENCHMARK_HELP },
];
/** What pnpm knows itself. */
const OF_PNPM: ReadonlySet<string> = new Set(['install', 'turbo', 'exec']);

/** What documents may name. */
export interface KnownCommands {
  readonly commands: readonly Pick<Command, 'name' | 'help'>[];
  /** What can be run in the root or in some package. */
  readonly scripts: ReadonlySet<string>;
}

/** Every command of `payments`, and every script of a `package.json` below a folder. */
export async function knownCommands(root: string): Promise<KnownCommands> {
  const commands: Command[] = [];
  for (const { load } of COMMANDS) commands.push(await load());
  const scripts = globSync('{.,infra,schemas,scripts,packages/*,libs/*}/package.json', { cwd: root }).flatMap(
    (path) => {
      const { scripts = {} } = JSON.parse(readFileSync(join(root, path), 'utf8')) as { scripts?: object };
      return Object.keys(scripts);
    },
  );
  return { commands, scripts: new Set(scripts) };
}

/** What a document (Markdown) names in code that cannot be run: a command, one of its options, or a script. */
export function unknownInDocument(markdown: string, known: KnownCommands): readonly string[] {
  return codeIn(markdown).flatMap((code) => [
    ...[...code.matchAll(CALL)].flatMap(([, call = '']) => unknownInCall(call, known.commands)),
    ...SCRIPT_OPTIONS.flatMap(({ call, name, help }) =>
      [...code.matchAll(call)].flatMap(([, options = '']) =>
        unknownOptions(name, help, options.split(/\s+/)),
      ),
    ),
    ...[...code.matchAll(SCRIPT_CALL)]
      .map(([, name = '']) => name)
      .filter((name) => !OF_PNPM.has(name) && !known.scripts.has(name))
      .map((name) => `no package.json has a script "${name}"`),
  ]);
}

/**
 * The commands that no table of a document has in its first column, where several of one group may stand as
 * `dlq list`, `dlq show` or `reconcile status`, `breaks`.
 */
export function missingInDocument(markdown: string, { commands }: KnownCommands): readonly string[] {
  const cells = [...markdown.matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell = '']) => cell);
  const isNamed = (name: string): boolean => {
    const [group = '', member] = name.split(' ');
    return cells.some(
      (cell) =>
        cell.includes(`\`${name}\``) || (cell.includes(`\`${group} `) && cell.includes(`\`${member}\``)),
    );
  };
  return commands.map(({ name }) => name).filter((name) => !isNamed(name));
}

/** What stands in code: the lines of fenced blocks, and what stands between backticks. */
function codeIn(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```.*\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.replaceAll('\\\n', ' ').split('\n'),
  );
  const prose = markdown.replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...blocks, ...[...prose.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replaceAll('\n', ' '))];
}

/** @param call what follows "payments", up to the end of the command */
function unknownInCall(call: string, commands: KnownCommands['commands']): readonly string[] {
  const words = call.trim().split(/\s+/);
  const command = commands.find(({ name }) => name.split(' ').every((word, at) => words[at] === word));
  if (command === undefined) return [`there is no command "payments ${words.slice(0, 2).join(' ')}"`];
  return unknownOptions(`payments ${command.name}`, command.help, words);
}

function unknownOptions(name: string, help: string, words: readonly string[]): readonly string[] {
  const known = new Set([...optionsNamedIn(help).map(({ option }) => option), '--help']);
  return words
    .filter((word) => word.startsWith('--'))
    .map((word) => word.replace(/[=\]].*$/, ''))
    .filter((option) => !known.has(option))
    .map((option) => `"${name}" has no option ${option}`);
}
