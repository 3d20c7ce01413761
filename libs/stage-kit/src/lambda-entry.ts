import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsContext, Compose, LambdaFunction } from './aws-context.ts';

/** How often the SDK itself tries a call; longer outages are the business of queues and their retries. */
const SDK_ATTEMPTS = 3;

/** The outside as Lambda gives it: the real clock, randomness, AWS, and standard output. */
function lambdaContext(): AwsContext {
  return {
    clock: { now: () => Date.now(), sleep: (milliseconds) => sleep(milliseconds) },
    random: { uuid: () => randomUUID(), bytes: (length) => randomBytes(length) },
    client: { maxAttempts: SDK_ATTEMPTS },
    output: (line) => {
      process.stdout.write(`${line}\n`);
    },
  };
}

/**
 * What Lambda calls: composes the stage with the function's environment at its first invocation and keeps it
 * for the next ones.
 *
 * @param name the function's name in what `compose` gives, and in the Terraform module's `index.<name>`
 */
export function lambdaEntry(compose: Compose, name: string): LambdaFunction {
  let composed: LambdaFunction | undefined;
  return (event, context) => {
    composed ??= compose(process.env, lambdaContext())[name];
    if (composed === undefined) throw new Error(`the stage composes no function named ${name}`);
    return composed(event, context);
  };
}
