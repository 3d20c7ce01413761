import type { ContractBreak, Direction } from './contract-breaks.ts';

/** Who is concerned by a break, by the names of stages; empty where it is nobody of ours. */
export interface Concerned {
  readonly consumers: readonly string[];
  readonly emitters: readonly string[];
}

const MEANINGS: Readonly<Record<Direction, string>> = {
  backward:
    'by the present contract, what was written by the released one cannot be read: events on the way, the archive',
  forward:
    'by the released contract, what is written by the present one cannot be read: consumers that are deployed later',
};

/** One line for whoever changed a contract: the field, what differs, the direction, who is concerned, what to do. */
export function explainBreak(found: ContractBreak, concerned?: Concerned): string {
  const { contract, title, direction, field, says } = found;
  const where = field === '' ? title : `${title} ${field}`;
  const who =
    concerned === undefined
      ? ''
      : ` Consumers: ${list(concerned.consumers)}. Emitters: ${list(concerned.emitters)}.`;
  const next = contract.replace(/\.v(\d+)\.json$/, (_all, major) => `.v${Number(major) + 1}.json`);
  return `${where}: ${says}. Not ${direction} compatible: ${MEANINGS[direction]}.${who} Take it back, or make ${next}; see schemas/README.md.`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none of ours' : names.join(', ');
}
