import { describe, expect, it } from '@jest/globals';
import { synthesizeStacks } from '@payments/infra/testing';
import { stage } from './stage.ts';

const local = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url)).in('local');

describe('the stack of another rules engine', () => {
  it('may publish its two events and nothing else', () => {
    expect(local.grants('engine').filter((line) => line.startsWith('events:'))).toEqual([
      'events:PutEvents arn:aws:events:eu-west-2:000000000000:event-bus/payments-local-platform-bus',
    ]);
    expect(JSON.stringify([...local.resources('aws_iam_role_policy').values()])).not.toContain('Found');
  });
});
