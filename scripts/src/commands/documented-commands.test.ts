import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { BENCHMARK_HELP } from '../benchmark-options.ts';
import { START_HELP } from '../start-options.ts';
import type { Command } from './command.ts';
import { optionsNamedIn } from './options-named-in.fixture.ts';
import { COMMANDS } from './registry.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const COMMANDS_PAGE = 'docs/commands.md';
const PAGES = ['README.md', ...pagesBelow('docs'), ...pagesBelow('packages'), ...pagesBelow('infra')];

/** Through npm or pnpm, wherever it stands; by its name alone where a line, a code span or a pipe begins. */
const CALL = /(?:npm run (?:-s )?payments -- |pnpm payments |(?:^|\| )payments )([a-z][^|#;&]*)/g;
const SCRIPT_CALL = /(?:npm run (?:-s )?|pnpm (?:run )?)([a-z][\w:-]*)/g;
/** Those of the repository's scripts that say which options they have. */
const SCRIPT_OPTIONS = [
  { call: /npm start -- ([^|#;&)]*)/g, name: 'npm start', help: START_HELP },
  { call: /npm run benchmark -- ([^|#;&)]*)/g, name: 'npm run benchmark', help: BENCHMARK_HELP },
];
/** What npm and pnpm know themselves. */
const OF_NPM = new Set(['install', 'turbo', 'exec', 'payments']);

/** What can be run in the root or in some package. */
const scripts = new Set(
  ['.', 'infra', 'schemas', 'scripts', 'packages/ingest'].flatMap((folder) => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as {
      scripts: object;
    };
    return Object.keys(scripts);
  }),
);
const commands: Command[] = [];
// One after the other: Jest cannot link modules that are loaded at once and share others.
for (const { load } of COMMANDS) commands.push(await load());

describe('the commands that documents name', () => {
  it.each(PAGES)('exist, with the options that they are given, in %s', (page) => {
    const problems = codeOf(page).flatMap((code) => [
      ...[...code.matchAll(CALL)].flatMap(([, call = '']) => problemsOfCall(call)),
      ...SCRIPT_OPTIONS.flatMap(({ call, name, help }) =>
        [...code.matchAll(call)].flatMap(([, options = '']) =>
          unknownOptions(name, help, options.split(/\s+/)),
        ),
      ),
      ...[...code.matchAll(SCRIPT_CALL)]
        .map(([, name = '']) => name)
        .filter((name) => !OF_NPM.has(name) && !scripts.has(name))
        .map((name) => `there is no script ${name}`),
    ]);
    expect(problems).toEqual([]);
  });

  it('are all of them on their page', () => {
    const page = readFileSync(join(ROOT, COMMANDS_PAGE), 'utf8');
    // A cell names several of one group as `dlq list`, `dlq show` or `reconcile status`, `breaks`.
    const missing = commands.filter(({ name }) => {
      const [group = '', member] = name.split(' ');
      const cells = [...page.matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell = '']) => cell);
      return !cells.some(
        (cell) =>
          cell.includes(`\`${name}\``) || (cell.includes(`\`${group} `) && cell.includes(`\`${member}\``)),
      );
    });
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('are told from what is no command', () => {
    expect(problemsOfCall('reconcile stauts --json')).toEqual(['there is no command "reconcile stauts"']);
    expect(problemsOfCall('balance ACC-0001 --veryfy')).toEqual(['"balance" has no option --veryfy']);
    expect(problemsOfCall('balance ACC-0001 --verify')).toEqual([]);
  });
});

function pagesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
    .map((path) => join(folder, path))
    .sort();
}

/** What stands in code: the lines of fenced blocks, and what stands between backticks. */
function codeOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = [...text.matchAll(/^```.*\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.replaceAll('\\\n', ' ').split('\n'),
  );
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...blocks, ...[...prose.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replaceAll('\n', ' '))];
}

/** @param call what follows "payments", up to the end of the command */
function problemsOfCall(call: string): string[] {
  const words = call.trim().split(/\s+/);
  const command = commands.find(({ name }) => name.split(' ').every((word, at) => words[at] === word));
  if (command === undefined) return [`there is no command "${words.slice(0, 2).join(' ')}"`];
  return unknownOptions(command.name, command.help, words);
}

function unknownOptions(name: string, help: string, words: readonly string[]): string[] {
  const known = new Set([...optionsNamedIn(help).map(({ option }) => option), '--help']);
  return words
    .filter((word) => word.startsWith('--'))
    .map((word) => word.replace(/[=\]].*$/, ''))
    .filter((option) => !known.has(option))
    .map((option) => `"${name}" has no option ${option}`);
}
