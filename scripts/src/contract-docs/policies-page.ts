import { POLICIES } from '../../../infra/src/policies/broken-policies.ts';
import { TERMINAL_EVENTS } from '../../../infra/src/terminal-events.ts';

/** `docs/policies.md`: what no stack may break, made of the list of policies. */
export function policiesPage(): string {
  const policies = POLICIES.map(({ name, demands, source }) => `| \`${name}\` | ${demands} | ${source} |`);
  const events = Object.entries(TERMINAL_EVENTS).map(([event, whom]) => `| \`${event}\` | ${whom} |`);
  return `<!-- Generated from infra/src/policies by "pnpm --filter @payments/scripts generate"; do not edit. -->

# Policies

What no stack may break. Each is held against the Terraform that a synthesis wrote: a stack that breaks one is not synthesized,
\`pnpm synth\` exits with 1 and says which policy, where, and what to do:

\`\`\`text
The stack standardize of dev is not synthesized, for it breaks policies (docs/policies.md):
  dead-letter-queues: aws_sqs_queue.shortcut has no dead-letter queue: what it gives up is lost.
    Make a DeadLetterQueue and name it in redrive_policy.
\`\`\`

${POLICIES.length} policies:

| policy | what it demands | source |
| --- | --- | --- |
${policies.join('\n')}

The constructs of \`@payments/infra\` keep all of them; whoever uses these meets a policy only by mistake. Tests hold every stack of
every environment together against them, and plant a fault for each policy into the stacks of the day: exactly that policy must
find it (\`infra/src/policies/planted-faults.test.ts\`).

## A further policy

A \`Policy\` in \`infra/src/policies\`, an entry in \`POLICIES\` (\`broken-policies.ts\`), and a planted fault in one of the
\`*-faults.fixture.ts\`: the test fails for a policy without one. Then \`pnpm --filter @payments/scripts generate\`.

## Events that no stage consumes

\`emitted-events\` lets these be, because they are for subscribers outside the pipeline (\`infra/src/terminal-events.json\`):

| event | for |
| --- | --- |
${events.join('\n')}
`;
}
