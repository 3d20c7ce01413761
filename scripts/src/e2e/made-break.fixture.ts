import { readFileSync, writeFileSync } from 'node:fs';
import { loadEnvironment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import { DynamoDbBreaks } from '@payments/reconcile/dynamodb-breaks';
import { DynamoDbEvidence } from '@payments/reconcile/dynamodb-evidence';
import { openBreaks } from '@payments/reconcile/open-breaks';
import { amountFinding } from '../commands/reconcile-cloud.fixture.ts';
import type { LocalRun } from '../local-run.ts';

const MINUTE_MS = 60_000;
const CLOCK = { now: () => Date.now(), sleep: async () => undefined };
const environment = loadEnvironment('local');

/**
 * Opens a case of a transaction that nobody knows besides, and brings it into a state in which people decide.
 *
 * @param name names the transaction, so that each has a case of its own
 * @returns its id
 */
export async function makeBreak(
  { documents }: LocalRun,
  name: string,
  state: 'PARKED' | 'PROPOSED',
): Promise<string> {
  const named = (purpose: string): string => resourceName(environment, 'reconcile', purpose);
  const evidence = new DynamoDbEvidence(documents, named('evidence'));
  const tables = { breaks: named('breaks'), counts: named('patch-counts') };
  const breaks = new DynamoDbBreaks(documents, tables, evidence, CLOCK);
  const at = new Date(Date.now() - MINUTE_MS).toISOString();
  const [before] = await openBreaks([amountFinding(name, '2599', '125999', at)], breaks, at);
  if (before === undefined) throw new Error('the case was not opened');
  const { version: _version, evidence: _evidence, ...rest } = before;
  const { breakId, transactionId, type, sides } = before;
  await breaks.change([
    {
      before,
      after: { ...rest, state, proposedBy: 'policy', owner: 'posting-operations' },
      evidence: {
        kind: state,
        at,
        breakId,
        transactionId,
        type,
        policyVersion: 'made',
        decidedBy: 'policy',
        reason: 'it needs somebody who approves it',
        before: sides,
      },
    },
  ]);
  return breakId;
}

/** Takes the schedules out of a synthesized stack, so that nothing happens to a case but what people decide. */
export function withoutSchedules(path: string): void {
  const { resource, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as {
    resource: Record<string, unknown>;
  };
  const { aws_scheduler_schedule: _schedules, ...others } = resource;
  writeFileSync(path, JSON.stringify({ ...rest, resource: others }));
}
