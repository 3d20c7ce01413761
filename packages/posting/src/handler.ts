import {
  type Compose,
  done,
  type Incoming,
  lambdaEntry,
  type RecordOutcome,
  type StageKit,
  stageKit,
} from '@payments/stage-kit';
import { DynamoDbBalances } from './adapters/dynamodb-balances.ts';
import { DynamoDbSequenceAssembly } from './adapters/dynamodb-sequence-assembly.ts';
import { postingSystemOf } from './adapters/posting-system.ts';
import { SEQUENCE_POSITION, type SequenceRow } from './ledger-row.ts';
import { measurePosted } from './measure-posted.ts';
import { postSequences, type SequenceResult } from './post-sequences.ts';
import mapping from './posting-mapping.json' with { type: 'json' };
import { stage } from './stage.ts';
import { delayedRecord, hourOf, watchSequences } from './watch-sequences.ts';

const MINUTE_MS = 60_000;
/** Of how many late sequences one run says so; the next goes on. */
const DELAYS_SAID_MAX = 1000;

export const compose: Compose = (environment, aws) => {
  const kit = stageKit(stage, environment, aws);
  const { ASSEMBLY_TABLE, LEDGER_TABLE, ADDITIONS_TABLE, POSTING_SYSTEM } = kit.environment;
  const assembly = new DynamoDbSequenceAssembly(kit.documents, ASSEMBLY_TABLE, aws.clock);
  const ports = {
    assembly,
    postingSystem: postingSystemOf(POSTING_SYSTEM, {
      documents: kit.documents,
      tables: { ledger: LEDGER_TABLE, additions: ADDITIONS_TABLE },
      clock: aws.clock,
      deliveryMode: kit.deliveryMode,
      mapping,
      sessionToken: environment['AWS_SESSION_TOKEN'],
    }),
  };
  return {
    handler: kit.subscriber({
      allRecords: async (incoming: readonly Incoming<'PostingEntryCreated'>[]) => {
        const results = await postSequences(
          incoming.map(({ record }) => record),
          ports,
        );
        const said = new Set<string>();
        return incoming.map(({ record }) => {
          const { id } = record.entry.sequence;
          const outcome = outcomeOf(results.get(id), said.has(id));
          said.add(id);
          return outcome;
        });
      },
    }),
    fold: kit.tableStream<SequenceRow>(async (rows) => {
      const booked = rows.filter(({ position }) => position === SEQUENCE_POSITION);
      const balances = new DynamoDbBalances(kit.documents, kit.environment.BALANCES_TABLE, aws.clock);
      const { folded, cause } = await balances.fold(booked);
      tellOfPosted(kit, booked.slice(0, folded));
      const failed = booked[folded];
      return failed === undefined ? undefined : { row: failed, cause };
    }),
    age: async () => {
      const lateAfterMs = Number(kit.environment.INCOMPLETE_SEQUENCE_MINUTES) * MINUTE_MS;
      const now = aws.clock.now();
      const { waiting, late, unsaid } = await watchSequences(ports, now, lateAfterMs);
      for (const { sequenceId, transactionId, present, count } of late) {
        kit.log.warn(
          { sequenceId, transactionId, explanation: `has ${present.join(', ')} of ${count}` },
          'sequence is late',
        );
      }
      kit.metrics({ WaitingSequences: waiting.length, LateSequences: late.length });
      const said = unsaid.slice(0, DELAYS_SAID_MAX);
      const hour = hourOf(now);
      const records = said.map((sequence) => delayedRecord(sequence, hour));
      await kit.publish(records.map((record) => ({ event: 'TransactionPostingDelayed', record })));
      // Remembered when it is said: what is said twice for a crash in between is the same record.
      await assembly.remember(said, hour);
      return { waiting: waiting.length, late: late.length, said: said.length };
    },
  };
};

/** Told where balances are folded: the stream gives each booked sequence once, whichever system it was posted to. */
function tellOfPosted(kit: StageKit<typeof stage>, rows: readonly SequenceRow[]): void {
  const { transactions, corrections, debits } = measurePosted(rows);
  kit.metrics({
    TransactionsPosted: transactions,
    CorrectionsPosted: corrections,
  });
  // A metric is a double: sums above 2^53 minor units lose their last digits here, and nowhere else.
  for (const [currency, minorUnits] of debits)
    kit.metrics({ PostedMinorUnits: Number(minorUnits) }, { Currency: currency });
}

/** A sequence's outcome is said once, by the first of its records in the invocation; the others are done. */
function outcomeOf(result: SequenceResult | undefined, said: boolean): RecordOutcome {
  if (result === undefined) return { kind: 'retry', cause: new Error('the sequence has no result') };
  if (result.kind === 'unknown') return { kind: 'retry', cause: result.cause };
  if (result.kind === 'inconsistent') return { ...result, kind: 'quarantine' };
  if (said || result.kind === 'incomplete') return done();
  if (result.kind === 'posted') return done({ event: 'TransactionPosted', record: result.record });
  return done({ event: 'TransactionPostingFailed', record: result.record });
}

export const handler = lambdaEntry(compose, 'handler');
export const fold = lambdaEntry(compose, 'fold');
export const age = lambdaEntry(compose, 'age');
