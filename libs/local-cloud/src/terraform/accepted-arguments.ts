import type { JsonObject, JsonValue } from '../core/aws-error.ts';
import type { ResourceType } from '../core/resource.ts';
import type { StackBlock, StackProblem } from './stack.ts';

/** Names every argument of a resource that its type neither runs nor accepts. */
export function findRefusedArguments(block: StackBlock, type: ResourceType): StackProblem[] {
  const known = [...type.runs, ...Object.keys(type.accepts)];
  const refused: string[] = [];
  visit(block.arguments, '', known, refused);
  return refused.map((argument) => ({
    address: block.address,
    argument,
    message: `the local cloud does not run this argument of ${block.type}`,
  }));
}

function visit(members: JsonObject, prefix: string, known: readonly string[], refused: string[]): void {
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined || value === null) continue;
    const path = prefix + name;
    if (known.includes(path)) continue;
    const within = known.some((other) => other.startsWith(`${path}.`));
    const inner = within ? objectsOf(value) : undefined;
    if (inner === undefined) refused.push(path);
    else for (const one of inner) visit(one, `${path}.`, known, refused);
  }
}

/** A nested block is an object or a list of objects. */
function objectsOf(value: JsonValue): JsonObject[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const items: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  const objects: JsonObject[] = [];
  for (const item of items) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
    objects.push(item as JsonObject);
  }
  return objects;
}
