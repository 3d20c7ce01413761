import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { JsonObject, JsonValue } from '../core/aws-error.ts';
import { ExpressionError, referencesIn, splitReference } from './expression.ts';

/** Something in a stack that the local cloud cannot run, or that contradicts itself. */
export interface StackProblem {
  /** The Terraform address, for example `aws_sqs_queue.enrich`. */
  readonly address: string;
  /** The argument concerned, when it is one. */
  readonly argument?: string;
  readonly message: string;
}

/** All problems of a stack, found before anything was changed. */
export class StackRefusedError extends Error {
  override readonly name = 'StackRefusedError';
  readonly code = 'StackRefused';
  readonly retryable = false;
  readonly problems: readonly StackProblem[];

  constructor(stackName: string, problems: readonly StackProblem[]) {
    const lines = problems.map((problem) => `  ${describeProblem(problem)}`);
    super(`The stack "${stackName}" cannot be deployed here:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}

/** A resource or a data source of a stack. */
export interface StackBlock {
  /** `aws_sqs_queue.enrich`, or `data.aws_region.current`. */
  readonly address: string;
  readonly type: string;
  /** As written, with its `${…}`; without the meta-arguments. */
  readonly arguments: JsonObject;
  /** The addresses that must be there first, by reference or by `depends_on`. */
  readonly dependencies: readonly string[];
  readonly preventDestroy: boolean;
  /** The arguments whose changes are left alone. */
  readonly ignoreChanges: readonly string[];
}

/** A synthesized stack, read. */
export interface Stack {
  readonly name: string;
  /** The absolute directory of its file. */
  readonly directory: string;
  /** In an order in which every block comes after all that it depends on. */
  readonly resources: readonly StackBlock[];
  readonly data: readonly StackBlock[];
  readonly locals: JsonObject;
  readonly outputs: JsonObject;
  /** What is wrong with the file itself. */
  readonly problems: readonly StackProblem[];
}

const META_ARGUMENTS: ReadonlySet<string> = new Set(['//', 'depends_on', 'lifecycle', 'provider']);
const REFUSED_META_ARGUMENTS = ['count', 'for_each', 'provisioner', 'connection'];
const LIFECYCLE: ReadonlySet<string> = new Set([
  'prevent_destroy',
  'ignore_changes',
  'create_before_destroy',
]);

/** The blocks that say nothing about resources: this account is the provider, and this store the backend. */
const TOP_LEVEL: ReadonlySet<string> = new Set([
  '//',
  'terraform',
  'provider',
  'resource',
  'data',
  'locals',
  'output',
]);

/**
 * Reads a stack that CDKTF synthesized (Terraform's JSON configuration syntax).
 *
 * @param path the path of its `cdk.tf.json`
 * @throws Error when the file cannot be read or is not JSON; everything else is in `problems`
 */
export function readStack(path: string): Stack {
  const file = resolve(path);
  const document = object(JSON.parse(readFileSync(file, 'utf8')));
  const directory = dirname(file);
  const problems: StackProblem[] = [];
  for (const key of Object.keys(document)) {
    if (!TOP_LEVEL.has(key)) problems.push({ address: key, message: `a "${key}" block is not run` });
  }
  const locals = object(document['locals']);
  const resources = blocks(object(document['resource']), '', locals, problems);
  const data = blocks(object(document['data']), 'data.', locals, problems);
  const outputs: Record<string, JsonValue> = {};
  for (const [name, output] of Object.entries(object(document['output']))) {
    outputs[name] = object(output)['value'] ?? null;
  }
  const stack: Stack = {
    name: stackName(document) ?? basename(directory),
    directory,
    resources: inOrder(resources, [...resources, ...data], problems),
    data: inOrder(data, data, problems),
    locals,
    outputs,
    problems,
  };
  findUnknownRoots(stack, problems);
  return stack;
}

/** One line that names the place and what is wrong there. */
export function describeProblem(problem: StackProblem): string {
  const argument = problem.argument === undefined ? '' : `, ${problem.argument}`;
  return `${problem.address}${argument}: ${problem.message}`;
}

function stackName(document: JsonObject): string | undefined {
  const name = object(object(document['//'])['metadata'])['stackName'];
  return typeof name === 'string' ? name : undefined;
}

function blocks(
  byType: JsonObject,
  prefix: string,
  locals: JsonObject,
  problems: StackProblem[],
): StackBlock[] {
  const found: StackBlock[] = [];
  for (const [type, byName] of Object.entries(byType)) {
    for (const [name, body] of Object.entries(object(byName))) {
      found.push(block(`${prefix}${type}.${name}`, type, object(body), locals, problems));
    }
  }
  return found;
}

function block(
  address: string,
  type: string,
  body: JsonObject,
  locals: JsonObject,
  problems: StackProblem[],
): StackBlock {
  const written: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(body)) {
    if (REFUSED_META_ARGUMENTS.includes(name)) {
      problems.push({ address, argument: name, message: 'this meta-argument is not run' });
    } else if (!META_ARGUMENTS.has(name) && value !== undefined && value !== null) written[name] = value;
  }
  const provider = body['provider'];
  if (typeof provider === 'string' && provider.includes('.')) {
    problems.push({ address, argument: 'provider', message: `there is one provider here, no "${provider}"` });
  }
  const lifecycle = object(body['lifecycle']);
  for (const name of Object.keys(lifecycle)) {
    if (!LIFECYCLE.has(name)) {
      problems.push({ address, argument: `lifecycle.${name}`, message: 'this meta-argument is not run' });
    }
  }
  return {
    address,
    type,
    arguments: written,
    dependencies: dependencies(address, { ...written, depends_on: body['depends_on'] }, locals, problems),
    preventDestroy: lifecycle['prevent_destroy'] === true,
    ignoreChanges: texts(lifecycle['ignore_changes']),
  };
}

function dependencies(
  address: string,
  written: JsonObject,
  locals: JsonObject,
  problems: StackProblem[],
): string[] {
  const roots = new Set<string>();
  const add = (root: string): void => {
    if (roots.has(root)) return;
    roots.add(root);
    const local = root.startsWith('local.') ? locals[root.slice('local.'.length)] : undefined;
    for (const inner of referencesIn(local)) add(inner);
  };
  for (const [argument, value] of Object.entries(written)) {
    try {
      if (argument === 'depends_on') for (const dependency of texts(value)) add(rootOf(dependency));
      else for (const root of referencesIn(value)) add(root);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.push({ address, argument, message: error.message });
    }
  }
  return [...roots];
}

function rootOf(dependency: string): string {
  const inner = dependency.startsWith('${') ? dependency.slice(2, -1) : dependency;
  return splitReference(inner.split('.')).root;
}

/** Sorts so that dependencies come first, otherwise as in the file; a cycle is a problem. */
function inOrder(
  wanted: readonly StackBlock[],
  all: readonly StackBlock[],
  problems: StackProblem[],
): StackBlock[] {
  const byAddress = new Map(all.map((candidate) => [candidate.address, candidate]));
  const isWanted = new Set(wanted);
  const state = new Map<string, 'visiting' | 'done'>();
  const sorted: StackBlock[] = [];
  const visit = (candidate: StackBlock, trail: readonly string[]): void => {
    const seen = state.get(candidate.address);
    if (seen === 'done') return;
    const path = [...trail, candidate.address];
    if (seen === 'visiting') {
      problems.push({ address: candidate.address, message: `depends on itself: ${path.join(' → ')}` });
      return;
    }
    state.set(candidate.address, 'visiting');
    for (const dependency of candidate.dependencies) {
      const needed = byAddress.get(dependency);
      if (needed !== undefined) visit(needed, path);
    }
    state.set(candidate.address, 'done');
    if (isWanted.has(candidate)) sorted.push(candidate);
  };
  for (const candidate of wanted) visit(candidate, []);
  return sorted;
}

function findUnknownRoots(stack: Stack, problems: StackProblem[]): void {
  const known = new Set([...stack.resources, ...stack.data].map((candidate) => candidate.address));
  const isKnown = (root: string): boolean =>
    known.has(root) ||
    root.startsWith('path.') ||
    (root.startsWith('local.') && Object.hasOwn(stack.locals, root.slice('local.'.length)));
  for (const candidate of [...stack.resources, ...stack.data]) {
    for (const root of candidate.dependencies) {
      if (!isKnown(root))
        problems.push({
          address: candidate.address,
          message: `refers to ${root}, which is not in the stack`,
        });
    }
  }
  for (const [name, value] of Object.entries({ ...stack.outputs })) {
    for (const root of outputReferences(name, value, problems)) {
      if (!isKnown(root))
        problems.push({ address: `output.${name}`, message: `refers to ${root}, which is not in the stack` });
    }
  }
}

function outputReferences(name: string, value: JsonValue | undefined, problems: StackProblem[]): string[] {
  try {
    return referencesIn(value);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    problems.push({ address: `output.${name}`, message: error.message });
    return [];
  }
}

function object(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null) return {};
  // Terraform's JSON syntax lets a block be an object or a list of objects.
  if (Array.isArray(value)) return Object.assign({}, ...value.map(object));
  return value as JsonObject;
}

function texts(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
