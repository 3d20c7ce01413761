import type { AwsError } from '../../core/aws-error.ts';
import { checkAttributeName } from './attribute-value.ts';
import { validationError } from './dynamodb-error.ts';
import type { ExpressionName, Path } from './expression-syntax.ts';
import { RESERVED_WORDS } from './reserved-words.ts';

/** ServiceQuotas, Expression parameters. */
const EXPRESSION_BYTES_MAX = 4096;
const LIST_INDEX_MAX = 4_294_967_294;

const TOKEN = /\s*(?:([#:]?[A-Za-z0-9_]+)|(<>|<=|>=|[=<>()[\],.+-]))/y;

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Reads an expression token by token; what all kinds of expression have in common. */
export class ExpressionReader {
  readonly names = new Set<string>();
  readonly values = new Set<string>();
  readonly #kind: ExpressionName;
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(kind: ExpressionName, text: string) {
    this.#kind = kind;
    this.#text = text;
    if (text.trim() === '') throw this.error('The expression can not be empty;');
    const bytes = Buffer.byteLength(text);
    if (bytes > EXPRESSION_BYTES_MAX) {
      throw this.error(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
    }
    this.#tokenize();
  }

  #tokenize(): void {
    const end = this.#text.trimEnd().length;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < end) {
      const from = TOKEN.lastIndex;
      const match = TOKEN.exec(this.#text);
      const token = match?.[1] ?? match?.[2];
      if (token === undefined) {
        const rest = this.#text.slice(from).trimStart();
        throw this.error(`Syntax error; token: "${rest[0]}", near: "${rest.slice(0, 12)}"`);
      }
      this.#tokens.push({ text: token, start: TOKEN.lastIndex - token.length, end: TOKEN.lastIndex });
    }
  }

  error(message: string): AwsError {
    return validationError(`Invalid ${this.#kind}: ${message}`);
  }

  /** Says that the next token is not what the grammar allows here. */
  syntaxError(): AwsError {
    const token = this.#tokens[this.#at];
    const from = this.#tokens[Math.max(0, this.#at - 1)]?.start ?? 0;
    const to = this.#tokens[this.#at + 1]?.end ?? this.#text.length;
    return this.error(
      `Syntax error; token: "${token?.text ?? '<EOF>'}", near: "${this.#text.slice(from, to).trim()}"`,
    );
  }

  /** The next token as it is written, or an empty text at the end. */
  peek(ahead = 0): string {
    return this.#tokens[this.#at + ahead]?.text ?? '';
  }

  take(): string {
    const text = this.peek();
    this.#at += 1;
    return text;
  }

  /** Takes the next token when it is this keyword (in capitals) or punctuation. */
  accept(expected: string): boolean {
    if (this.peek().toUpperCase() !== expected) return false;
    this.#at += 1;
    return true;
  }

  expect(expected: string): void {
    if (!this.accept(expected)) throw this.syntaxError();
  }

  expectEnd(): void {
    if (this.#at < this.#tokens.length) throw this.syntaxError();
  }

  /** A placeholder such as `:limit`. */
  valueName(): string {
    const name = this.peek();
    if (!name.startsWith(':')) throw this.syntaxError();
    this.values.add(name);
    return this.take();
  }

  path(): Path {
    const path: (string | number)[] = [this.#pathName()];
    for (;;) {
      if (this.accept('.')) path.push(this.#pathName());
      else if (this.accept('[')) {
        path.push(this.#listIndex());
        this.expect(']');
      } else return path;
    }
  }

  #listIndex(): number {
    if (!/^\d+$/.test(this.peek())) throw this.syntaxError();
    const index = Number(this.take());
    if (index > LIST_INDEX_MAX)
      throw this.error(`List index is not within the allowable range; index: [${index}]`);
    return index;
  }

  #pathName(): string {
    const name = this.peek();
    if (name.startsWith('#')) {
      this.names.add(name);
      return this.take();
    }
    if (!/^[A-Za-z_]/.test(name)) throw this.syntaxError();
    if (RESERVED_WORDS.has(name.toUpperCase())) {
      throw this.error(`Attribute name is a reserved keyword; reserved keyword: ${name}`);
    }
    checkAttributeName(name);
    return this.take();
  }
}
