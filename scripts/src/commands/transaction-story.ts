import type { Connection } from './connection.ts';
import { type Explanation, explainEvent } from './explain-event.ts';
import { joined, listOf, memberOf, moneyText, phrase, textOf } from './record-text.ts';
import { type TransactionEvent, transactionEvents } from './transaction-events.ts';
import {
  authorizationRow,
  type JsonRecord,
  ledgerRows,
  type QuarantinedRecord,
  quarantinedRecords,
  reconciliationRow,
} from './transaction-rows.ts';

/** One thing that happened to a transaction. */
export interface StoryStep extends Explanation {
  /** The stage, as in `enrich`. */
  readonly stage: string;
  readonly event: string;
  /** More than one where the entries of a sequence came in events of their own. */
  readonly eventIds: readonly string[];
  /** RFC 3339, of the first event; absent where only a table tells of it. */
  readonly at?: string;
  /** Since the step before that has a time, in milliseconds. */
  readonly sinceMs?: number;
}

/** One entry, in the ledger or on its way there. */
export interface StoryEntry {
  readonly sequenceId: string;
  readonly number: number;
  readonly accountId: string;
  readonly role: string;
  readonly direction: string;
  readonly amount: unknown;
  readonly amountTag: string;
  readonly eventCode: string;
  readonly bookingDate: string;
  readonly valueDate: string;
  readonly narrative: string;
  /** It stands in the ledger. */
  readonly booked: boolean;
}

/** What is known of one transaction, from its message to its entries. */
export interface TransactionStory {
  readonly transactionId: string;
  readonly environment: string;
  /** Where the steps come from: the archive, or the tables where no archive can be read. */
  readonly source: 'archive' | 'tables';
  /** The message, masked, as lines. */
  readonly message: readonly string[];
  readonly steps: readonly StoryStep[];
  readonly entries: readonly StoryEntry[];
  /** What it came to, in a sentence. */
  readonly end: string;
}

/** Tells what became of a transaction. @param transactionId the whole id of one that is known */
export async function transactionStory(
  connection: Connection,
  transactionId: string,
): Promise<TransactionStory> {
  const authorization = await authorizationRow(connection, transactionId);
  const sides = await reconciliationRow(connection, transactionId);
  const { events, source } = await transactionEvents(connection, transactionId);
  const logged = memberOf(authorization, 'record') as JsonRecord | undefined;
  const given = [
    ...(logged === undefined ? [] : [{ name: 'AuthorizationLogged', record: logged }]),
    ...events,
  ];
  const created = events.filter(({ name }) => name === 'PostingEntryCreated').map(({ record }) => record);
  const sequenceIds = created.flatMap((record) => textOf(record, 'entry.sequence.id') ?? []);
  const ledger = await ledgerRows(connection, sides, sequenceIds);
  const quarantined = await quarantinedRecords(connection, given);
  const message = logged ?? events.find(({ record }) => record['authorization'] !== undefined)?.record;
  return {
    transactionId,
    environment: connection.environment.name,
    source,
    message: messageLines(message, authorization),
    steps: withDurations([...stepsOf(events), ...quarantined.map(quarantineStep)]),
    entries: entriesOf(ledger, created),
    end: endOf(authorization, sides, events, quarantined),
  };
}

function messageLines(
  message: JsonRecord | undefined,
  authorization: JsonRecord | undefined,
): readonly string[] {
  if (message === undefined) {
    const known = authorization ?? {};
    return [joined([textOf(known, 'scheme'), phrase('logged ', textOf(known, 'loggedAt'))])];
  }
  const of = (path: string): string | undefined => textOf(message, `authorization.${path}`);
  const money = (path: string): string | undefined =>
    moneyText(memberOf(message, `authorization.amounts.${path}`));
  return [
    joined([
      joined([of('mti'), of('messageClass')?.toLowerCase(), of('messageFunction')?.toLowerCase()], ' '),
      joined([textOf(message, 'card.scheme'), phrase('card ••••', textOf(message, 'card.lastFour'))], ' '),
      phrase('STAN ', of('stan')),
      phrase('response ', of('responseCode')),
      of('standIn') === 'true' ? 'stand-in' : undefined,
    ]),
    joined([
      money('transaction'),
      phrase('requested ', money('requested')),
      phrase('billed by the network ', money('billing')),
      phrase('settled ', money('settlement')),
      ...listOf(message, 'authorization.additionalAmounts').map((each) =>
        phrase(`additional ${textOf(each, 'type')} `, moneyText(each['amount'])),
      ),
    ]),
    joined([
      joined([of('merchant.name'), of('merchant.city'), of('merchant.country')], ' '),
      phrase('category ', of('merchant.categoryCode')),
      phrase('terminal ', of('terminalId')),
    ]),
    joined([
      phrase('refers to ', joined([of('original.mti'), of('original.stan')], ' ') || undefined),
      phrase('transmitted ', of('transmittedAt')),
      phrase('logged ', textOf(message, 'loggedAt')),
    ]),
  ].filter((line) => line !== '');
}

