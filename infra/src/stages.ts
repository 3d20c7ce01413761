import { type EventName, STAGES, type StageDeclaration, type StageName, sourceOf } from '@payments/schemas';

// The declarations are found by the names of the stages, and read by their paths and not as dependencies: every stage
// depends on this package, and the declarations import nothing of it.
const declarations = await Promise.all(
  STAGES.map(async (name) => [name, await declarationOf(name)] as const),
);

/** Every stage's declaration, in flow order: who says what on the bus. */
export const STAGE_DECLARATIONS = Object.fromEntries(declarations) as Readonly<
  Record<StageName, StageDeclaration>
>;

async function declarationOf(name: StageName): Promise<StageDeclaration> {
  const { stage } = (await import(`../../packages/${name}/src/stage.ts`)) as { stage: StageDeclaration };
  return stage;
}

/**
 * The stage whose event it is: the first in flow order that emits it. Others may emit it too, under its contract.
 *
 * @returns undefined for an event that no stage emits
 */
export function ownerOf(event: EventName): StageName | undefined {
  return STAGES.find((name) => STAGE_DECLARATIONS[name].emits.includes(event));
}

/** What the bus calls a source of ours, whoever it is. */
const ANY_SOURCE_PREFIX = 'payments.';

/** An element of a pattern's `source`. */
export type SourcePattern = string | { readonly prefix: string };

/**
 * The sources that events may come from, for a rule's pattern: the stages that declare to emit them. An event that
 * no stage emits comes from producers outside (an API, a batch), which have names of their own under `payments.`.
 */
export function sourcesOf(events: readonly EventName[]): readonly SourcePattern[] {
  const sources = new Set<string>();
  let fromOutside = false;
  for (const event of events) {
    const emitters = Object.values(STAGE_DECLARATIONS).filter(({ emits }) => emits.includes(event));
    for (const { name } of emitters) sources.add(sourceOf(name));
    fromOutside ||= emitters.length === 0;
  }
  return fromOutside ? [{ prefix: ANY_SOURCE_PREFIX }] : [...sources];
}

/** The archive's and the audit's view: everything that is ours. */
export const OUR_EVENTS = { source: [{ prefix: ANY_SOURCE_PREFIX }] } as const;
