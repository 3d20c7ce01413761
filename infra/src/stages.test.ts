import { describe, expect, it } from '@jest/globals';
import { STAGES } from '@payments/schemas';
import { STAGE_DECLARATIONS, sourcesOf } from './stages.ts';

describe('the stages', () => {
  it('are all declared, each under its own name', () => {
    expect(Object.entries(STAGE_DECLARATIONS).map(([key, { name }]) => [key, name])).toEqual(
      STAGES.map((stage) => [stage, stage]),
    );
  });

  it('consume only what some stage emits, or what comes from outside', () => {
    const emitted = new Set(Object.values(STAGE_DECLARATIONS).flatMap(({ emits }) => emits));
    const fromOutside = Object.values(STAGE_DECLARATIONS)
      .flatMap(({ consumes }) => consumes)
      .filter((event) => !emitted.has(event));
    expect(fromOutside).toEqual(['AuthorizationLogged']);
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

  it('are any of ours for what comes from outside', () => {
    expect(sourcesOf(['AuthorizationLogged'])).toEqual([{ prefix: 'payments.' }]);
  });
});
