import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentNames } from '@payments/infra/environment';
import type { EventName } from '@payments/schemas';
import { creation, edit, editJson, type FileChange } from './file-changes.ts';
import { editStageList } from './stage-list.ts';

/** The files of a new package, each with `.template` after its name. */
const TEMPLATE = fileURLToPath(new URL('./subscriber-template/', import.meta.url));
const TEMPLATE_SUFFIX = '.template';
const CODEOWNERS = '.github/CODEOWNERS';
/** Depends on every stage, so that each is bundled before the end-to-end tests. */
const SCRIPTS_PACKAGE = 'scripts/package.json';
/** Delivery of which a new subscriber has nothing to wait for. */
const DELIVERY = { mode: 'real-time' } as const;

/** A subscriber that is to be made. */
export interface NewSubscriber {
  readonly name: string;
  readonly events: readonly EventName[];
  /** One line that says what it is for. */
  readonly description: string;
  /** Who reviews its changes: `@organisation/team`. */
  readonly owner: string;
}

/** A file that names the stages. */
type Listing = (root: string) => FileChange | undefined;

/**
 * All that makes a subscriber: its package, and the few places that name the stages.
 *
 * @throws ScaffoldRefusedError when one of its files is there already
 */
export function subscriberChanges(root: string, subscriber: NewSubscriber): readonly FileChange[] {
  const { name, owner } = subscriber;
  const edits: readonly Listing[] = [
    () => editStageList(root, (names) => [...names, name]),
    ...environmentNames().map(
      (environment) => () => editDelivery(root, environment, (all) => ({ ...all, [name]: DELIVERY })),
    ),
    () => editDependencies(root, (all) => ({ ...all, [`@payments/${name}`]: 'workspace:*' })),
    () => editOwners(root, (lines) => [...lines, `${ownedBy(name)} ${owner}`]),
  ];
  return [...packageFiles(root, subscriber), ...edits.flatMap((change) => change(root) ?? [])];
}

/** All that takes a subscriber back. */
export function removalChanges(root: string, name: string): readonly FileChange[] {
  const without = <Value>(all: Readonly<Record<string, Value>>, key: string): Record<string, Value> =>
    Object.fromEntries(Object.entries(all).filter(([each]) => each !== key));
  const edits: readonly Listing[] = [
    () => editStageList(root, (names) => names.filter((each) => each !== name)),
    ...environmentNames().map(
      (environment) => () => editDelivery(root, environment, (all) => without(all, name)),
    ),
    () => editDependencies(root, (all) => without(all, `@payments/${name}`)),
    () => editOwners(root, (lines) => lines.filter((line) => !line.startsWith(`${ownedBy(name)} `))),
  ];
  const folder: FileChange = { kind: 'remove', path: `packages/${name}`, text: '' };
  return [folder, ...edits.flatMap((change) => change(root) ?? [])];
}

function packageFiles(root: string, { name, events, description }: NewSubscriber): readonly FileChange[] {
  const code = (texts: readonly string[]): string => texts.map((text) => `'${text}'`).join(', ');
  const values: Readonly<Record<string, string>> = {
    NAME: name,
    DESCRIPTION: description,
    EVENTS_TS: code(events),
    EVENTS_MD: events.map((event) => `\`${event}\``).join(', '),
  };
  return readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => {
      const target = path.slice(TEMPLATE.length, -TEMPLATE_SUFFIX.length).replaceAll('\\', '/');
      const text = readFileSync(path, 'utf8').replace(
        /__([A-Z_]+?)__/g,
        (all, key: string) => values[key] ?? all,
      );
      return creation(root, `packages/${name}/${target}`, text);
    });
}

type Delivery = Readonly<Record<string, unknown>>;

/** An environment says of every stage how it packs and how it is fed. */
function editDelivery(
  root: string,
  environment: string,
  change: (stages: Delivery) => Delivery,
): FileChange | undefined {
  return editJson<{ sources: Delivery; subscribers: Delivery }>(
    root,
    `infra/environments/${environment}.json`,
    (content) => ({ ...content, sources: change(content.sources), subscribers: change(content.subscribers) }),
  );
}

function editDependencies(
  root: string,
  change: (dependencies: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): FileChange | undefined {
  return editJson<{ dependencies: Readonly<Record<string, string>> }>(root, SCRIPTS_PACKAGE, (content) => {
    const sorted = Object.entries(change(content.dependencies)).sort(([a], [b]) => (a < b ? -1 : 1));
    return { ...content, dependencies: Object.fromEntries(sorted) };
  });
}

function ownedBy(name: string): string {
  return `/packages/${name}/`;
}

/** GitHub reads the last line that fits, so that a new one goes to the end. */
function editOwners(
  root: string,
  change: (lines: readonly string[]) => readonly string[],
): FileChange | undefined {
  if (!existsSync(join(root, CODEOWNERS))) return undefined;
  return edit(root, CODEOWNERS, (text) => `${change(text.trimEnd().split('\n')).join('\n')}\n`);
}
