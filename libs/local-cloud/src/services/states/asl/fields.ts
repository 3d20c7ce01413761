import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import { isList, isObject } from './json.ts';
import { PathSyntaxError } from './json-path-syntax.ts';

/**
 * Reads the fields of one object of a definition and collects what is wrong with them. Whatever has been
 * read by nobody at the end is a field that is not run, and is named.
 */
export class Fields {
  readonly #object: JsonObject;
  readonly #where: string;
  readonly #problems: string[];
  readonly #known = new Set<string>(['Comment']);

  /** @param where the object's place in the definition, for example `/States/Decide` */
  constructor(object: JsonObject, where: string, problems: string[]) {
    this.#object = object;
    this.#where = where;
    this.#problems = problems;
  }

  get where(): string {
    return this.#where;
  }

  problem(what: string): void {
    this.#problems.push(`${what} at ${this.#where || '/'}`);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name);
  }

  json(name: string): JsonValue | undefined {
    this.#known.add(name);
    return this.has(name) ? this.#object[name] : undefined;
  }

  text(name: string): string | undefined {
    const value = this.json(name);
    if (value === undefined || typeof value === 'string') return value;
    this.problem(`${name} must be a string`);
    return undefined;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) this.problem(`${name} is missing`);
    return value ?? '';
  }

  boolean(name: string): boolean {
    const value = this.json(name) ?? false;
    if (typeof value !== 'boolean') this.problem(`${name} must be a boolean`);
    return value === true;
  }

  /** A number of at least `least`. */
  number(name: string, least: number): number | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value >= least) return value;
    this.problem(`${name} must be a number of at least ${least}`);
    return undefined;
  }

  list(name: string): readonly JsonValue[] | undefined {
    const value = this.json(name);
    if (value === undefined || isList(value)) return value;
    this.problem(`${name} must be a list`);
    return undefined;
  }

  /** The fields of a member that is an object. */
  object(name: string): Fields | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    return this.#fieldsOf(value, `${this.#where}/${name}`);
  }

  /** The fields of each object in a list. */
  objects(name: string): readonly Fields[] {
    const items = this.list(name) ?? [];
    return items.flatMap((item, index) => this.#fieldsOf(item, `${this.#where}/${name}[${index}]`) ?? []);
  }

  /** The members of this object whose names are free, each with its fields. */
  entries(): readonly (readonly [string, Fields])[] {
    return Object.entries(this.#object).flatMap(([name, value = null]) => {
      this.#known.add(name);
      const fields = this.#fieldsOf(value, `${this.#where}/${name}`);
      return fields === undefined ? [] : [[name, fields] as const];
    });
  }

  /** The object as it is, for what compiles it whole. */
  whole(known: (name: string) => boolean): JsonObject {
    for (const name of Object.keys(this.#object)) if (known(name)) this.#known.add(name);
    return this.#object;
  }

  /** Compiles a member; what cannot be compiled is a problem of this definition. */
  compiled<I extends JsonValue, O>(
    name: string,
    value: I | undefined,
    compile: (value: I) => O,
  ): O | undefined {
    if (value === undefined) return undefined;
    try {
      return compile(value);
    } catch (error) {
      if (!(error instanceof PathSyntaxError)) throw error;
      this.problem(`${name}: ${error.message}`);
      return undefined;
    }
  }

  /** A field that compiles from text, for example a path. */
  compiledText<O>(name: string, compile: (text: string) => O): O | undefined {
    return this.compiled(name, this.text(name), compile);
  }

  /** A path field that may also be null. */
  compiledPath<O>(name: string, compile: (text: string | null) => O): O | undefined {
    if (this.json(name) === null) return compile(null);
    return this.compiledText(name, compile);
  }

  /** Names a field that is known and not run here. */
  refuse(name: string, why: string): void {
    if (this.json(name) !== undefined) this.problem(`${name} is not run by the local cloud (${why})`);
  }

  /** Names the fields that nobody has read. */
  finish(): void {
    for (const name of Object.keys(this.#object)) {
      if (!this.#known.has(name))
        this.problem(`the field ${name} is not known or not run by the local cloud`);
    }
  }

  #fieldsOf(value: JsonValue, where: string): Fields | undefined {
    if (isObject(value)) return new Fields(value, where, this.#problems);
    this.#problems.push(`an object is needed at ${where}`);
    return undefined;
  }
}