/** A step for each event; the entries of a sequence are one. */
function stepsOf(events: readonly TransactionEvent[]): StoryStep[] {
  const steps: StoryStep[] = [];
  const ofSequence = new Map<string, number>();
  for (const event of events) {
    const sequence = textOf(event.record, 'entry.sequence.id');
    const known = sequence === undefined ? undefined : ofSequence.get(sequence);
    const step = known === undefined ? undefined : steps[known];
    if (known !== undefined && step !== undefined) {
      const eventIds = [
        ...new Set([...step.eventIds, ...(event.eventId === undefined ? [] : [event.eventId])]),
      ];
      steps[known] = { ...step, eventIds };
      continue;
    }
    if (sequence !== undefined) ofSequence.set(sequence, steps.length);
    steps.push(stepOf(event, events));
  }
  return steps;
}

function stepOf(event: TransactionEvent, all: readonly TransactionEvent[]): StoryStep {
  const { name, record, producedBy, producedAt, eventId, times } = event;
  const { decision, because } = explainEvent(name, record);
  const entries = all.filter((each) => each.name === name).length;
  return {
    stage: producedBy.replace(/^payments\./, ''),
    event: name,
    eventIds: eventId === undefined ? [] : [eventId],
    ...(producedAt === undefined ? {} : { at: producedAt }),
    decision:
      name === 'PostingEntryCreated' ? `${entries} ${entries === 1 ? 'entry' : 'entries'} made` : decision,
    because: times > 1 ? [...because, `published ${times} times, as the same record`] : because,
  };
}

function quarantineStep({ stage, event, reason, explanation }: QuarantinedRecord): StoryStep {
  return {
    stage,
    event: `record of ${event}`,
    eventIds: [],
    decision: `set aside in quarantine: ${reason}`,
    because: [explanation],
  };
}

function withDurations(steps: readonly StoryStep[]): readonly StoryStep[] {
  let before: string | undefined;
  return steps.map((step) => {
    const since = before;
    before = step.at ?? before;
    return step.at === undefined || since === undefined
      ? step
      : { ...step, sinceMs: Date.parse(step.at) - Date.parse(since) };
  });
}

/** The entries that are booked, and those that were made and are not. */
function entriesOf(ledger: readonly JsonRecord[], created: readonly JsonRecord[]): readonly StoryEntry[] {
  const booked = ledger.filter((row) => row['entryId'] !== undefined);
  const ids = new Set(booked.map(({ entryId }) => entryId));
  const waiting = created
    .map((record) => memberOf(record, 'entry') as JsonRecord)
    .filter((entry) => entry !== undefined && !ids.has(entry['entryId']));
  return [...booked.map((row) => entryOf(row, true)), ...waiting.map((entry) => entryOf(entry, false))].sort(
    (a, b) => (a.sequenceId === b.sequenceId ? a.number - b.number : a.sequenceId < b.sequenceId ? -1 : 1),
  );
}

function entryOf(entry: JsonRecord, booked: boolean): StoryEntry {
  const text = (path: string): string => textOf(entry, path) ?? '';
  return {
    sequenceId: text('sequence.id'),
    number: Number(text('sequence.number')),
    accountId: text('account.accountId'),
    role: text('account.role'),
    direction: text('direction'),
    amount: entry['amount'],
    amountTag: text('amountTag'),
    eventCode: text('eventCode'),
    bookingDate: text('bookingDate'),
    valueDate: text('valueDate'),
    narrative: text('narrative'),
    booked,
  };
}

function endOf(
  authorization: JsonRecord | undefined,
  sides: JsonRecord | undefined,
  events: readonly TransactionEvent[],
  quarantined: readonly QuarantinedRecord[],
): string {
  const outcome = textOf(authorization, 'outcome');
  if (outcome === 'DECLINED')
    return `Declined by the issuer with response ${textOf(authorization, 'responseCode')}: there is nothing to post.`;
  if (outcome === 'UNREADABLE')
    return `The message could not be read: ${joined([textOf(authorization, 'reason'), textOf(authorization, 'explanation')], ': ')}.`;
  const names = new Set(events.map(({ name }) => name));
  if (names.has('DuplicateTransactionParked')) return 'Parked: it is not posted a second time.';
  if (names.has('TransactionPostingRejected')) return 'Refused by the rules.';
  if (names.has('TransactionPostingFailed')) return 'Refused by the posting system.';
  if (names.has('TransactionReconciled')) return 'Posted, booked and reconciled.';
  if (names.has('ReconciliationMismatchPatched')) return 'Reconciliation found a mismatch and patched it.';
  if (names.has('ReconciliationMismatchParked'))
    return 'Reconciliation found a mismatch, which waits for a person.';
  if (names.has('ReconciliationMismatchDetected'))
    return `Reconciliation found a mismatch: ${textOf(sides, 'result') ?? 'see above'}.`;
  if (names.has('TransactionNotPosted')) return 'Ended without entries.';
  if (names.has('TransactionPosted')) return 'Posted; not yet reconciled.';
  if (names.has('HoldChanged')) return 'Held; posted when it is cleared.';
  const [setAside] = quarantined;
  if (setAside !== undefined) return `Set aside by ${setAside.stage}: ${setAside.reason}.`;
  return 'On its way.';
}
