import { type Durations, durationsOf } from './durations.ts';

/** What a stage does with a record. */
export const PARTS = ['decode', 'validate', 'decide', 'serialize'] as const;
export type Part = (typeof PARTS)[number];

/** Measured durations of one stage. */
export interface StageFigures {
  readonly stage: string;
  /** Of one transaction's records in this stage. */
  readonly whole: Durations;
  /** Of each transaction the shortest of all rounds: what the machine did beside it is not in it. */
  readonly undisturbed: Durations;
  readonly parts: Readonly<Record<Part, Durations>>;
}

interface Samples {
  readonly whole: number[];
  /** By the transaction's place in its round. */
  readonly shortest: Map<number, number>;
  readonly parts: Record<Part, number[]>;
}

/**
 * Adds up what each part of each stage takes for one transaction, and keeps the sums of all of them. The same
 * transactions may go through in several rounds.
 */
export class StageClock {
  readonly #samples = new Map<string, Samples>();
  readonly #sums: number[] = [];
  readonly #shortestSums = new Map<number, number>();
  readonly #current = new Map<string, Record<Part, number>>();

  /** Measures work; of what is done in turn, each is added to the transaction's time in that part. */
  measure<Result>(stage: string, part: Part, work: () => Result): Result {
    const from = performance.now();
    const result = work();
    this.#add(stage, part, performance.now() - from);
    return result;
  }

  /** The same for work that answers later; nothing here waits for anything outside this process. */
  async measureAsync<Result>(stage: string, part: Part, work: () => Promise<Result>): Promise<Result> {
    const from = performance.now();
    const result = await work();
    this.#add(stage, part, performance.now() - from);
    return result;
  }

  /** Ends a transaction. @param place its place in its round, from 0; undefined while warming up */
  end(place: number | undefined): void {
    if (place !== undefined) {
      let sum = 0;
      for (const [stage, times] of this.#current) {
        const samples = this.#samplesOf(stage);
        let whole = 0;
        for (const part of PARTS) {
          samples.parts[part].push(times[part]);
          whole += times[part];
        }
        samples.whole.push(whole);
        keepShortest(samples.shortest, place, whole);
        sum += whole;
      }
      this.#sums.push(sum);
      keepShortest(this.#shortestSums, place, sum);
    }
    this.#current.clear();
  }

  /** The figures of each stage, in the order in which they were first met. */
  stages(): readonly StageFigures[] {
    return [...this.#samples].map(([stage, { whole, shortest, parts }]) => ({
      stage,
      whole: durationsOf(whole),
      undisturbed: durationsOf([...shortest.values()]),
      parts: {
        decode: durationsOf(parts.decode),
        validate: durationsOf(parts.validate),
        decide: durationsOf(parts.decide),
        serialize: durationsOf(parts.serialize),
      },
    }));
  }

  /** Of all stages together. */
  sum(): Pick<StageFigures, 'whole' | 'undisturbed'> {
    return {
      whole: durationsOf(this.#sums),
      undisturbed: durationsOf([...this.#shortestSums.values()]),
    };
  }

  #add(stage: string, part: Part, milliseconds: number): void {
    let times = this.#current.get(stage);
    if (times === undefined) {
      times = { decode: 0, validate: 0, decide: 0, serialize: 0 };
      this.#current.set(stage, times);
    }
    times[part] += milliseconds;
  }

  #samplesOf(stage: string): Samples {
    let samples = this.#samples.get(stage);
    if (samples === undefined) {
      samples = {
        whole: [],
        shortest: new Map(),
        parts: { decode: [], validate: [], decide: [], serialize: [] },
      };
      this.#samples.set(stage, samples);
    }
    return samples;
  }
}

function keepShortest(shortest: Map<number, number>, place: number, milliseconds: number): void {
  shortest.set(place, Math.min(milliseconds, shortest.get(place) ?? Number.POSITIVE_INFINITY));
}
