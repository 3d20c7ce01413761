import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';

const FAULTY_STAGE = fileURLToPath(new URL('./faulty-stage.fixture.ts', import.meta.url));

describe('the synthesis of a stage that breaks policies', () => {
  const directory = mkdtempSync(join(tmpdir(), 'payments-faulty-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, 'dist'));
  writeFileSync(join(directory, 'dist', 'handler.zip'), 'no bundle');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', FAULTY_STAGE, join(directory, 'src')],
    { encoding: 'utf8', env: { PAYMENTS_ENV: 'dev' } },
  );

  it('fails', () => {
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  it('says every policy that is broken, where, and what to do, without a stack trace', () => {
    expect(stderr.trim().split('\n')).toEqual([
      'The stack standardize of dev is not synthesized, for it breaks policies (docs/policies.md):',
      '  dead-letter-queues: aws_sqs_queue.shortcut has no dead-letter queue: what it gives up is lost.',
      '    Make a DeadLetterQueue and name it in redrive_policy.',
      '  alarms: aws_sqs_queue.shortcut has no alarm on ApproximateAgeOfOldestMessage or ApproximateNumberOfMessagesVisible.',
      '    Make a StageAlarm on ApproximateAgeOfOldestMessage or ApproximateNumberOfMessagesVisible with QueueName payments-dev-standardize-shortcut.',
      '  subscriptions: packages/standardize/src/stage.ts consumes TransactionAuthorized of payments.dedup, which no rule of the stack matches.',
      '    Subscribe with SubscriptionRule, which makes the pattern of the declaration.',
      "  encryption: aws_sqs_queue.shortcut is not encrypted by the environment's key.",
      "    Set kms_master_key_id to the stack's keyArn.",
      '  transport: aws_sqs_queue.shortcut takes calls without TLS.',
      '    Give it a policy with the statement of tlsOnly.',
    ]);
  });

  it('leaves nothing that could be deployed', () => {
    const stacks = join(directory, 'dist', 'synth', 'stacks');
    expect(existsSync(stacks) ? readdirSync(join(stacks, 'standardize')) : []).toEqual([]);
  });
});
