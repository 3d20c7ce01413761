import { describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import type { Owner } from '@payments/infra/names';
import { STAGES } from '@payments/schemas';
import {
  isPrerequisiteMet,
  missingPrerequisites,
  prerequisitesOf,
  standingOn,
  waitFor,
} from './stack-order.ts';
import type { StackStatus } from './stack-target.ts';

const ENVIRONMENT = loadEnvironment('local');

describe('the order of stacks', () => {
  it('is said by what a stack reads of others', () => {
    const reads = (name: string) => ({ data: { aws_dynamodb_table: { other: { name } } } });
    expect(prerequisitesOf('platform', {}, ENVIRONMENT)).toEqual([]);
    expect(prerequisitesOf('enrich', {}, ENVIRONMENT)).toEqual(['platform']);
    const dedup = prerequisitesOf('dedup', reads('payments-local-ingest-authorizations'), ENVIRONMENT);
    expect(dedup).toEqual(['platform', 'ingest']);
    const foreign = prerequisitesOf('dedup', reads('payments-dev-ingest-authorizations'), ENVIRONMENT);
    expect(foreign).toEqual(['platform']);
  });

  it('puts the platform last when stacks are removed', () => {
    expect(standingOn('platform')).toEqual(STAGES);
    expect(standingOn('posting')).toEqual([]);
  });

  it('is told as the command that deploys what is missing', () => {
    expect(missingPrerequisites('dedup', 'local', ['platform', 'ingest']).message).toContain(
      'pnpm turbo deploy --filter=@payments/infra --filter=@payments/ingest',
    );
  });
});

describe('waiting for other stacks', () => {
  const notices: (readonly Owner[])[] = [];
  /** Answers with one status after the other, and then the last one for ever. */
  async function wait(forMs: number, ...statuses: StackStatus[]): Promise<readonly Owner[]> {
    notices.length = 0;
    let looked = 0;
    return waitFor(['platform'], {
      isReady: isPrerequisiteMet,
      forMs,
      statusOf: async () => statuses[Math.min(looked++, statuses.length - 1)] ?? 'absent',
      onWait: (stacks) => notices.push(stacks),
    });
  }

  it('is not needed for what is there', async () => {
    expect(await wait(0, 'deployed')).toEqual([]);
    expect(notices).toEqual([]);
  });

  it('ends at once where nothing else is being deployed', async () => {
    expect(await wait(0, 'absent')).toEqual(['platform']);
    expect(notices).toEqual([]);
  });

  it('is for the platform as it works, and for the tables alone of a stage', async () => {
    expect(await wait(0, 'kept')).toEqual(['platform']);
    expect(isPrerequisiteMet('ingest', 'kept')).toBe(true);
    expect(isPrerequisiteMet('ingest', 'absent')).toBe(false);
  });

  it('goes on as long as another deployment does', async () => {
    expect(await wait(0, 'busy', 'busy', 'deployed')).toEqual([]);
    expect(notices).toEqual([['platform']]);
  });

  it('gives another deployment the time to begin', async () => {
    expect(await wait(60_000, 'absent', 'deployed')).toEqual([]);
    expect(notices).toEqual([['platform']]);
  });
});
