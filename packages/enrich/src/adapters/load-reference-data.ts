import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  paginateScan,
} from '@aws-sdk/lib-dynamodb';
import type { ReferenceData } from '@payments/schemas';
import { ReferenceLoadOvertakenError, ReferenceVersionTakenError } from '../errors.ts';
import type { CardRow } from '../reference-rows.ts';
import { REFERENCE_SETS, type ReferenceSet } from '../reference-sets.ts';
import {
  CURRENT,
  itemIdPrefixOf,
  itemsOf,
  type Manifest,
  manifestIdOf,
  manifestOf,
  type ReferenceItem,
  type SetVersion,
} from './reference-items.ts';
import { writeItems } from './write-items.ts';

/** What becomes of one set when reference data is loaded. */
export interface SetChange {
  readonly set: ReferenceSet;
  /** As it is in the version that was current; undefined before the first load. */
  readonly before: SetVersion | undefined;
  readonly after: SetVersion;
  /** Whether its rows have to be written: they differ from those of the current version. */
  readonly isWritten: boolean;
}

/** What loading reference data does. */
export interface ReferenceLoad {
  readonly version: string;
  /** The version that is current until then; undefined before the first load. */
  readonly versionBefore: string | undefined;
  readonly changes: readonly SetChange[];
}

/**
 * Says what loading reference data would do, and does nothing.
 *
 * @param without sets whose rows are not known yet: whatever the table has of them is taken to be the same
 * @throws ReferenceVersionTakenError when the version is there with other rows
 */
export async function planReferenceLoad(
  documents: DynamoDBDocumentClient,
  table: string,
  data: ReferenceData,
  without: readonly ReferenceSet[] = [],
): Promise<ReferenceLoad> {
  const state = await readState(documents, table, data.version);
  const manifest = manifestOf(data);
  const known = without.map((set) => [set, (state.manifest ?? state.current)?.sets[set]] as const);
  const sets = {
    ...manifest.sets,
    ...Object.fromEntries(known.filter(([, version]) => version !== undefined)),
  };
  return loadOf(state, { ...manifest, sets });
}

/** The manifest of the current version; undefined before the first load. */
export async function currentManifest(
  documents: DynamoDBDocumentClient,
  table: string,
): Promise<Manifest | undefined> {
  return (await readState(documents, table)).current;
}

/**
 * Loads reference data as a version of its own and makes it the current one. Sets that the current version has are not
 * written again. Rows come first, then the manifest, and the current version last, in one write: a load that ends
 * half-way is seen by nobody, and can be done again. Versions from before stay as they are.
 *
 * @param data checked: see `referenceProblems`
 * @throws ReferenceVersionTakenError when the version is there with other rows; ReferenceLoadOvertakenError when
 *   another load came between; ReferenceDataUnavailableError
 */
export async function loadReferenceData(
  documents: DynamoDBDocumentClient,
  table: string,
  data: ReferenceData,
): Promise<ReferenceLoad> {
  const manifest = manifestOf(data);
  const state = await readState(documents, table, data.version);
  const load = loadOf(state, manifest);
  for (const { set, after, isWritten } of load.changes)
    if (isWritten) await writeItems(documents, table, itemsOf(data, set, after.version));
  if (state.manifest === undefined) await putManifest(documents, table, manifest);
  if (state.current?.version !== manifest.version)
    await putCurrent(documents, table, manifest, state.current);
  return load;
}

/** The cards of the current version, for a file that brings none of its own. */
export async function currentCards(documents: DynamoDBDocumentClient, table: string): Promise<CardRow[]> {
  const current = await currentManifest(documents, table);
  if (current === undefined) return [];
  const input = {
    TableName: table,
    FilterExpression: 'begins_with(id, :prefix)',
    ExpressionAttributeValues: { ':prefix': itemIdPrefixOf('CARD', current.sets.cards.version) },
    ConsistentRead: true,
  };
  const cards: CardRow[] = [];
  for await (const { Items = [] } of paginateScan({ client: documents }, input))
    cards.push(...(Items as ReferenceItem[]).map(({ row }) => row as CardRow));
  return cards;
}

/** What the table says before a load. */
interface State {
  readonly current: Manifest | undefined;
  /** Of the version that is to be loaded. */
  readonly manifest: Manifest | undefined;
}

async function readState(documents: DynamoDBDocumentClient, table: string, version?: string): Promise<State> {
  const ids = version === undefined ? [CURRENT] : [CURRENT, manifestIdOf(version)];
  const { Responses } = await documents.send(
    new BatchGetCommand({
      RequestItems: { [table]: { Keys: ids.map((id) => ({ id })), ConsistentRead: true } },
    }),
  );
  const items = (Responses?.[table] ?? []) as ReferenceItem[];
  const [current, manifest] = ids.map((id) => items.find((item) => item.id === id)?.row);
  return { current: current as Manifest | undefined, manifest: manifest as Manifest | undefined };
}

/** @throws ReferenceVersionTakenError */
function loadOf({ current, manifest: taken }: State, manifest: Manifest): ReferenceLoad {
  if (taken !== undefined) refuseOther(taken, manifest);
  const changes = REFERENCE_SETS.map((set) => {
    const before = current?.sets[set];
    const after = manifest.sets[set];
    // Rows that a manifest names are all there.
    const isThere = taken !== undefined || before?.version === after.version;
    return { set, before, after, isWritten: !isThere };
  });
  return { version: manifest.version, versionBefore: current?.version, changes };
}

function refuseOther(taken: Manifest, manifest: Manifest): void {
  const others = REFERENCE_SETS.filter((set) => taken.sets[set].version !== manifest.sets[set].version);
  if (others.length > 0) throw new ReferenceVersionTakenError(manifest.version, others);
}

/** Puts the manifest unless it is there: two loads of one version must say the same. */
async function putManifest(
  documents: DynamoDBDocumentClient,
  table: string,
  manifest: Manifest,
): Promise<void> {
  const Item = { id: manifestIdOf(manifest.version), row: manifest };
  try {
    await documents.send(
      new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(id)' }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const { manifest: taken } = await readState(documents, table, manifest.version);
    if (taken !== undefined) refuseOther(taken, manifest);
  }
}

/** Makes a version the current one, unless it is no longer the one that the load began with. */
async function putCurrent(
  documents: DynamoDBDocumentClient,
  table: string,
  manifest: Manifest,
  before: Manifest | undefined,
): Promise<void> {
  const condition =
    before === undefined
      ? { ConditionExpression: 'attribute_not_exists(id)' }
      : {
          ConditionExpression: '#row.#version = :before',
          ExpressionAttributeNames: { '#row': 'row', '#version': 'version' },
          ExpressionAttributeValues: { ':before': before.version },
        };
  try {
    await documents.send(
      new PutCommand({ TableName: table, Item: { id: CURRENT, row: manifest }, ...condition }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new ReferenceLoadOvertakenError(manifest.version, error);
  }
}
