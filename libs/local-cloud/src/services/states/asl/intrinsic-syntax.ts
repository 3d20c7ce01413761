import type { JsonValue } from '../../../core/aws-error.ts';
import { PathSyntaxError } from './json-path-syntax.ts';

/** An argument of an intrinsic function. */
export type Argument =
  | { readonly kind: 'value'; readonly value: JsonValue }
  /** A quoted text as it is written, escapes included: only States.Format tells `\{` from `{`. */
  | { readonly kind: 'text'; readonly written: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'call'; readonly call: Call };

export interface Call {
  /** For example `States.Format`. */
  readonly name: string;
  readonly arguments: readonly Argument[];
}

const FUNCTION = /\s*(States\.\w+)\s*\(/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /(true|false|null)\b/y;
const SPACE = /\s*/y;

/**
 * Reads a call of an intrinsic function.
 *
 * @throws PathSyntaxError
 */
export function parseCall(text: string): Call {
  const reader = new CallReader(text);
  const call = reader.call();
  reader.expectEnd();
  return call;
}

/** The text that a quoted text stands for: a backslash takes the next character as it is. */
export function unescaped(written: string): string {
  return written.replace(/\\(.)/gs, '$1');
}

class CallReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  call(): Call {
    const name = this.#match(FUNCTION, 1);
    if (name === undefined) return this.#fail('a function call is missing');
    const args: Argument[] = [];
    this.#match(SPACE);
    if (this.#accept(')')) return { name, arguments: args };
    for (;;) {
      args.push(this.#argument());
      this.#match(SPACE);
      if (this.#accept(')')) return { name, arguments: args };
      if (!this.#accept(',')) this.#fail("',' or ')' is missing");
      this.#match(SPACE);
    }
  }

  expectEnd(): void {
    this.#match(SPACE);
    if (this.#at < this.#text.length) this.#fail('unexpected text');
  }

  #argument(): Argument {
    const first = this.#text[this.#at];
    if (first === "'") return { kind: 'text', written: this.#quoted() };
    if (first === '$') return { kind: 'path', path: this.#path() };
    const word = this.#match(WORD, 0);
    if (word !== undefined) return { kind: 'value', value: word === 'null' ? null : word === 'true' };
    const number = this.#match(NUMBER, 0);
    if (number !== undefined) return { kind: 'value', value: Number(number) };
    return { kind: 'call', call: this.call() };
  }

  #quoted(): string {
    const start = this.#at + 1;
    for (let at = start; at < this.#text.length; at += 1) {
      if (this.#text[at] === '\\') at += 1;
      else if (this.#text[at] === "'") {
        this.#at = at + 1;
        return this.#text.slice(start, at);
      }
    }
    return this.#fail('a quotation has no end');
  }

  /** A path goes on to the next comma or parenthesis that is not inside brackets or quotes. */
  #path(): string {
    const start = this.#at;
    let depth = 0;
    let quote: string | undefined;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at];
      if (quote !== undefined) {
        if (character === '\\') this.#at += 1;
        else if (character === quote) quote = undefined;
      } else if (depth > 0 && (character === "'" || character === '"')) quote = character;
      else if (character === '[') depth += 1;
      else if (character === ']') depth -= 1;
      else if (depth === 0 && (character === ',' || character === ')')) break;
    }
    return this.#text.slice(start, this.#at).trimEnd();
  }

  #match(pattern: RegExp, group = 0): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found[group];
  }

  #accept(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #fail(what: string): never {
    throw new PathSyntaxError(`${what} at '${this.#text.slice(this.#at, this.#at + 20)}'`);
  }
}
