import { describe, expect, it } from '@jest/globals';
import { planOf, type ResourceStep, stepLines, sumOf } from './resource-steps.ts';

const STEPS: ResourceStep[] = [
  { address: 'aws_sqs_queue.gone', action: 'destroy' },
  { address: 'aws_sqs_queue.queue', action: 'create' },
  { address: 'aws_dynamodb_table.same', action: 'none' },
  { address: 'aws_lambda_function.subscriber', action: 'update', changes: ['timeout', 'memory_size'] },
  { address: 'aws_dynamodb_table.renamed', action: 'replace' },
];

describe('the steps of a deployment', () => {
  it('are a line for each resource to which something was done', () => {
    expect(stepLines(STEPS)).toEqual([
      '  destroy  aws_sqs_queue.gone',
      '  create   aws_sqs_queue.queue',
      '  change   aws_lambda_function.subscriber (timeout, memory_size)',
      '  replace  aws_dynamodb_table.renamed',
    ]);
  });

  it('are summed up as Terraform does: what is replaced is added and destroyed', () => {
    expect(sumOf(STEPS)).toBe('2 added, 1 changed, 2 destroyed');
    expect(sumOf([])).toBe('0 added, 0 changed, 0 destroyed');
    expect(planOf(STEPS)).toBe('Plan: 2 to add, 1 to change, 2 to destroy.');
  });

  it('are none where nothing would be done', () => {
    const same: ResourceStep[] = [{ address: 'aws_dynamodb_table.same', action: 'none' }];
    expect(planOf(same)).toBe('No changes. What is deployed is what the stack says.');
  });
});
