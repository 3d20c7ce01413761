import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../stack-files.ts';

const RUNBOOKS = 'docs/runbooks';
/** A fenced block, perhaps within a list; a word behind `bash` says that the local cloud cannot run it. */
const BLOCK = /^(?<indent> *)```(?<info>\S.*)\n(?<code>[\s\S]*?)^ *```$/gm;

/** A block of commands of a runbook. */
export interface CommandBlock {
  readonly code: string;
  /** Where it can be run, when that is not everywhere: `aws-only`, `drained`. */
  readonly onlyWhere: string | undefined;
}

/** The names of all runbooks, and `README`. */
export function runbookNames(): readonly string[] {
  const files = readdirSync(join(ROOT, RUNBOOKS)).filter((file) => file.endsWith('.md'));
  return files.map((file) => file.slice(0, -'.md'.length)).sort();
}

/** The text of a runbook. */
export function runbookText(name: string): string {
  return readFileSync(join(ROOT, RUNBOOKS, `${name}.md`), 'utf8');
}

/** The blocks of commands of a runbook, in their order. @throws Error when a block is of no language that is known */
export function commandBlocks(text: string): readonly CommandBlock[] {
  return [...text.matchAll(BLOCK)].map(({ groups }) => {
    const { indent = '', info = '', code = '' } = groups ?? {};
    const [language, onlyWhere, ...more] = info.trim().split(' ');
    if (language !== 'bash' || more.length > 0) throw new Error(`a block is of ${info}, and not of bash`);
    return { code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''), onlyWhere };
  });
}
