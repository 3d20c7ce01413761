import { type StageDeclaration, sourceOf } from '@payments/schemas';
import { platformNames } from '../platform-names.ts';
import type { SynthesizedStack } from '../synthesized-stack.ts';
import { isTerminal } from '../terminal-events.ts';
import { matcherOf, type PublishedEvent } from './event-pattern.ts';
import type { Fault, Policy } from './policy.ts';
import { allowedBy } from './statements.ts';

const RULE = 'aws_cloudwatch_event_rule';
const ARCHIVE = 'aws_cloudwatch_event_archive';

/** A pattern that nothing matches is a subscription that hears nothing, or an archive that keeps nothing. */
export const EVENT_PATTERNS: Policy = {
  name: 'event-patterns',
  demands: 'The pattern of every rule and archive matches an event that some stage emits.',
  source: 'EventBridge user guide, "Creating Amazon EventBridge event patterns"',
  check: ({ stack, declarations }) => {
    const published = eventsOf(declarations);
    return patternsOf(stack, [RULE, ARCHIVE]).flatMap(({ address, pattern }) => {
      const matches = matcherOf(pattern);
      if (matches === undefined)
        return [
          {
            address,
            wrong: 'has a pattern that asks for more than source and detail-type, or in another way',
            remedy:
              'Ask for texts or prefixes of source and detail-type, as SubscriptionRule does: what else is in an event, its contract says.',
          },
        ];
      if (published.some(matches)) return [];
      return [
        {
          address,
          wrong: `matches no event that a stage emits: ${pattern}`,
          remedy: 'Make its pattern from what the stage declares to consume, or declare who emits the event.',
        },
      ];
    });
  },
};

/** The declaration is what people read; the rules are what the bus reads. */
export const SUBSCRIPTIONS: Policy = {
  name: 'subscriptions',
  demands:
    'The rules of a stage match exactly the events that it declares to consume, from every stage that declares to emit them.',
  source: 'decision 0002, stages and imports',
  check: ({ stack, stage, declarations }) => {
    if (stage === undefined) return [];
    const matchers = patternsOf(stack, [RULE]).map(({ pattern }) => matcherOf(pattern));
    return eventsOf(declarations).flatMap((event) => {
      const isHeard = matchers.some((matches) => matches?.(event) === true);
      const isDeclared = (stage.consumes as readonly string[]).includes(event['detail-type']);
      if (isHeard === isDeclared) return [];
      const said = `${event['detail-type']} of ${event.source}`;
      return [
        {
          address: declarationOf(stage),
          wrong: isDeclared
            ? `consumes ${said}, which no rule of the stack matches`
            : `does not consume ${said}, which a rule of the stack matches`,
          remedy: 'Subscribe with SubscriptionRule, which makes the pattern of the declaration.',
        },
      ];
    });
  },
};

/** An event that nobody takes is a contract that nobody tests. */
export const EMITTED_EVENTS: Policy = {
  name: 'emitted-events',
  demands:
    'Every event that a stage emits is consumed by some stage, or declared to be for subscribers outside.',
  source: 'decision 0026, policies at synthesis',
  check: ({ stage, declarations }) => {
    if (stage === undefined) return [];
    return stage.emits
      .filter((event) => !declarations.some(({ consumes }) => consumes.includes(event)))
      .filter((event) => !isTerminal(event))
      .map((event) => ({
        address: declarationOf(stage),
        wrong: `emits ${event}, which no stage consumes`,
        remedy: 'Let a stage consume it, or say in infra/src/terminal-events.json whom outside it is for.',
      }));
  },
};

/** Who may put what on the bus is the declaration, enforced by IAM. */
export const PUT_EVENTS: Policy = {
  name: 'put-events',
  demands:
    "Whoever may put events on the bus may put them on the platform's bus alone, as its own stage, and those that the stage declares to emit.",
  source: 'EventBridge user guide, "Using IAM policy conditions in Amazon EventBridge"',
  check: ({ stack, stage, environment }) => {
    const { busArn } = platformNames(environment);
    const faults: Fault[] = [];
    for (const [address, { policy }] of stack.all()) {
      for (const { actions, resources, conditions } of allowedBy(policy)) {
        if (!actions.includes('events:PutEvents')) continue;
        const { 'events:source': source, 'events:detail-type': types } = conditions['StringEquals'] ?? {};
        const allowed = [types ?? []].flat().map(String);
        const isOwn =
          stage !== undefined &&
          source === sourceOf(stage.name) &&
          allowed.length > 0 &&
          allowed.every((type) => (stage.emits as readonly string[]).includes(type));
        if (isOwn && resources.every((resource) => resource === busArn)) continue;
        faults.push({
          address,
          wrong: 'allows events:PutEvents on other than its own declared events',
          remedy: 'Grant it with grantPutEvents, which adds the conditions on source and detail-type.',
        });
      }
    }
    return faults;
  },
};

function declarationOf({ name }: StageDeclaration): string {
  return `packages/${name}/src/stage.ts`;
}

function eventsOf(declarations: readonly StageDeclaration[]): readonly PublishedEvent[] {
  return declarations.flatMap(({ name, emits }) =>
    emits.map((event) => ({ source: sourceOf(name), 'detail-type': event })),
  );
}

function patternsOf(
  stack: SynthesizedStack,
  types: readonly string[],
): readonly { readonly address: string; readonly pattern: string }[] {
  return types.flatMap((type) =>
    [...stack.resources(type)].map(([id, { event_pattern }]) => ({
      address: `${type}.${id}`,
      pattern: String(event_pattern),
    })),
  );
}
