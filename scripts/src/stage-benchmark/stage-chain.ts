import { type PlanBooking, planBookingWith } from '@payments/account-interface/booking-plan';
import { createPostingEntries } from '@payments/account-interface/create-posting-entries';
import postingAccounts from '@payments/account-interface/posting-accounts' with { type: 'json' };
import { searchDuplicates } from '@payments/dedup/search-duplicates';
import { enrichTransaction } from '@payments/enrich/enrich-transaction';
import { gatherReferences } from '@payments/enrich/gather-references';
import { Iso3166Countries } from '@payments/ingest/iso3166-countries';
import { readAuthorizations } from '@payments/ingest/read-authorizations';
import { postSequences } from '@payments/posting/post-sequences';
import { reconcileReports } from '@payments/reconcile/reconcile-reports';
import { type SideEvent, sidesOfEvent } from '@payments/reconcile/sides-of-event';
import { judgeTransaction } from '@payments/rules/judgement-events';
import { prepareRules } from '@payments/rules/prepare-rules';
import ruleSet from '@payments/rules/rule-set' with { type: 'json' };
import {
  type EventName,
  type EventRecords,
  explainProblem,
  type PostingAccountSets,
  type ReferenceData,
  type RuleSet,
} from '@payments/schemas';
import { contracts } from '@payments/schemas/contracts';
import { standardizeTransaction } from '@payments/standardize/standardize-transaction';
import {
  MemoryLifecycles,
  MemoryPostingSystem,
  MemoryReferenceVersion,
  MemorySeenTransactions,
  MemorySides,
  type MemoryVault,
  noAssembly,
  parkedNowhere,
  sha256,
} from './memory-ports.ts';
import type { StageClock } from './stage-clock.ts';

/** A record on its way from one stage to the next, as the text that the bus carries. */
interface Message<Name extends EventName = EventName> {
  readonly event: Name;
  readonly text: string;
}

/** What a stage emits of one record. */
interface Said {
  readonly event: EventName;
  readonly record: EventRecords[EventName];
}

/** A record that broke a contract: a benchmark of what is refused would measure nothing. */
export class ContractBrokenError extends Error {
  override readonly name = 'ContractBrokenError';
}

/** What the events say of the time; no decision reads it. */
const METADATA = { producedAt: '2026-11-15T10:15:02.000Z' };
const RECONCILED: ReadonlySet<EventName> = new Set([
  'TransactionAuthorized',
  'TransactionPostingApproved',
  'TransactionPostingRejected',
  'TransactionPosted',
  'TransactionPostingFailed',
]);

/**
 * The decisions of all stages in a row, each with its ports in memory: what the functions do, but for the queues,
 * the bus and the tables between them.
 */
export class StageChain {
  readonly #clock: StageClock;
  readonly #vault: MemoryVault;
  readonly #countries = new Iso3166Countries();
  readonly #seen = new MemorySeenTransactions();
  readonly #references: MemoryReferenceVersion;
  readonly #rules = prepareRules(ruleSet as RuleSet);
  readonly #planBooking: PlanBooking = planBookingWith(postingAccounts as PostingAccountSets);
  readonly #lifecycles = new MemoryLifecycles();
  readonly #postingSystem = new MemoryPostingSystem();
  readonly #sides = new MemorySides();

  constructor(clock: StageClock, vault: MemoryVault, referenceData: ReferenceData) {
    this.#clock = clock;
    this.#vault = vault;
    this.#references = new MemoryReferenceVersion(referenceData);
  }

  /**
   * Takes one input line through all stages, as far as it goes.
   *
   * @returns the last event that came of it, or `DECLINED` or `UNREADABLE`
   * @throws ContractBrokenError
   */
  async process(line: string): Promise<string> {
    const row = await this.#clock.measureAsync('ingest', 'decide', async () => {
      const ports = { vault: this.#vault, contentHash: sha256, countries: this.#countries };
      return (await readAuthorizations([line], ports))[0];
    });
    if (row === undefined) throw new ContractBrokenError('a line gave no row');
    const content = row.outcome === 'APPROVED' ? row.record : row;
    const text = this.#clock.measure('ingest', 'serialize', () => JSON.stringify(content));
    if (row.outcome !== 'APPROVED') return row.outcome;

