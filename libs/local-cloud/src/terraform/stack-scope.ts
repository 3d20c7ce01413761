import { resolve } from 'node:path';
import type { JsonObject, JsonValue } from '../core/aws-error.ts';
import type { DataSourceType } from '../core/resource.ts';
import { evaluate, hasUnknown, type Scope, UNKNOWN } from './evaluate.ts';
import { ExpressionError } from './expression.ts';
import type { Stack, StackBlock } from './stack.ts';

/** The arguments that are paths, relative to the stack's directory as Terraform runs in it. */
const PATH_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  aws_lambda_function: ['filename'],
  aws_lambda_layer_version: ['filename'],
  aws_s3_object: ['source'],
};

/** A resource's value as others refer to it, growing as resources are planned or made. */
interface Known {
  readonly attributes: JsonObject | undefined;
  readonly arguments: JsonObject;
}

/** Resolves the references of one stack while it is planned or applied. */
export class StackScope implements Scope {
  readonly directory: string;
  readonly #stack: Stack;
  readonly #dataSources: ReadonlyMap<string, DataSourceType>;
  readonly #known = new Map<string, Known>();
  readonly #data = new Map<string, JsonValue>();

  constructor(stack: Stack, dataSources: ReadonlyMap<string, DataSourceType>) {
    this.directory = stack.directory;
    this.#stack = stack;
    this.#dataSources = dataSources;
  }

  /** Says what a resource is, or, when it is yet to be made, only its arguments. */
  know(address: string, args: JsonObject, attributes: JsonObject | undefined): void {
    this.#known.set(address, { arguments: args, attributes });
  }

  /** The arguments of a resource, with all references resolved that can be. */
  argumentsOf(block: StackBlock): JsonObject {
    const evaluated: Record<string, JsonValue> = {};
    for (const [name, value] of Object.entries(block.arguments)) {
      if (value === undefined || value === null) continue;
      evaluated[name] = this.#argument(name, value);
    }
    for (const name of PATH_ARGUMENTS[block.type] ?? []) {
      const path = evaluated[name];
      if (typeof path === 'string') evaluated[name] = resolve(this.directory, path);
    }
    return evaluated;
  }

  lookUp(root: string): JsonValue {
    if (root.startsWith('data.')) return this.#dataOf(root);
    if (root.startsWith('local.')) {
      const value = this.#stack.locals[root.slice('local.'.length)];
      if (value === undefined) throw new ExpressionError(`there is no ${root}`);
      return evaluate(value, this);
    }
    const known = this.#known.get(root);
    if (known === undefined) throw new ExpressionError(`there is no ${root}`);
    return known.attributes === undefined ? UNKNOWN : { ...known.arguments, ...known.attributes };
  }

  knownOf(root: string): JsonObject | undefined {
    return this.#known.get(root)?.arguments;
  }

  #argument(name: string, value: JsonValue): JsonValue {
    try {
      return evaluate(value, this);
    } catch (error) {
      if (error instanceof ExpressionError)
        throw new ExpressionError(`${name}: ${error.message}`, { cause: error });
      throw error;
    }
  }

  #dataOf(root: string): JsonValue {
    const read = this.#data.get(root);
    if (read !== undefined) return read;
    const block = this.#stack.data.find((candidate) => candidate.address === root);
    const source = block === undefined ? undefined : this.#dataSources.get(block.type);
    if (block === undefined || source === undefined) throw new ExpressionError(`there is no ${root}`);
    const args = this.argumentsOf(block);
    if (hasUnknown(args)) return UNKNOWN;
    try {
      const value = { ...args, ...source.read(args) };
      this.#data.set(root, value);
      return value;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ExpressionError(`${root} cannot be read: ${reason}`, { cause: error });
    }
  }
}
