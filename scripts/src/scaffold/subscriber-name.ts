import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { STAGES } from '@payments/schemas';
import { ScaffoldRefusedError } from './scaffold-refused-error.ts';

/** What the contract of metadata takes in `producedBy`, and AWS in names. */
const NAME = /^[a-z]+(-[a-z]+)*$/;
const NAME_LENGTH_MIN = 3;
/** Names of AWS resources take 64 characters: system, environment, stage and purpose. */
const NAME_LENGTH_MAX = 20;
/** Names of packages that are no stages, and of the stack that is none. */
const TAKEN = ['platform', 'infra', 'schemas', 'scripts', 'domain', 'stage-kit', 'local-cloud', 'iso20022'];

/**
 * Holds the name of a new subscriber against what packages, resources and contracts take.
 *
 * @throws ScaffoldRefusedError that says what is wrong with it
 */
export function checkSubscriberName(root: string, name: string): void {
  const refuse = (why: string): never => {
    throw new ScaffoldRefusedError(`A subscriber cannot be named "${name}": ${why}`);
  };
  if (!NAME.test(name))
    refuse('a name is small letters in words with a dash between, such as large-payments.');
  if (name.length < NAME_LENGTH_MIN || name.length > NAME_LENGTH_MAX)
    refuse(`it has ${name.length} characters, and a name has ${NAME_LENGTH_MIN} to ${NAME_LENGTH_MAX}.`);
  if (TAKEN.includes(name)) refuse('another package or stack has the name.');
  const others: readonly string[] = STAGES;
  if (others.includes(name) || existsSync(join(root, 'packages', name)))
    refuse(`packages/${name} exists; nothing is overwritten.`);
  // What belongs to a stage is told by the beginning of its name.
  const near = others.find((other) => other.startsWith(`${name}-`) || name.startsWith(`${other}-`));
  if (near !== undefined) refuse(`resources of it and of the stage ${near} could not be told apart.`);
}
