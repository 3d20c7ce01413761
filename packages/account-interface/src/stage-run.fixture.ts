import { toDecimalText } from '@payments/domain';
import type { PostingAccountSets, PostingEntry, TransactionPostingApprovedRecord } from '@payments/schemas';
import { contracts } from '@payments/schemas/contracts';
import { planBookingWith } from './booking-plan.ts';
import { createPostingEntries, type PostingPorts } from './create-posting-entries.ts';
import { MemoryLifecycles } from './memory-lifecycles.fixture.ts';
import type { Lifecycles } from './ports.ts';
import configuration from './posting-accounts.json' with { type: 'json' };
import type { Saying } from './saying.ts';
import { sweepLifecycles } from './sweep-lifecycles.ts';

/** How long followers wait in these tests. */
export const WINDOW_MS = 60 * 60_000;

const standard = configuration.sets.STANDARD as PostingAccountSets['sets'][string];

/** The sets of accounts that these tests name: the standard one, and one for each thing that a set can say. */
export const ACCOUNT_SETS: PostingAccountSets = {
  sets: {
    STANDARD: standard,
    THREE: { ...standard, form: 'THREE_ACCOUNT' },
    POSITION: { ...standard, settlement: 'TRANSACTION_CURRENCY' },
    THREE_POSITION: { ...standard, form: 'THREE_ACCOUNT', settlement: 'TRANSACTION_CURRENCY' },
    ONE_LEG: { ...standard, cashback: 'ONE_LEG' },
  },
};

/** The stage with its time in the test's hand; everything that it says is collected, and held against its contract. */
export class StageRun {
  readonly ports: PostingPorts;
  /** What was said, each once: by event and key. */
  readonly said = new Map<string, Saying>();
  now = Date.parse('2026-11-15T10:15:02Z');

  constructor(lifecycles: Lifecycles = new MemoryLifecycles(WINDOW_MS)) {
    const clock = { now: () => this.now, sleep: async () => undefined };
    this.ports = { planBooking: planBookingWith(ACCOUNT_SETS), lifecycles, clock };
  }

  /** Gives records to the stage in one invocation; what each of them leads to being said. */
  async give(...records: readonly TransactionPostingApprovedRecord[]): Promise<Saying[]> {
    const outcomes = await createPostingEntries(records, this.ports);
    const sayings = outcomes.flatMap((outcome) => {
      if (outcome.kind === 'failed') throw outcome.cause;
      return outcome.sayings;
    });
    this.#hear(sayings);
    return sayings;
  }

  async sweep(): Promise<Saying[]> {
    const heard: Saying[] = [];
    await sweepLifecycles(this.ports, { windowMs: WINDOW_MS, max: 1000 }, async (sayings) => {
      this.#hear(sayings);
      heard.push(...sayings);
    });
    return heard;
  }

  /** All entries that were said, each once. */
  entries(): PostingEntry[] {
    return [...this.said.values()].flatMap(({ event, record }) =>
      event === 'PostingEntryCreated' ? [(record as { entry: PostingEntry }).entry] : [],
    );
  }

  #hear(sayings: readonly Saying[]): void {
    for (const saying of sayings) {
      const { event, record } = saying;
      const { produces } = contracts[event];
      if (!produces(record)) throw new Error(`${event}: ${JSON.stringify(produces.errors)}`);
      const key = `${event} ${record.idempotencyKey}`;
      const known = this.said.get(key);
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(saying))
        throw new Error(`${event} was said again with another content: ${JSON.stringify([known, saying])}`);
      this.said.set(key, saying);
    }
  }
}

/** Sayings as lines to read: `1/2 Dr CUST 25.99 GBP CARD PURCHASE …`, `HOLD 0.00 -> 25.99 GBP`, `CLOSED NO_AMOUNT`. */
export function lines(sayings: readonly Saying[]): string[] {
  return sayings.map((saying) => {
    if (saying.event === 'TransactionNotPosted')
      return `${saying.record.disposition} ${saying.record.reason}`;
    if (saying.event === 'HoldChanged') {
      const { action, reason, before, after } = saying.record.hold;
      return `${action} ${reason} ${decimal(before)} -> ${decimal(after)} ${after.currency}`;
    }
    const { sequence, direction, account, amount, narrative } = saying.record.entry;
    const position = `${sequence.number}/${sequence.count}`;
    const side = direction === 'DEBIT' ? 'Dr' : 'Cr';
    return `${position} ${side} ${account.role} ${decimal(amount)} ${amount.currency} | ${narrative}`;
  });
}

function decimal({ minorUnits, currency }: { minorUnits: string; currency: string }): string {
  return toDecimalText({ minorUnits: BigInt(minorUnits), currency });
}
