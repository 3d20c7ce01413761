/**
 * `pnpm new:subscriber <name> --event <Event>`: makes a package that subscribes to events and can be deployed at once,
 * with every line that names it elsewhere. `--remove` takes one back.
 */
import { parseArgs } from 'node:util';
import { STAGE_DECLARATIONS } from '@payments/infra/stages';
import { runDeployment } from '../deployment/open-deployment.ts';
import { ROOT } from '../stack-files.ts';
import { knownEvent, knownStage } from './event-name.ts';
import { applyChanges, changeLines, type FileChange } from './file-changes.ts';
import { format, generate, installPackages } from './repository-tools.ts';
import { ScaffoldRefusedError } from './scaffold-refused-error.ts';
import { type NewSubscriber, removalChanges, subscriberChanges } from './subscriber-changes.ts';
import { checkSubscriberName } from './subscriber-name.ts';

const HELP = `pnpm new:subscriber <name> --event <Event> [--event <Event> …]

Makes packages/<name>: a stage that subscribes to the events, of the same shape as every other, ready to be deployed.
docs/new-subscriber.md is a worked example.

  --event <Event>         what it consumes, such as TransactionPosted; one or more
  --description <text>    one line that says what it is for
  --owner <@team>         who reviews its changes; default @payments/<name>
  --dry-run               list the files and write nothing
  --remove                take the subscriber <name> back: its package, and every line that names it
`;
/** Characters that need no escape in JSON, TypeScript and Markdown alike. */
const DESCRIPTION = /^[A-Za-z0-9][A-Za-z0-9 ,.:;()/-]{2,119}$/;
const OWNER = /^@[A-Za-z0-9][\w-]*(\/[\w.-]+)?$/;

await runDeployment(async () => {
  const { values, positionals } = options(process.argv.slice(2));
  if (values.help === true) return console.log(HELP);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new ScaffoldRefusedError(`One name is needed.\n\n${HELP}`);
  const isDry = values['dry-run'] === true;
  if (values.remove === true) return remove(name, isDry);
  return make(asked(name, values), isDry);
});

function options(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        event: { type: 'string', multiple: true },
        description: { type: 'string' },
        owner: { type: 'string' },
        'dry-run': { type: 'boolean' },
        remove: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new ScaffoldRefusedError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function asked(name: string, values: ReturnType<typeof options>['values']): NewSubscriber {
  checkSubscriberName(ROOT, name);
  const events = [...new Set((values.event ?? []).map(knownEvent))];
  if (events.length === 0)
    throw new ScaffoldRefusedError(
      'What does it subscribe to? Say it with --event, such as --event TransactionPosted.',
    );
  const description = values.description ?? `Tells of ${events.join(' and ')}`;
  if (!DESCRIPTION.test(description))
    throw new ScaffoldRefusedError(
      '--description takes 3 to 120 letters, digits, blanks and , . : ; ( ) / -',
    );
  const owner = values.owner ?? `@payments/${name}`;
  if (!OWNER.test(owner))
    throw new ScaffoldRefusedError(`--owner takes @person or @organisation/team, not "${owner}".`);
  return { name, events, description, owner };
}

function make(subscriber: NewSubscriber, isDry: boolean): void {
  const changes = subscriberChanges(ROOT, subscriber);
  if (!write(changes, isDry)) return;
  const { name } = subscriber;
  console.log(`
packages/${name} subscribes to ${subscriber.events.join(', ')}. With "npm start" running in another terminal:

  pnpm turbo test --filter=@payments/${name}
  pnpm turbo deploy --filter=@payments/${name}

What it tells is decided in packages/${name}/src/choose-alert.ts: edit, deploy again.
"pnpm turbo destroy --filter=@payments/${name}" offboards it. docs/new-subscriber.md goes on from here.`);
}

function remove(name: string, isDry: boolean): void {
  const { emits } = STAGE_DECLARATIONS[knownStage(name)];
  const listener = Object.values(STAGE_DECLARATIONS).find(
    (other) => other.name !== name && other.consumes.some((event) => emits.includes(event)),
  );
  if (listener !== undefined)
    throw new ScaffoldRefusedError(`${name} is not removed: ${listener.name} lives on what it emits.`);
  if (!write(removalChanges(ROOT, name), isDry)) return;
  console.log(
    `\npackages/${name} is removed here. Where it is still deployed, destroy it from a commit that has it.`,
  );
}

/** Writes, formats and links; a dry run lists alone. */
function write(changes: readonly FileChange[], isDry: boolean): boolean {
  console.log(changeLines(changes).join('\n'));
  console.log('  and what follows from these: pipelines, documents of events, pnpm-lock.yaml');
  if (isDry) {
    console.log('Nothing is written: this is a dry run.');
    return false;
  }
  applyChanges(ROOT, changes);
  format(
    ROOT,
    changes.filter(({ kind }) => kind !== 'remove').map(({ path }) => path),
  );
  installPackages(ROOT);
  generate(ROOT);
  return true;
}
