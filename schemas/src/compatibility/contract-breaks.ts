import type { SchemaObject } from '../load-schemas.ts';
import { type Reading, type Refusal, refusals } from './compare-schemas.ts';
import type { ContractSet } from './contract-set.ts';

/**
 * Who cannot read whom. `backward`: who reads by the present contract refuses what was written by the released one
 * (events on the way and in the archive). `forward`: who still reads by the released contract refuses what is written
 * by the present one (consumers that are deployed later).
 */
export type Direction = 'backward' | 'forward';

/** A change that needs a new major version. */
export interface ContractBreak {
  /** The contract's file: `events/transaction-posted.v1.json`. */
  readonly contract: string;
  /** Its title, for an event its detail-type. */
  readonly title: string;
  readonly direction: Direction;
  readonly field: string;
  readonly says: string;
}

/** Consumers of events let unknown members pass, in either direction. */
const CONSUMER: Reading = { unknownMembers: 'pass', missesMembers: false };
/** A member that goes is missed by those that read it, even where it was never required. */
const LATER_CONSUMER: Reading = { unknownMembers: 'pass', missesMembers: true };
/** Documents that people write for us are read closed, so that a slip of the pen is found. */
const READER: Reading = { unknownMembers: 'refuse', missesMembers: false };

/** Contracts of documents that we write for others; all other configuration is read by us alone. */
const WRITTEN_FOR_OTHERS = /^configuration\/posting-input\.v\d+\.json$/;

/**
 * What of the present contracts breaks with the released ones. Shared schemas are compared where contracts use them;
 * contracts that were not released yet break with nothing.
 *
 * @param retired files of released contracts that may be gone
 * @throws UnknownKeywordError for a keyword that comparisons do not follow
 */
export function contractBreaks(
  released: ContractSet,
  present: ContractSet,
  retired: ReadonlySet<string> = new Set(),
): readonly ContractBreak[] {
  const contracts = [...released].filter(([path]) => !path.startsWith('shared/') && !retired.has(path));
  return contracts.flatMap(([path, schema]) => breaksOf(path, schema, released, present));
}

/** What of one present contract breaks with its released version. */
export function breaksOf(
  contract: string,
  schema: SchemaObject,
  released: ContractSet,
  present: ContractSet,
): readonly ContractBreak[] {
  const about = { contract, title: String(schema['title']) };
  const now = present.get(contract);
  if (now === undefined)
    return [{ ...about, direction: 'backward', field: '', says: 'the contract is gone' }];
  const before = { schema, path: contract, set: released };
  const after = { schema: now, path: contract, set: present };
  const event = contract.startsWith('events/');
  const backward = refusals(before, after, event ? CONSUMER : READER);
  const forward = event || WRITTEN_FOR_OTHERS.test(contract) ? refusals(after, before, LATER_CONSUMER) : [];
  const found = (direction: Direction, list: readonly Refusal[]): ContractBreak[] =>
    list.map((refusal) => ({ ...about, direction, ...refusal }));
  const titles =
    now['title'] === schema['title']
      ? []
      : [{ field: '', says: `is now ${now['title']}, which rules for ${about.title} do not see` }];
  return [...found('backward', backward), ...found('forward', [...forward, ...titles])];
}
