import type { Faults } from '@payments/local-cloud';
import type { StageName } from '@payments/schemas';
import type { LostEvent } from './damage.ts';

/** What the drill reads of an event on its way to a rule's target. */
interface ReadEvent {
  readonly 'detail-type': string;
  readonly 'replay-name'?: string;
  readonly detail: {
    readonly metadata: { readonly replay?: string };
    readonly records: readonly {
      readonly transactionId: string;
      readonly entry?: { readonly sequence: { readonly number: number; readonly count: number } };
    }[];
  };
}

type Delivered = NonNullable<Parameters<Faults['deliveries']>[0]>;

/**
 * Faults that also lose events: the bus takes and archives them, and one stage never gets them. Where records travel
 * together, all that are in the event are lost.
 */
export class LosingFaults implements Faults {
  readonly #others: Faults;
  readonly #ruleOf: (stage: StageName) => string;
  readonly #losses = new Map<string, { readonly damage: LostEvent; readonly from: ReadonlySet<string> }[]>();
  readonly #lost = new Map<string, Set<string>>();
  readonly #together = new Map<string, Set<string>>();
  /** Whether anything is lost now. */
  enabled = false;

  /** @param ruleOf the name of a stage's rule on the bus */
  constructor(others: Faults, ruleOf: (stage: StageName) => string) {
    this.#others = others;
    this.#ruleOf = ruleOf;
  }

  /** Loses the event of a damage for these transactions. */
  lose(damage: LostEvent, transactionIds: readonly string[]): void {
    const rule = this.#ruleOf(damage.stage);
    this.#losses.set(rule, [...(this.#losses.get(rule) ?? []), { damage, from: new Set(transactionIds) }]);
  }

  /** The transactions that were lost, by the name of the damage. */
  get lost(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#lost;
  }

  /** Of each transaction that was lost in an event of several records: whose records these were. */
  get lostTogether(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#together;
  }

  refuse(...call: Parameters<Faults['refuse']>): ReturnType<Faults['refuse']> {
    return this.#others.refuse(...call);
  }

  deliveries(event?: Delivered): number {
    return event !== undefined && this.enabled && this.#isLost(event) ? 0 : this.#others.deliveries(event);
  }

  delayMs(): number {
    return this.#others.delayMs();
  }

  losesAnswer(functionName: string): boolean {
    return this.#others.losesAnswer(functionName);
  }

  refusesEntry(): boolean {
    return this.#others.refusesEntry();
  }

  #isLost({ rule, text }: Delivered): boolean {
    const losses = this.#losses.get(rule);
    if (losses === undefined) return false;
    const event = JSON.parse(text) as ReadEvent;
    const { records, metadata } = event.detail;
    // What reconciliation gives once more comes through, and what follows from that.
    if (event['replay-name'] !== undefined || metadata.replay !== undefined) return false;
    for (const { damage, from } of losses) {
      if (damage.event !== event['detail-type']) continue;
      const hit = records.some(
        ({ transactionId, entry }) =>
          from.has(transactionId) && (!damage.oneEntry || isLostEntry(entry, transactionId)),
      );
      if (!hit) continue;
      const lost = this.#lost.get(damage.name) ?? new Set();
      for (const { transactionId } of records) {
        lost.add(transactionId);
        if (records.length === 1) continue;
        const together = this.#together.get(transactionId) ?? new Set();
        for (const other of records) together.add(other.transactionId);
        this.#together.set(transactionId, together);
      }
      this.#lost.set(damage.name, lost);
      return true;
    }
    return false;
  }
}

/** One entry of each sequence, told from the transaction's id. */
function isLostEntry(entry: ReadEvent['detail']['records'][number]['entry'], transactionId: string): boolean {
  if (entry === undefined) return false;
  const { number, count } = entry.sequence;
  return number === (Number.parseInt(transactionId.slice(0, 4), 16) % count) + 1;
}
