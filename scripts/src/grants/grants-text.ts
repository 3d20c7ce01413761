import { table } from '../text-table.ts';
import { type Grants, unusedOf } from './grant.ts';

/** Of both tables all columns but the last stand to the left. */
const LEFT_OF_GRANTED: ReadonlySet<number> = new Set([0, 1, 2, 3]);
const LEFT_OF_DENIED: ReadonlySet<number> = new Set([0, 1, 2]);

/**
 * What was granted with how often it was used, what never was, and what was denied, as lines.
 *
 * @param onlyUnused leaves out the grants that were used
 */
export function grantsText({ grants, denials }: Grants, onlyUnused: boolean): string {
  const unused = unusedOf({ grants });
  const number = (count: number): string => count.toLocaleString('en-GB');
  const granted = table(
    ['whose policy', 'statement', 'action', 'resource', 'used'],
    (onlyUnused ? unused : grants).map(({ holder, statement, action, resource, used }) => [
      holder,
      statement,
      action,
      resource,
      used === 0 ? 'never' : number(used),
    ]),
    LEFT_OF_GRANTED,
  );
  const denied = table(
    ['denied to', 'action', 'resource', 'times'],
    denials.map(({ caller, action, resource, times }) => [caller, action, resource, number(times)]),
    LEFT_OF_DENIED,
  );
  return [
    granted,
    '',
    `${number(grants.length)} granted, ${number(unused.length)} never used.`,
    ...(denials.length === 0 ? ['Nothing was denied.'] : ['', denied]),
  ].join('\n');
}
