import { StatementUnreadableError } from '../statement-line.ts';

/** No entry of a statement is longer than this; a text that has no end is not kept in memory. */
const BLOCK_MAX = 4 * 2 ** 20;
/** What may be cut in two at the end of what was read so far. */
const CUT_MAX = 64;

/** An element with all that is in it. */
export interface XmlBlock {
  readonly name: string;
  readonly xml: string;
  /** The line that it begins in, from 1. */
  readonly line: number;
}

/**
 * The elements of some names in a text of any length, one after the other; what is in one of them is not looked for
 * again. Comments are passed over. No more than one element is held.
 *
 * @throws StatementUnreadableError when an element has no end
 */
export async function* xmlBlocks(
  chunks: AsyncIterable<string>,
  names: readonly string[],
): AsyncGenerator<XmlBlock> {
  const opening = new RegExp(`<!--|<((?:[\\w.-]+:)?(${names.join('|')}))(?=[\\s/>])`, 'g');
  let text = '';
  let line = 1;
  /** Forgets the first characters, and counts their lines. */
  const drop = (length: number): void => {
    for (let at = text.indexOf('\n'); at !== -1 && at < length; at = text.indexOf('\n', at + 1)) line += 1;
    text = text.slice(length);
  };
  for await (const chunk of chunks) {
    text += chunk;
    for (;;) {
      opening.lastIndex = 0;
      const found = opening.exec(text);
      if (found === null) {
        drop(Math.max(0, text.length - CUT_MAX));
        break;
      }
      drop(found.index);
      const [start, tag, name] = found;
      const closing = tag === undefined ? '-->' : `</${tag}>`;
      const end = endOf(text, start, closing);
      if (end === undefined) {
        if (text.length > BLOCK_MAX)
          throw new StatementUnreadableError(`line ${line}: ${name ?? 'a comment'} has no end`);
        break;
      }
      const block = { name: name ?? '', xml: text.slice(0, end), line };
      drop(end);
      if (name !== undefined) yield block;
    }
  }
  opening.lastIndex = 0;
  if (opening.exec(text) !== null)
    throw new StatementUnreadableError(`line ${line}: the text ends too early`);
}

/** Where the element at the beginning ends; undefined where that has not been read yet. */
function endOf(text: string, start: string, closing: string): number | undefined {
  const empty = /^<[^<>]*\/>/.exec(text.slice(0, CUT_MAX));
  if (start !== '<!--' && empty !== null) return empty[0].length;
  const at = text.indexOf(closing, start.length);
  return at === -1 ? undefined : at + closing.length;
}
