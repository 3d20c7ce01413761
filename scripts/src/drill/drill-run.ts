import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import type { PostingEntry } from '@payments/schemas';
import { bookedSequences } from './booked-sequences.ts';
import type { Victims } from './choose-victims.ts';
import type { BookedSequence, Damage, EntryRow, LedgerDamage } from './damage.ts';
import { drawn, unknownId } from './draw.ts';
import { type DrillCase, drillCases, timesDetected } from './drill-cases.ts';
import { DrillCloud, type DrillCloudOptions } from './drill-cloud.ts';
import type { DrillLoad } from './drill-load.ts';
import { type EvidenceVerdict, verifyEvidence } from './evidence-verdict.ts';
import { approveProposals, minutesUntilOverdue, reconcileUntilQuiet, runPass } from './reconcile-rounds.ts';
import { type SideRow, sideRows } from './side-rows.ts';

/** Further apart than what travels in one event. */
const MINUTES_BETWEEN_CHUNKS = 2;

/** What is done to a run, and to whom. */
export interface DamagePlan {
  readonly damages: readonly Damage[];
  readonly victims: Victims;
}

/** How a run ended. */
export interface DrillRun {
  readonly sequences: readonly BookedSequence[];
  readonly sides: ReadonlyMap<string, SideRow>;
  /** In which part of the load each transaction came. */
  readonly chunkOf: ReadonlyMap<string, number>;
  /** As they are at the end. */
  readonly cases: readonly DrillCase[];
  /** As policy alone left them, by their id. */
  readonly byPolicy: ReadonlyMap<string, DrillCase>;
  /** The cases that a person approved. */
  readonly approved: ReadonlySet<string>;
  /** The transactions that were hit, by the name of the damage. */
  readonly planted: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of each transaction that was lost in an event of several records: whose records these were. */
  readonly lostTogether: ReadonlyMap<string, ReadonlySet<string>>;
  readonly evidence: EvidenceVerdict;
  /** How often each case was said to be found. */
  readonly detected: ReadonlyMap<string, number>;
  /** What running reconciliation once more changed; nothing is right. */
  readonly changedByRepeating: readonly string[];
  /** How much virtual time it took, in minutes. */
  readonly minutes: number;
}

/**
 * Runs a load through the pipeline with damage or without, and reconciliation until it has nothing left to do: with a
 * pass during the load, and another one when all is done.
 *
 * @param say called with what goes on
 */
export async function drillRun(
  options: DrillCloudOptions,
  load: DrillLoad,
  plan: DamagePlan | undefined,
  say: (text: string) => void,
): Promise<DrillRun> {
  const drill = await DrillCloud.open(options);
  try {
    const planted = new Map<string, Set<string>>();
    const plant = (name: string, ids: Iterable<string>): void => {
      planted.set(name, new Set([...(planted.get(name) ?? []), ...ids]));
    };
    await drill.loadReference(load.reference);
    for (const damage of plan?.damages ?? [])
      if (damage.kind === 'lost-event')
        drill.losses.lose(damage, plan?.victims.transactions.get(damage.name) ?? []);
    drill.disturb(true);
    drill.losses.enabled = true;
    const chunkOf = await bringIn(drill, load, plan, plant);
    await drill.rest();
    drill.losses.enabled = false;
    for (const [name, ids] of drill.losses.lost) plant(name, ids);
    say(`${chunkOf.size} transactions are through after ${drill.minutes} virtual minutes`);
    await reconcileUntilQuiet(drill, say, minutesUntilOverdue(options.environment));

    for (const damage of plan?.damages ?? [])
      if (damage.kind === 'ledger')
        plant(damage.name, await damageLedger(drill, damage, plan?.victims, options.seed));
    if (plan?.damages.some(({ kind }) => kind === 'ledger')) say('the ledger is damaged');
    if (plan !== undefined) await reconcileUntilQuiet(drill, say, minutesUntilOverdue(options.environment));
    const byPolicy = await drillCases(drill.environment, drill.documents);
    const approved = await approveProposals(drill, byPolicy);
    if (approved.size > 0) await reconcileUntilQuiet(drill, say);
    const before = await stateOf(drill);
    await reconcileUntilQuiet(drill, say);
    const after = await stateOf(drill);
    drill.disturb(false);
    return {
      ...after,
      chunkOf,
      byPolicy: new Map(byPolicy.map((each) => [each.breakId, each])),
      approved,
      planted,
      lostTogether: drill.losses.lostTogether,
      evidence: await verifyEvidence(drill, after.cases),
      changedByRepeating: changes(before, after),
      minutes: drill.minutes,
    };
  } finally {
    await drill.close();
  }
}

