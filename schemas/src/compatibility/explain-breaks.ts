import type { ContractBreak, Direction } from './contract-breaks.ts';

/** Who is concerned by a contract, by the names of stages; empty where it is nobody of ours. */
export interface Concerned {
  readonly consumers: readonly string[];
  readonly emitters: readonly string[];
}

const MEANINGS: Readonly<Record<Direction, string>> = {
  backward:
    'who reads by it cannot read what was written by the released contract: events on the way, the archive',
  forward:
    'who still reads by the released contract cannot read what is written by it: consumers deployed later',
};

/**
 * For whoever changed contracts: a text for each contract and direction, with the fields, who is concerned and what to do.
 *
 * @param concernedBy who is concerned by a contract, by its title; left out where it is not known
 */
export function explainBreaks(
  breaks: readonly ContractBreak[],
  concernedBy?: (title: string) => Concerned,
): readonly string[] {
  const groups = Map.groupBy(breaks, ({ contract, direction }) => `${contract} ${direction}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { contract, title, direction } = first;
    const concerned = concernedBy?.(title);
    const who =
      concerned === undefined
        ? []
        : [`  Consumers: ${list(concerned.consumers)}. Emitters: ${list(concerned.emitters)}.`];
    const next = contract.replace(/\.v(\d+)\.json$/, (_all, major) => `.v${Number(major) + 1}.json`);
    return [
      [
        `${title} is not ${direction} compatible: ${MEANINGS[direction]}.`,
        ...group.map(({ field, says }) => (field === '' ? `  - ${says}` : `  - ${field} ${says}`)),
        ...who,
        `  Take it back, or make ${next}: schemas/README.md says how.`,
      ].join('\n'),
    ];
  });
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none of ours' : names.join(', ');
}
