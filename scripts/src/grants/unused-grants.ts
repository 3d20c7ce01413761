import { type Grant, unusedOf } from './grant.ts';

/** Grants that no run of ours can use, or need not, and why they stay. */
export interface UnusedGrantsEntry {
  /** The names of whose policies it is about; `*` stands for any text. */
  readonly holders: readonly string[];
  readonly actions: readonly string[];
  /** Only on these resources; on all when absent. `*` stands for any text. */
  readonly resources?: readonly string[];
  /** True where chance has a part in it, so that some run may use the grant. */
  readonly mayBeUsed?: true;
  readonly why: string;
}

/** The file of entries does not have the form that it must have. */
export class UnusedGrantsFileError extends Error {
  override readonly name = 'UnusedGrantsFileError';
  readonly code = 'UnusedGrantsFile';
  readonly retryable = false;
}

const MEMBERS: ReadonlySet<string> = new Set(['holders', 'actions', 'resources', 'mayBeUsed', 'why']);
/** A reason that is shorter says nothing. */
const WHY_LENGTH_MIN = 20;

/**
 * Reads the entries.
 *
 * @param text JSON: a list of entries
 * @throws UnusedGrantsFileError naming the entry and what is wrong with it
 */
export function parseUnusedGrants(text: string): readonly UnusedGrantsEntry[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new UnusedGrantsFileError('the unused grants are a list of entries');
  return value.map((entry: unknown, index) => {
    if (!isEntry(entry)) {
      throw new UnusedGrantsFileError(
        `entry ${index + 1} of the unused grants is not {"holders": ["…"], "actions": ["…"], "resources"?: ["…"], "mayBeUsed"?: true, "why": "…"} with a reason of ${WHY_LENGTH_MIN} characters or more`,
      );
    }
    return entry;
  });
}

function isEntry(value: unknown): value is UnusedGrantsEntry {
  if (typeof value !== 'object' || value === null || Object.keys(value).some((name) => !MEMBERS.has(name)))
    return false;
  const { holders, actions, resources, mayBeUsed, why } = value as Readonly<Record<string, unknown>>;
  return (
    isTexts(holders) &&
    isTexts(actions) &&
    (resources === undefined || isTexts(resources)) &&
    (mayBeUsed === undefined || mayBeUsed === true) &&
    typeof why === 'string' &&
    why.length >= WHY_LENGTH_MIN
  );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

/**
 * What must not be: a grant that no call used and no entry explains, and what an entry names that is not unused.
 *
 * @returns one sentence each, which says what to do
 */
export function grantProblems(
  grants: readonly Grant[],
  entries: readonly UnusedGrantsEntry[],
  file: string,
): readonly string[] {
  const unused = unusedOf({ grants });
  const problems = unused
    .filter((grant) => !entries.some((entry) => explains(entry, grant)))
    .map(
      ({ holder, statement, action, resource }) =>
        `${holder} may ${action} on ${resource} (${statement}), and no run did: take the grant away, or say why it stays in ${file}.`,
    );
  return [
    ...problems,
    ...entries.flatMap((entry) => staleParts(entry, entry.mayBeUsed === true ? grants : unused, file)),
  ];
}

function explains({ holders, actions, resources }: UnusedGrantsEntry, grant: Grant): boolean {
  return (
    actions.includes(grant.action) &&
    holders.some((holder) => isLike(grant.holder, holder)) &&
    (resources === undefined || resources.some((resource) => isLike(grant.resource, resource)))
  );
}

/** The holders, actions and resources of an entry by which it explains none of these grants. */
function staleParts(entry: UnusedGrantsEntry, explained: readonly Grant[], file: string): readonly string[] {
  const stale = (['holders', 'actions', 'resources'] as const).flatMap((part) =>
    (entry[part] ?? []).filter(
      (text) => !explained.some((grant) => explains({ ...entry, [part]: [text] }, grant)),
    ),
  );
  return stale.map(
    (text) => `${file} explains an unused grant of ${text} ("${entry.why}"), and there is none: take it out.`,
  );
}

function isLike(text: string, pattern: string): boolean {
  const expression = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${expression.join('.*')}$`).test(text);
}