/** Brings the load in part by part, with a pass in the middle; gives the part of each transaction. */
async function bringIn(
  drill: DrillCloud,
  load: DrillLoad,
  plan: DamagePlan | undefined,
  plant: (name: string, ids: Iterable<string>) => void,
): Promise<ReadonlyMap<string, number>> {
  const chunkOf = new Map<string, number>();
  const closed: string[] = [];
  for (const [number, lines] of load.chunks.entries()) {
    // Enrich believes for a while what was current when it was asked last.
    if (plan?.victims.closingChunks.has(number) === true) {
      await drill.rest();
      await drill.pass(minutesUntilForgotten(drill.environment));
    }
    for (const transactionId of await drill.ingest(lines)) chunkOf.set(transactionId, number);
    const closing = [...(plan?.victims.closedAccounts ?? [])].filter(([, id]) => chunkOf.get(id) === number);
    if (closing.length > 0) {
      // Nothing of it has come to enrich yet: time stands still while lines are ingested.
      closed.push(...closing.map(([accountId]) => accountId));
      await drill.loadReference(load.referenceWithout(closed));
      plant(
        'account-closed-meanwhile',
        closing.map(([, id]) => id),
      );
    }
    await drill.pass(MINUTES_BETWEEN_CHUNKS);
    if (number === Math.floor(load.chunks.length / 2)) await runPass(drill);
  }
  if (plan?.damages.some(({ kind }) => kind === 'lone-reversal'))
    plant('reversal-without-original', await drill.ingest(load.loneReversals));
  return chunkOf;
}

function minutesUntilForgotten({ referenceCacheSeconds }: Environment): number {
  return Math.ceil(referenceCacheSeconds / 60) + 1;
}

/** Writes into the ledger's table as its owner may and no stage can; gives the transactions that it then differs for. */
async function damageLedger(
  drill: DrillCloud,
  damage: LedgerDamage,
  victims: Victims | undefined,
  seed: number,
): Promise<readonly string[]> {
  const { environment, documents, losses } = drill;
  const TableName = resourceName(environment, 'posting', 'ledger');
  const lost = new Set([...losses.lost.values()].flatMap((ids) => [...ids]));
  const booked = await bookedSequences(environment, documents);
  const byTransaction = new Map(booked.map((each) => [each.transactionId, each]));
  const hit: string[] = [];
  for (const transactionId of victims?.transactions.get(damage.name) ?? []) {
    const sequence = byTransaction.get(transactionId);
    // One damage is enough for a transaction: where events carry many, it may have been lost with another one.
    if (sequence === undefined || lost.has(transactionId)) continue;
    const other = booked[drawn(seed, 'other', transactionId) % booked.length] ?? sequence;
    const change = damage.change(sequence, {
      below: (limit) => drawn(seed, damage.name, transactionId) % limit,
      other,
      unknownId: unknownId(seed, transactionId),
    });
    for (const { sequenceId, position } of change.remove ?? [])
      await documents.send(new DeleteCommand({ TableName, Key: { sequenceId, position } }));
    for (const Item of change.put ?? []) await documents.send(new PutCommand({ TableName, Item }));
    if (change.send !== undefined)
      await drill.publish('account-interface', 'PostingEntryCreated', entryRecords(sequence, change.send));
    hit.push(change.transactionId ?? transactionId);
  }
  return hit;
}

/** What would have come of entries as account-interface says them. */
function entryRecords({ own }: BookedSequence, rows: readonly EntryRow[]): object[] {
  const { scheme, loggedAt } = own;
  return rows.map(({ position: _position, sequenceId: _sequenceId, transactionId, ...row }) => {
    const { customerAccountId: _account, bookedOrder: _order, ...entry } = row as PostingEntry & Indexed;
    const about = {
      transactionId,
      idempotencyKey: entry.entryId,
      scheme,
      loggedAt,
      lifecycleId: transactionId,
    };
    return { ...about, entry };
  });
}

/** What the ledger adds to rows for its index of statements. */
interface Indexed {
  readonly customerAccountId?: string;
  readonly bookedOrder?: string;
}

type DrillState = Pick<DrillRun, 'sequences' | 'sides' | 'cases' | 'detected'>;

async function stateOf(drill: DrillCloud): Promise<DrillState> {
  const { environment, documents, cloud } = drill;
  return {
    sequences: await bookedSequences(environment, documents),
    sides: await sideRows(environment, documents),
    cases: await drillCases(environment, documents),
    detected: timesDetected(cloud),
  };
}

/** What differs between two states in which nothing should. */
function changes(before: DrillState, after: DrillState): string[] {
  const found: string[] = [];
  const compare = (what: string, one: unknown, other: unknown): void => {
    if (JSON.stringify(one) !== JSON.stringify(other)) found.push(what);
  };
  compare('the ledger changed', before.sequences, after.sequences);
  compare('cases changed', before.cases, after.cases);
  compare('breaks were said again', [...before.detected].sort(), [...after.detected].sort());
  return found;
}
