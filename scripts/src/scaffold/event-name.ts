import { type EventName, STAGES, type StageName } from '@payments/schemas';
import { contracts } from '@payments/schemas/contracts';
import { nearestName } from '../commands/nearest-name.ts';
import { ScaffoldRefusedError } from './scaffold-refused-error.ts';

const EVENT_NAME = /^([A-Z][a-z]+)+$/;
/** EventBridge takes 128 characters; a name is read by people. */
const EVENT_NAME_LENGTH_MAX = 48;

/** Every event that has a contract, sorted. */
export const EVENT_NAMES = Object.keys(contracts).sort() as readonly EventName[];

/** The event of a name. @throws ScaffoldRefusedError that names the nearest one, or all */
export function knownEvent(name: string): EventName {
  const found = EVENT_NAMES.find((each) => each === name);
  if (found !== undefined) return found;
  throw new ScaffoldRefusedError(`There is no event "${name}"${insteadOf(name, EVENT_NAMES)}`);
}

/** The stage of a name. @throws ScaffoldRefusedError that names the nearest one, or all */
export function knownStage(name: string): StageName {
  const found = STAGES.find((each) => each === name);
  if (found !== undefined) return found;
  throw new ScaffoldRefusedError(`There is no stage "${name}"${insteadOf(name, STAGES)}`);
}

/** Holds the name of a new event against the form of names. @throws ScaffoldRefusedError that says what is wrong */
export function checkEventName(name: string): void {
  const refuse = (why: string): never => {
    throw new ScaffoldRefusedError(`An event cannot be named "${name}": ${why}`);
  };
  if (!EVENT_NAME.test(name))
    refuse('a name says what has happened, in words that begin with capitals, such as AlertRaised.');
  if (name.length > EVENT_NAME_LENGTH_MAX)
    refuse(`it has ${name.length} characters, and a name has ${EVENT_NAME_LENGTH_MAX} at the most.`);
  const known: readonly string[] = EVENT_NAMES;
  if (known.includes(name)) refuse('there is an event of the name; nothing is overwritten.');
}

/** `TransactionPosted` as `transaction-posted`: how the files of a contract are named. */
export function contractFileName(event: string): string {
  return event.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

function insteadOf(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  return nearest === undefined ? `; there are ${names.join(', ')}.` : `; is ${nearest} meant?`;
}
