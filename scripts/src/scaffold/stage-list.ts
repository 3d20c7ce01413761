import { edit, type FileChange } from './file-changes.ts';
import { ScaffoldRefusedError } from './scaffold-refused-error.ts';

/** Where the one list of stages is. */
export const STAGE_LIST = 'schemas/src/stage-declaration.ts';
const LIST = /(export const STAGES = \[\n)([\s\S]*?)(\] as const;)/;

/** The list of stages with one more at its end, or with one less. */
export function editStageList(
  root: string,
  change: (names: readonly string[]) => readonly string[],
): FileChange | undefined {
  return edit(root, STAGE_LIST, (text) => {
    const [, , lines] = LIST.exec(text) ?? [];
    if (lines === undefined) throw new ScaffoldRefusedError(`${STAGE_LIST} has no list STAGES.`);
    const names = [...lines.matchAll(/'([a-z-]+)',/g)].map(([, name = '']) => name);
    const after = change(names).map((name) => `  '${name}',\n`);
    return text.replace(LIST, (_all, start: string, _lines, end: string) => start + after.join('') + end);
  });
}
