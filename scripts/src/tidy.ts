/**
 * What no other tool checks: every stage has the same files, every path that is named in configuration or
 * documents exists, so does every command that documents name, names and sizes keep to the house rules. Prints each problem with what to do; exits 1 if any.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { STAGES } from '@payments/schemas';
import { knownCommands, missingInDocument, unknownInDocument } from './commands/documented-commands.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What every stage has; the decision beside these has the name of what it does. */
const STAGE_FILES = [
  'README.md',
  'package.json',
  'tsconfig.json',
  'jest.config.mjs',
  'src/stage.ts',
  'src/ports.ts',
  'src/errors.ts',
  'src/handler.ts',
  'src/infra.ts',
  'src/infra.test.ts',
];
/** Stages that need nothing of AWS but the bus have no adapter. */
const WITHOUT_ADAPTERS = new Set(['standardize', 'rules']);
const README_HEADINGS = ['Purpose', 'Consumes', 'Emits', 'When it fails', 'Environment', 'Alarms'];
/** A file says one thing; a longer one is two. */
const FILE_LINES_MAX = 400;
const VAGUE_NAMES = /^(utils?|helpers?|common|misc|shared|types|constants)\.ts$/;
const KEBAB_CASE =
  /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|property\.test|conformance\.test|fixture|bench|e2e\.test))?\.ts$/;
/** The page that has every command of `payments`. */
const COMMANDS_PAGE = 'docs/commands.md';
const CONFIGURATION = [
  'turbo.json',
  'biome.json',
  'tsconfig.base.json',
  'package.json',
  'pnpm-workspace.yaml',
  '.ci/run',
];

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));
const problems = [
  ...stageProblems(),
  ...nameProblems(),
  ...linkProblems(),
  ...(await commandProblems()),
  ...configurationProblems(),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`tidy: ${files.length} files, ${STAGES.length} stages of one shape`);

function stageProblems(): string[] {
  const found: string[] = [];
  const folders = readdirSync(join(ROOT, 'packages')).sort();
  if (folders.join() !== [...STAGES].sort().join())
    found.push(`packages/: holds ${folders.join(', ')}, the stages are ${STAGES.join(', ')}`);
  for (const stage of STAGES) {
    for (const file of STAGE_FILES) {
      if (!existsSync(join(ROOT, 'packages', stage, file)))
        found.push(`packages/${stage}: lacks ${file}, which every stage has`);
    }
    if (existsSync(join(ROOT, 'packages', stage, 'src/adapters')) === WITHOUT_ADAPTERS.has(stage)) {
      found.push(
        `packages/${stage}/src/adapters: expected ${WITHOUT_ADAPTERS.has(stage) ? 'none' : 'some'}; see scripts/src/tidy.ts`,
      );
    }
    const readme = join(ROOT, 'packages', stage, 'README.md');
    const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '';
    for (const heading of README_HEADINGS) {
      if (!text.includes(heading)) found.push(`packages/${stage}/README.md: says nothing under "${heading}"`);
    }
  }
  return found;
}

function nameProblems(): string[] {
  const found: string[] = [];
  for (const path of files.filter((each) => each.endsWith('.ts') && !each.includes('/generated/'))) {
    const name = path.replace(/^.*\//, '');
    if (VAGUE_NAMES.test(name)) found.push(`${path}: a file is named for the one thing it holds`);
    else if (!KEBAB_CASE.test(name)) found.push(`${path}: file names are kebab-case`);
    const lines = readFileSync(join(ROOT, path), 'utf8').split('\n').length;
    if (lines > FILE_LINES_MAX && !name.includes('.test.'))
      found.push(`${path}: ${lines} lines; more than ${FILE_LINES_MAX} is two things`);
  }
  return found;
}

/** Relative links of documents, and paths of ours that they quote. */
function linkProblems(): string[] {
  const found: string[] = [];
  for (const path of files.filter((each) => each.endsWith('.md'))) {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(([, target]) =>
      resolve(ROOT, dirname(path), target ?? ''),
    );
    const quoted = [
      ...text.matchAll(/`((?:packages|libs|schemas|infra|scripts|docs|sample)\/[\w./-]*\w)`/g),
    ].map(([, target]) => join(ROOT, target ?? ''));
    for (const target of [...links, ...quoted]) {
      if (!existsSync(target) && !target.includes('/dist/'))
        found.push(`${path}: names ${relative(ROOT, target)}, which does not exist`);
    }
  }
  return found;
}

/** Commands, options and scripts that documents name, and commands that their page does not. */
async function commandProblems(): Promise<string[]> {
  const known = await knownCommands(ROOT);
  const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
  return [
    ...files
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) => unknownInDocument(textOf(path), known).map((problem) => `${path}: ${problem}`)),
    ...missingInDocument(textOf(COMMANDS_PAGE), known).map((name) => `${COMMANDS_PAGE}: lacks ${name}`),
  ];
}

/** Paths that configuration names: a check of a file that is not there checks nothing. */
function configurationProblems(): string[] {
  const found: string[] = [];
  const packages = files.filter((path) => path.endsWith('package.json'));
  for (const path of [...CONFIGURATION, ...packages]) {
    if (!existsSync(join(ROOT, path))) {
      found.push(`${path}: is missing`);
      continue;
    }
    const text = readFileSync(join(ROOT, path), 'utf8');
    const base = path.endsWith('package.json') ? dirname(path) : '.';
    for (const [, target = ''] of text.matchAll(
      /["'\s]((?:\.{1,2}\/)+[\w./-]+\.(?:ts|mjs|js|json))["'\s]/g,
    )) {
      if (
        !existsSync(resolve(ROOT, base, target)) &&
        !target.includes('node_modules/') &&
        !target.includes('dist/')
      ) {
        found.push(`${path}: names ${target}, which does not exist`);
      }
    }
    for (const [, target = ''] of text.matchAll(/\$TURBO_ROOT\$\/([\w./-]+\.\w+)"/g)) {
      if (!existsSync(join(ROOT, target))) found.push(`${path}: names ${target}, which does not exist`);
    }
  }
  return found;
}
