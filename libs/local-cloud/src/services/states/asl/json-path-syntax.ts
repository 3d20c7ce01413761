import type { JsonValue } from '../../../core/aws-error.ts';

/** One step of a JSONPath. */
export type Segment =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'members'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'every' }
  | { readonly kind: 'descend' }
  | { readonly kind: 'filter'; readonly filter: Filter };

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** One side of a comparison in a filter: a literal, or a path from the item (`@`) or the root (`$`). */
export type Operand =
  | { readonly kind: 'literal'; readonly value: JsonValue }
  | { readonly kind: 'path'; readonly from: '@' | '$'; readonly segments: readonly Segment[] };

/** The condition in `[?(…)]`. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'exists'; readonly operand: Operand }
  | {
      readonly kind: 'compare';
      readonly comparison: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    };

/** A JSONPath that cannot be read, with the place where reading stopped. */
export class PathSyntaxError extends Error {}

const NAME = /[^\s.[\]()?@,:'"*=!<>&|$]+/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const INTEGER = /-?\d+/y;
const SPACE = /\s*/y;
const COMPARISONS: readonly Comparison[] = ['==', '!=', '<=', '>=', '<', '>'];

/**
 * Reads the segments of a JSONPath: what follows `$`, `$$` or `$variable`.
 * The dialect is the one of Jayway JsonPath, on which Step Functions is built, without its functions
 * (`length()`), regular expressions and set operators, which are refused.
 *
 * @throws PathSyntaxError
 */
export function parseSegments(text: string): readonly Segment[] {
  const reader = new PathReader(text);
  const segments = reader.segments();
  reader.expectEnd();
  return segments;
}

class PathReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  segments(): Segment[] {
    const segments: Segment[] = [];
    for (;;) {
      if (this.#accept('..')) {
        segments.push({ kind: 'descend' });
        if (this.#text[this.#at] !== '[') segments.push(this.#memberAfterDot());
      } else if (this.#accept('.')) {
        segments.push(this.#memberAfterDot());
      } else if (this.#text[this.#at] === '[') {
        segments.push(this.#bracket());
      } else {
        return segments;
      }
    }
  }

  expectEnd(): void {
    if (this.#at < this.#text.length) this.#fail('unexpected text');
  }

  #memberAfterDot(): Segment {
    if (this.#accept('*')) return { kind: 'every' };
    const name = this.#match(NAME);
    if (name === undefined) return this.#fail('a member name is missing');
    return { kind: 'member', name };
  }

  #bracket(): Segment {
    this.#expect('[');
    this.#space();
    const segment = this.#insideBracket();
    this.#space();
    this.#expect(']');
    return segment;
  }

  #insideBracket(): Segment {
    if (this.#accept('*')) return { kind: 'every' };
    if (this.#accept('?')) {
      this.#space();
      this.#expect('(');
      const filter = this.#or();
      this.#space();
      this.#expect(')');
      return { kind: 'filter', filter };
    }
    const quote = this.#text[this.#at];
    if (quote === "'" || quote === '"') {
      const names = this.#separated(() => this.#quoted());
      const [name] = names;
      return names.length === 1 && name !== undefined ? { kind: 'member', name } : { kind: 'members', names };
    }
    return this.#indexesOrSlice();
  }

  #indexesOrSlice(): Segment {
    const first = this.#integer();
    this.#space();
    if (this.#accept(':')) {
      this.#space();
      return { kind: 'slice', from: first, to: this.#integer() };
    }
    if (first === undefined) return this.#fail('an index is missing');
    const indexes = [first];
    while (this.#accept(',')) {
      this.#space();
      indexes.push(this.#integer() ?? this.#fail('an index is missing'));
      this.#space();
    }
    return indexes.length === 1 ? { kind: 'index', index: first } : { kind: 'indexes', indexes };
  }

  #or(): Filter {
    let left = this.#and();
    while (this.#operator('||')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Filter {
    let left = this.#unary();
    while (this.#operator('&&')) left = { kind: 'and', left, right: this.#unary() };
    return left;
  }

  #unary(): Filter {
    this.#space();
    if (this.#text[this.#at + 1] !== '=' && this.#accept('!')) return { kind: 'not', filter: this.#unary() };
    if (this.#accept('(')) {
      const inner = this.#or();
      this.#space();
      this.#expect(')');
      return inner;
    }
    const left = this.#operand();
    for (const comparison of COMPARISONS) {
      if (this.#operator(comparison)) return { kind: 'compare', comparison, left, right: this.#operand() };
    }
    return { kind: 'exists', operand: left };
  }

  #operand(): Operand {
    this.#space();
    const from = this.#text[this.#at];
    if (from === '@' || from === '$') {
      this.#at += 1;
      return { kind: 'path', from, segments: this.segments() };
    }
    if (from === "'" || from === '"') return { kind: 'literal', value: this.#quoted() };
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#accept(word)) return { kind: 'literal', value };
    }
    const number = this.#match(NUMBER);
    if (number === undefined) return this.#fail('a value is missing');
    return { kind: 'literal', value: Number(number) };
  }

  #operator(text: string): boolean {
    this.#space();
    return this.#accept(text);
  }

  #separated<T>(read: () => T): T[] {
    const items = [read()];
    this.#space();
    while (this.#accept(',')) {
      this.#space();
      items.push(read());
      this.#space();
    }
    return items;
  }

  /** A quoted string; a backslash stands for itself except before a backslash or the quote [recorded]. */
  #quoted(): string {
    const quote = this.#text[this.#at];
    if (quote !== "'" && quote !== '"') return this.#fail('a quoted name is missing');
    let value = '';
    for (let at = this.#at + 1; at < this.#text.length; at += 1) {
      const character = this.#text[at];
      if (character === quote) {
        this.#at = at + 1;
        return value;
      }
      const next = this.#text[at + 1];
      if (character === '\\' && (next === quote || next === '\\')) at += 1;
      value += this.#text[at] ?? '';
    }
    return this.#fail('a quotation has no end');
  }

  #integer(): number | undefined {
    const digits = this.#match(INTEGER);
    return digits === undefined ? undefined : Number(digits);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #space(): void {
    this.#match(SPACE);
  }

  #accept(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) this.#fail(`'${text}' is missing`);
  }

  #fail(what: string): never {
    throw new PathSyntaxError(`${what} at '${this.#text.slice(this.#at, this.#at + 20)}'`);
  }
}
