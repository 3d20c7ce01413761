import type { Environment } from '@payments/infra/environment';
import type { FaultRates } from '@payments/local-cloud';
import policy from '@payments/reconcile/reconciliation-policy' with { type: 'json' };
import type { ReconciliationPolicy } from '@payments/schemas';
import { chooseVictims } from './choose-victims.ts';
import type { Damage } from './damage.ts';
import { drillLoad } from './drill-load.ts';
import { type DrillRun, drillRun } from './drill-run.ts';
import { type DrillVerdict, judgeDrill } from './judge-drill.ts';

/** A course of events without faults. */
export const UNDISTURBED: FaultRates = {
  refusedCalls: 0,
  duplicateEvents: 0,
  duplicateMessages: 0,
  delays: 0,
  delayMsMax: 0,
  lostAnswers: 0,
  refusedEntries: 0,
};

/** What a drill is made of. */
export interface DrillOptions {
  readonly environment: Environment;
  /** Where the environment's stacks lie. */
  readonly stacks: string;
  readonly transactions: number;
  readonly loadSeed: number;
  /** The seed of the victims and of the course of events. */
  readonly seed: number;
  /** How many of the synthetic cards the load uses. */
  readonly cards: number;
  readonly damages: readonly Damage[];
  /**
   * In about how many parts the load comes, which lie apart in time: what travels in one event is lost together, and of
   * what is lost with another nothing further can be.
   */
  readonly chunks: number;
  /** How many transactions each damage hits. */
  readonly each: number;
  /** Faults of the damaged run besides. */
  readonly rates: FaultRates;
  /** Where the data of the damaged run stays; nowhere when absent. */
  readonly dataDirectory?: string;
  /** Hears what goes on. */
  say(text: string): void;
}

/** A drill and what it came to. */
export interface DrillReport extends DrillVerdict {
  readonly environment: string;
  readonly transactions: number;
  readonly seed: number;
  readonly posted: number;
  readonly evidence: number;
  /** How much virtual time the damaged run took, in minutes. */
  readonly virtualMinutes: number;
}

/**
 * Runs a load undamaged, then again with damage of each sort, and holds them against each other.
 *
 * @param undamaged the undamaged run of the same load, where there is one already
 */
export async function drill(options: DrillOptions, undamaged?: DrillRun): Promise<DrillReport> {
  const { environment, transactions, loadSeed, seed, damages, each, say } = options;
  const load = drillLoad({
    transactions,
    seed: loadSeed,
    cards: options.cards,
    chunks: options.chunks,
    reversals: each,
  });
  const base = undamaged ?? (await undamagedRun(options));
  const victims = chooseVictims(base, damages, { seed, each });
  const { stacks, rates, dataDirectory } = options;
  const damaged = await drillRun(
    { environment, stacks, seed, rates, dataDirectory },
    load,
    { damages, victims },
    (text) => say(`damaged: ${text}`),
  );
  return {
    environment: environment.name,
    transactions,
    seed,
    posted: base.sequences.length,
    evidence: damaged.evidence.entries,
    virtualMinutes: damaged.minutes,
    ...judgeDrill(base, damaged, damages, (policy as ReconciliationPolicy).rules),
  };
}

/** The load as it goes when nothing is done to it. */
export async function undamagedRun(options: DrillOptions): Promise<DrillRun> {
  const { environment, stacks, transactions, loadSeed, cards, chunks, say } = options;
  const load = drillLoad({ transactions, seed: loadSeed, cards, chunks, reversals: 0 });
  return drillRun({ environment, stacks, seed: loadSeed, rates: UNDISTURBED }, load, undefined, (text) =>
    say(`undamaged: ${text}`),
  );
}
