import type { StackName } from '../names.ts';
import { LEAST_PRIVILEGE, PUBLIC_ACCESS } from './access-policies.ts';
import { ALARM_RUNBOOKS, ALARMS } from './alarm-policies.ts';
import { DATA_PROTECTION, LOG_RETENTION } from './data-policies.ts';
import { DEAD_LETTER_PERMISSIONS, DEAD_LETTER_QUEUES } from './dead-letter-policies.ts';
import { ENCRYPTION, KEY_POLICIES, TRANSPORT } from './encryption-policies.ts';
import { EMITTED_EVENTS, EVENT_PATTERNS, PUT_EVENTS, SUBSCRIPTIONS } from './event-policies.ts';
import { FUNCTION_VARIABLES, RUNTIME, TRACING } from './function-policies.ts';
import { ENVIRONMENT_NAMES, TAGS } from './naming-policies.ts';
import { CONCURRENCY, FIFO_GROUPS, RULE_NAMES } from './ordering-policies.ts';
import type { CheckedStack, Fault, Policy } from './policy.ts';
import { PARTIAL_BATCH_FAILURES, RETRIES, VISIBILITY_TIMEOUT } from './retry-policies.ts';
import { TARGET_PERMISSIONS } from './target-policies.ts';

/** Every policy: what is not in this list is not demanded. */
export const POLICIES: readonly Policy[] = [
  DEAD_LETTER_QUEUES,
  DEAD_LETTER_PERMISSIONS,
  TARGET_PERMISSIONS,
  RETRIES,
  PARTIAL_BATCH_FAILURES,
  VISIBILITY_TIMEOUT,
  FIFO_GROUPS,
  CONCURRENCY,
  ALARMS,
  ALARM_RUNBOOKS,
  RULE_NAMES,
  EVENT_PATTERNS,
  SUBSCRIPTIONS,
  EMITTED_EVENTS,
  PUT_EVENTS,
  LEAST_PRIVILEGE,
  PUBLIC_ACCESS,
  ENCRYPTION,
  KEY_POLICIES,
  TRANSPORT,
  DATA_PROTECTION,
  LOG_RETENTION,
  TRACING,
  RUNTIME,
  FUNCTION_VARIABLES,
  TAGS,
  ENVIRONMENT_NAMES,
];

/** A place of a stack that breaks a policy. */
export interface Breach extends Fault {
  readonly policy: Policy;
  readonly owner: StackName;
}

/** A stack that is not synthesized, with every policy that it breaks and where. */
export class PoliciesBrokenError extends Error {
  override readonly name = 'PoliciesBrokenError';
  readonly code = 'PoliciesBroken';
  readonly retryable = false;
  readonly breaches: readonly Breach[];

  constructor({ owner, environment }: CheckedStack, breaches: readonly Breach[]) {
    super(
      `The stack ${owner} of ${environment.name} is not synthesized, for it breaks policies (docs/policies.md):\n` +
        breaches.map(describeBreach).join('\n'),
    );
    this.breaches = breaches;
  }
}

/** What breaks which policy in stacks of one environment: all of them, or one that is synthesized alone. */
export function breachesOf(stacks: readonly CheckedStack[]): readonly Breach[] {
  return stacks.flatMap((checked) =>
    POLICIES.flatMap((policy) =>
      policy.check(checked, stacks).map((fault) => ({ ...fault, policy, owner: checked.owner })),
    ),
  );
}

/** A breach as two lines: what is wrong, and what to do. */
export function describeBreach({ policy, address, wrong, remedy }: Breach): string {
  return `  ${policy.name}: ${address} ${wrong}.\n    ${remedy}`;
}
