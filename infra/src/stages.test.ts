import { describe, expect, it } from '@jest/globals';
import { STAGES } from '@payments/schemas';
import { ownerOf, STAGE_DECLARATIONS, sourcesOf } from './stages.ts';
import { TERMINAL_EVENTS } from './terminal-events.ts';

describe('the stages', () => {
  it('are all declared, each under its own name', () => {
    expect(Object.entries(STAGE_DECLARATIONS).map(([key, { name }]) => [key, name])).toEqual(
      STAGES.map((stage) => [stage, stage]),
    );
  });

  it('consume only what some stage emits', () => {
    const emitted = new Set(Object.values(STAGE_DECLARATIONS).flatMap(({ emits }) => emits));
    const fromNobody = Object.values(STAGE_DECLARATIONS)
      .flatMap(({ consumes }) => consumes)
      .filter((event) => !emitted.has(event));
    expect(fromNobody).toEqual([]);
  });
});

describe('the owner of an event', () => {
  it('is the stage that emits it, or the first in flow order of several', () => {
    expect(ownerOf('TransactionPosted')).toBe('posting');
    expect(STAGE_DECLARATIONS.reconcile.emits).toContain('PostingEntryCreated');
    expect(ownerOf('PostingEntryCreated')).toBe('account-interface');
  });
});

describe('the sources of events', () => {
  it('are the stages that emit them, once each', () => {
    expect(sourcesOf(['TransactionAuthorized'])).toEqual(['payments.dedup']);
    expect(sourcesOf(['TransactionPosted', 'TransactionPostingFailed', 'TransactionEnriched'])).toEqual([
      'payments.posting',
      'payments.enrich',
    ]);
  });

  it('of authorizations are ingest, whose API puts them on the bus', () => {
    expect(sourcesOf(['AuthorizationLogged'])).toEqual(['payments.ingest']);
  });
});

describe('the events that no stage need consume', () => {
  it('are events, each with whom it is for', () => {
    const events: readonly string[] = Object.values(STAGE_DECLARATIONS).flatMap(({ emits }) => emits);
    for (const [event, whom] of Object.entries(TERMINAL_EVENTS)) {
      expect(events).toContain(event);
      expect(whom).not.toBe('');
    }
  });
});
