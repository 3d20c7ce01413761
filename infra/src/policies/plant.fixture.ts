import type { EventName, StageDeclaration } from '@payments/schemas';
import type { Owner } from '../names.ts';
import { SynthesizedStack } from '../synthesized-stack.ts';
import type { CheckedStack } from './policy.ts';

type Json = Record<string, unknown>;

/** A stack that is about to be broken. */
export interface Draft {
  readonly document: Json;
  readonly resources: Record<string, Record<string, Json>>;
  declarations: readonly StageDeclaration[];
}

/** A fault that is put into a stack as it is synthesized, and that one policy must find. */
export interface PlantedFault {
  /** What is wrong, in words. */
  readonly what: string;
  readonly owner: Owner;
  readonly plant: (draft: Draft) => void;
  /** The address that the policy must name. */
  readonly address: string;
}

/** The stacks of an environment, one of them with a fault. */
export function planted(
  stacks: readonly CheckedStack[],
  { owner, plant }: PlantedFault,
): readonly CheckedStack[] {
  return stacks.map((checked) => {
    if (checked.owner !== owner) return checked;
    const document = JSON.parse(checked.stack.text) as Json;
    const draft: Draft = {
      document,
      resources: document['resource'] as Draft['resources'],
      declarations: checked.declarations,
    };
    plant(draft);
    return {
      ...checked,
      stack: new SynthesizedStack(JSON.stringify(document)),
      declarations: draft.declarations,
    };
  });
}

/** Sets one argument, or one inside it: `setting('aws_x.y', 'a.b', 1)`; `undefined` removes it. */
export function setting(address: string, path: string, value: unknown): (draft: Draft) => void {
  return ({ resources }) => {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let place = at(resources, address);
    for (const name of names) {
      const inner = Array.isArray(place[name]) ? place[name][0] : place[name];
      if (typeof inner !== 'object' || inner === null) throw new Error(`${address} has no ${name}`);
      place = inner as Json;
    }
    if (!(last in place) && value === undefined) throw new Error(`${address} has no ${path}`);
    place[last] = value;
  };
}

/** Replaces a part of an argument that is a text. */
export function replacing(
  address: string,
  argument: string,
  from: string,
  to: string,
): (draft: Draft) => void {
  return (draft) => {
    const before = String(at(draft.resources, address)[argument]);
    if (!before.includes(from)) throw new Error(`${address} has no "${from}" in ${argument}`);
    setting(address, argument, before.replace(from, to))(draft);
  };
}

/** Takes a resource away. */
export function without(address: string): (draft: Draft) => void {
  return ({ resources }) => {
    at(resources, address);
    const [type = '', id = ''] = address.split('.');
    delete resources[type]?.[id];
  };
}

/** Puts a resource in. */
export function adding(address: string, args: Json): (draft: Draft) => void {
  return ({ resources }) => {
    const [type = '', id = ''] = address.split('.');
    resources[type] = { ...resources[type], [id]: args };
  };
}

/** Makes a stage consume what it consumes but one event. */
export function notConsumed(event: EventName): (draft: Draft) => void {
  return (draft) => {
    draft.declarations = draft.declarations.map((stage) => ({
      ...stage,
      consumes: stage.consumes.filter((each) => each !== event),
    }));
  };
}

function at(resources: Draft['resources'], address: string): Json {
  const [type = '', id = ''] = address.split('.');
  const found = resources[type]?.[id];
  if (found === undefined) throw new Error(`there is no ${address}`);
  return found;
}
