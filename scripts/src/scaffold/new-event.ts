/**
 * `pnpm new:event <Name> --emitted-by <stage>`: makes the contract of an event with accepted and refused examples, says
 * in the stage's declaration that it emits it, and generates types and validators.
 */
import { parseArgs } from 'node:util';
import { runDeployment } from '../deployment/open-deployment.ts';
import { ROOT } from '../stack-files.ts';
import { eventChanges } from './event-changes.ts';
import { checkEventName, contractFileName, knownStage } from './event-name.ts';
import { applyChanges, changeLines } from './file-changes.ts';
import { format, generate } from './repository-tools.ts';
import { ScaffoldRefusedError } from './scaffold-refused-error.ts';

const HELP = `pnpm new:event <Name> --emitted-by <stage>

Makes the contract of an event, version 1, with examples, and declares that the stage emits it.

  --emitted-by <stage>    the stage that says it
  --description <text>    one sentence that says what has happened
  --dry-run               list the files and write nothing
`;
const DESCRIPTION_LENGTH_MAX = 200;

await runDeployment(async () => {
  const { values, positionals } = options(process.argv.slice(2));
  if (values.help === true) return console.log(HELP);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new ScaffoldRefusedError(`One name is needed.\n\n${HELP}`);
  checkEventName(name);
  if (values['emitted-by'] === undefined)
    throw new ScaffoldRefusedError('Who says it? Name the stage with --emitted-by.');
  const emittedBy = knownStage(values['emitted-by']);
  const description = values.description ?? `${words(name)}.`;
  if (description.length > DESCRIPTION_LENGTH_MAX)
    throw new ScaffoldRefusedError(`--description takes ${DESCRIPTION_LENGTH_MAX} characters at the most.`);
  const changes = eventChanges(ROOT, { name, emittedBy, description });
  console.log(`${changeLines(changes).join('\n')}\n  and what is generated of contracts and declarations`);
  if (values['dry-run'] === true) return console.log('Nothing is written: this is a dry run.');
  applyChanges(ROOT, changes);
  format(
    ROOT,
    changes.map(({ path }) => path),
  );
  generate(ROOT);
  const file = contractFileName(name);
  console.log(`
${name} has a contract, and ${emittedBy} declares that it emits it. Next:

  1. schemas/events/${file}.v1.json: take out "explanation" or keep it, add the members that consumers need.
  2. schemas/examples/${file}.v1: show every member in an accepted example, refuse a wrong one.
  3. pnpm --filter @payments/schemas generate && pnpm turbo test --filter=@payments/schemas
  4. Return { event: '${name}', record } from the handler of ${emittedBy}; its infra.ts grants what it declares.`);
});

function options(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'emitted-by': { type: 'string' },
        description: { type: 'string' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new ScaffoldRefusedError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** `AlertRaised` as `Alert raised`. */
function words(name: string): string {
  const [first = '', ...others] = name.split(/(?=[A-Z])/);
  return [first, ...others.map((word) => word.toLowerCase())].join(' ');
}
