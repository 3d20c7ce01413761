import { syntheticAccounts, syntheticCards, syntheticLoad } from '@payments/ingest/synthetic-load';
import type { ReferenceData } from '@payments/schemas';
import { sampleSeed, withToken } from '../reference-data.ts';
import { table } from '../text-table.ts';
import { MemoryVault } from './memory-ports.ts';
import { StageChain } from './stage-chain.ts';
import { PARTS, StageClock, type StageFigures } from './stage-clock.ts';

/** What each stage, and all of them together, must not exceed at the 99th percentile, in microseconds. */
const REQUIRED_P99 = 1_000;
/** Transactions before anything is measured, in each round. */
const WARM_UP = 5_000;
/** How often the same transactions go through. */
const ROUNDS = 3;
const SAMPLE = new URL('../../../sample/', import.meta.url);

/** How long the stages take for one transaction, in microseconds. */
export interface StageMeasurement {
  readonly transactions: number;
  readonly warmUp: number;
  readonly rounds: number;
  readonly seed: number;
  readonly requiredP99: number;
  readonly stages: readonly StageFigures[];
  /** Of all stages together, for one transaction. */
  readonly sum: Pick<StageFigures, 'whole' | 'undisturbed'>;
  /** How many transactions of one round ended with which event, warm-up included. */
  readonly ends: Readonly<Record<string, number>>;
}

/** How much is measured. */
export interface StageLoad {
  readonly transactions: number;
  readonly seed: number;
  readonly warmUp?: number;
}

/**
 * Measures the processing time of one record in each stage, without any input or output: the synthetic load goes
 * through the decisions of all stages in memory, in several rounds.
 *
 * @throws ContractBrokenError when a stage says or gets what its contract refuses
 */
export async function measureStages({
  transactions,
  seed,
  warmUp = WARM_UP,
}: StageLoad): Promise<StageMeasurement> {
  const clock = new StageClock();
  const ends: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    const vault = new MemoryVault();
    const chain = new StageChain(clock, vault, referenceDataWith(vault));
    let place = -warmUp;
    for (const line of syntheticLoad(warmUp + transactions, seed)) {
      const end = await chain.process(line);
      clock.end(place < 0 ? undefined : place);
      place += 1;
      if (round === 0) ends[end] = (ends[end] ?? 0) + 1;
    }
  }
  return {
    transactions,
    warmUp,
    rounds: ROUNDS,
    seed,
    requiredP99: REQUIRED_P99,
    stages: clock.stages(),
    sum: clock.sum(),
    ends,
  };
}

/** The sample reference data with the accounts and cards of the synthetic load. */
function referenceDataWith(vault: MemoryVault): ReferenceData {
  const { referenceData, cards } = sampleSeed(SAMPLE);
  const onboarded = [...cards, ...syntheticCards()].map((card) =>
    withToken(card, vault.tokenOf(card.cardNumber)),
  );
  return {
    ...referenceData,
    accounts: [...referenceData.accounts, ...syntheticAccounts()],
    cards: [...referenceData.cards, ...onboarded],
  };
}

/** The figures as a table, and what they are figures of. */
export function measurementText(measurement: StageMeasurement): string {
  const { transactions, warmUp, rounds, stages, sum, ends } = measurement;
  const head = [
    'stage',
    ...PARTS.map((part) => `${part} p99`),
    ...['p50', 'p99', 'max', 'of 1 ms', 'undisturbed p99', 'of 1 ms'],
  ];
  const rows = stages.map((figures) => [
    figures.stage,
    ...PARTS.map((part) => micros(figures.parts[part].p99)),
    ...wholeCells(figures),
  ]);
  return [
    table(head, [...rows, ['all stages', ...PARTS.map(() => ''), ...wholeCells(sum)]]),
    '',
    'Microseconds for one transaction; no input or output. decode: JSON. validate: the contracts of what comes and of',
    'what is said. serialize: JSON. ingest reads ISO 8583, maps and validates in one, which stands under decide.',
    'undisturbed: of each transaction the shortest round, without garbage collection and what else the machine did.',
    `${rounds} rounds of ${transactions.toLocaleString('en-GB')} transactions after ${warmUp.toLocaleString('en-GB')} to warm up. A round ended as ${endsText(ends)}.`,
  ].join('\n');
}

function wholeCells({ whole, undisturbed }: Pick<StageFigures, 'whole' | 'undisturbed'>): string[] {
  return [
    ...[whole.p50, whole.p99, whole.max].map(micros),
    ratio(whole.p99),
    micros(undisturbed.p99),
    ratio(undisturbed.p99),
  ];
}

function ratio(p99: number): string {
  return `${(p99 / REQUIRED_P99).toFixed(2)}×`;
}

function micros(value: number): string {
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en-GB');
}

function endsText(ends: Readonly<Record<string, number>>): string {
  return Object.entries(ends)
    .sort(([, a], [, b]) => b - a)
    .map(([event, count]) => `${event} ${count.toLocaleString('en-GB')}`)
    .join(', ');
}
