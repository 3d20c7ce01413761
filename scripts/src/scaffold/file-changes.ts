import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ScaffoldRefusedError } from './scaffold-refused-error.ts';

/** A file that a command makes, edits or removes; its path is relative to the root, with slashes. */
export interface FileChange {
  readonly kind: 'create' | 'edit' | 'remove';
  readonly path: string;
  /** The whole text afterwards; empty for a file or folder that goes. */
  readonly text: string;
}

/** A file that is not there yet. @throws ScaffoldRefusedError when it is: nothing is overwritten */
export function creation(root: string, path: string, text: string): FileChange {
  if (existsSync(join(root, path))) throw new ScaffoldRefusedError(`${path} exists; nothing is overwritten.`);
  return { kind: 'create', path, text };
}

/**
 * An edit of a file that is there; undefined where it changes nothing, so that doing it twice does it once.
 *
 * @param change gives the new text
 * @throws ScaffoldRefusedError when the file is not there
 */
export function edit(root: string, path: string, change: (text: string) => string): FileChange | undefined {
  if (!existsSync(join(root, path)))
    throw new ScaffoldRefusedError(`${path} is missing: this is not the repository as it should be.`);
  const before = readFileSync(join(root, path), 'utf8');
  const text = change(before);
  return text === before ? undefined : { kind: 'edit', path, text };
}

/** An edit of a JSON file that is indented by two blanks. */
export function editJson<Content extends object>(
  root: string,
  path: string,
  change: (content: Content) => Content,
): FileChange | undefined {
  return edit(root, path, (text) => `${JSON.stringify(change(JSON.parse(text) as Content), null, 2)}\n`);
}

/** Makes the changes, all of which were found possible before the first. */
export function applyChanges(root: string, changes: readonly FileChange[]): void {
  for (const { kind, path, text } of changes) {
    const target = join(root, path);
    if (kind === 'remove') rmSync(target, { recursive: true });
    else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
  }
}

/** One line for each change: what is done to which file. */
export function changeLines(changes: readonly FileChange[]): readonly string[] {
  return changes.map(({ kind, path }) => `  ${kind.padEnd('remove'.length)}  ${path}`);
}
