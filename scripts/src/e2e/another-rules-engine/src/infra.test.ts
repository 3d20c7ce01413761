import { describe, expect, it } from '@jest/globals';
import { intentProblems, loadEnvironment, synthesizeStacks } from '@payments/infra/testing';
import { stage } from './stage.ts';

const stacks = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url));

describe('the stack of another rules engine', () => {
  it.each(stacks.entries())('is what every stack of ours must be, in %s', (name, stack) => {
    expect(intentProblems(stack, { environment: loadEnvironment(name), stage })).toEqual([]);
  });

  it('may publish its two events and nothing else', () => {
    expect(
      stacks
        .in('local')
        .grants('engine')
        .filter((line) => line.startsWith('events:')),
    ).toEqual([
      'events:PutEvents arn:aws:events:eu-west-2:000000000000:event-bus/payments-local-platform-bus',
    ]);
    expect(JSON.stringify([...stacks.in('local').resources('aws_iam_role_policy').values()])).not.toContain(
      'Found',
    );
  });
});