    const [authorized] = await this.#dedup({ event: 'AuthorizationLogged', text });
    if (authorized?.event !== 'TransactionAuthorized') return authorized?.event ?? 'nothing';
    const standardized = await this.#consume<'TransactionAuthorized'>(
      'standardize',
      [authorized],
      ([record]) =>
        record === undefined
          ? []
          : [{ event: 'TransactionStandardized', record: standardizeTransaction(record) }],
    );
    const enriched = await this.#enrich(standardized);
    const judged = await this.#consume<'TransactionEnriched'>('rules', enriched, (records) =>
      records.flatMap((record) => judgeTransaction(record, this.#rules) as Said[]),
    );
    const entries = await this.#book(judged.filter(({ event }) => event === 'TransactionPostingApproved'));
    const posted = await this.#post(entries.filter(({ event }) => event === 'PostingEntryCreated'));
    const ends = await this.#reconcile([authorized, ...judged, ...posted]);
    return [authorized, ...judged, ...entries, ...posted, ...ends].at(-1)?.event ?? 'nothing';
  }

  #dedup(logged: Message): Promise<Message[]> {
    const ports = { seen: this.#seen, parked: parkedNowhere };
    return this.#consume<'AuthorizationLogged'>('dedup', [logged], async (records) =>
      (await searchDuplicates(records, ports)).map((result): Said => {
        if (result.kind === 'first') return { event: 'TransactionAuthorized', record: result.authorized };
        if (result.kind === 'parked') return { event: 'DuplicateTransactionParked', record: result.parked };
        throw result.cause;
      }),
    );
  }

  #enrich(standardized: readonly Message[]): Promise<Message[]> {
    return this.#consume<'TransactionStandardized'>('enrich', standardized, async (records) => {
      const rows = await gatherReferences(records, this.#references);
      return records.map((record) => ({
        event: 'TransactionEnriched',
        record: enrichTransaction(record, rows),
      }));
    });
  }

  #book(approved: readonly Message[]): Promise<Message[]> {
    const ports = {
      planBooking: this.#planBooking,
      lifecycles: this.#lifecycles,
      clock: { now: () => Date.now(), sleep: async () => undefined },
    };
    return this.#consume<'TransactionPostingApproved'>('account-interface', approved, async (records) =>
      (await createPostingEntries(records, ports)).flatMap((outcome): readonly Said[] => {
        if (outcome.kind === 'failed') throw outcome.cause;
        return outcome.sayings;
      }),
    );
  }

  /** The entries of a transaction come together here, as they do where a sequence travels in one event. */
  #post(entries: readonly Message[]): Promise<Message[]> {
    const ports = { assembly: noAssembly, postingSystem: this.#postingSystem };
    return this.#consume<'PostingEntryCreated'>('posting', entries, async (records) =>
      [...(await postSequences(records, ports)).values()].map((result): Said => {
        if (result.kind === 'posted') return { event: 'TransactionPosted', record: result.record };
        if (result.kind === 'failed') return { event: 'TransactionPostingFailed', record: result.record };
        throw new ContractBrokenError(`a sequence ended ${result.kind}`);
      }),
    );
  }

  /** Each side is heard of on its own, as events come; what the ledger says comes with the posting. */
  async #reconcile(heard: readonly Message[]): Promise<Message[]> {
    const said: Message[] = [];
    for (const message of heard.filter(({ event }) => RECONCILED.has(event))) {
      said.push(
        ...(await this.#consume('reconcile', [message], async ([record]) => {
          const event = { event: message.event, record, metadata: METADATA } as SideEvent;
          const sides = sidesOfEvent(event);
          const booked = sides.posted === undefined ? {} : { booked: sides.posted };
          const standing = await reconcileReports([{ ...sides, ...booked }], this.#sides);
          return [...standing.values()].flatMap((each): readonly Said[] => {
            if (each.kind === 'reconciled') return [{ event: 'TransactionReconciled', record: each.record }];
            if (each.kind === 'mismatch')
              return [{ event: 'ReconciliationMismatchDetected', record: each.record }];
            return [];
          });
        })),
      );
    }
    return said;
  }

  /** What the kit does for a stage: parse, hold against the contract, decide, hold against the contract, write. */
  async #consume<Name extends EventName>(
    stage: string,
    messages: readonly Message[],
    decide: (records: readonly EventRecords[Name][]) => readonly Said[] | Promise<readonly Said[]>,
  ): Promise<Message[]> {
    if (messages.length === 0) return [];
    const records = this.#clock.measure(stage, 'decode', () =>
      messages.map(({ text }) => JSON.parse(text) as EventRecords[Name]),
    );
    this.#clock.measure(stage, 'validate', () => {
      for (const [index, record] of records.entries()) {
        const { event } = messages[index] as Message;
        const { accepts } = contracts[event];
        if (!accepts(record))
          throw new ContractBrokenError(`${stage} got ${event}: ${explainProblem(accepts)}`);
      }
    });
    const said = await this.#clock.measureAsync(stage, 'decide', async () => decide(records));
    this.#clock.measure(stage, 'validate', () => {
      for (const { event, record } of said) {
        const { produces } = contracts[event];
        if (!produces(record))
          throw new ContractBrokenError(`${stage} said ${event}: ${explainProblem(produces)}`);
      }
    });
    return this.#clock.measure(stage, 'serialize', () =>
      said.map(({ event, record }) => ({ event, text: JSON.stringify(record) })),
    );
  }
}
