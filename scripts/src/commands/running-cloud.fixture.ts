// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's interpolations.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '@payments/infra/environment';
import { type LocalCloud, openCloud } from '@payments/local-cloud';
import { writeEndpoint } from '../deployment/endpoint-file.ts';
import { runCommand } from './run-command.ts';

const NAMED = 'payments-local';
export const environment = loadEnvironment('local');

/** What a rule may send to a queue. */
const policyOf = (queue: string, rule: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: `\${aws_sqs_queue.${queue}.arn}`,
        Condition: { ArnEquals: { 'aws:SourceArn': `\${aws_cloudwatch_event_rule.${rule}.arn}` } },
      },
    ],
  });

/** The platform as its own stack names it, of which a test needs the bus, the archive and the quarantine. */
const PLATFORM = {
  '//': { metadata: { stackName: 'platform' } },
  provider: { aws: [{ region: environment.region }] },
  resource: {
    aws_cloudwatch_event_bus: { bus: { name: `${NAMED}-platform-bus` } },
    aws_cloudwatch_event_archive: {
      archive: {
        name: `${NAMED}-platform-archive`,
        event_source_arn: '${aws_cloudwatch_event_bus.bus.arn}',
        retention_days: 30,
      },
    },
    aws_s3_bucket: {
      quarantine: { bucket: `${NAMED}-platform-quarantine-${environment.accountId}` },
    },
  },
};

/** A stage as its own stack names it: a rule, a queue and their dead-letter queues, and no function to take from it. */
function stageStack(stage: string, consumes: readonly string[]): object {
  return {
    '//': { metadata: { stackName: stage } },
    provider: { aws: [{ region: environment.region }] },
    resource: {
      aws_sqs_queue: {
        'dead-letters': { name: `${NAMED}-${stage}-dead-letters` },
        undelivered: { name: `${NAMED}-${stage}-undelivered` },
        queue: {
          name: `${NAMED}-${stage}-queue`,
          visibility_timeout_seconds: 1,
          redrive_policy: '{"deadLetterTargetArn":"${aws_sqs_queue.dead-letters.arn}","maxReceiveCount":1}',
        },
      },
      aws_cloudwatch_event_rule: {
        subscription: {
          name: `${NAMED}-${stage}-subscription`,
          event_bus_name: `${NAMED}-platform-bus`,
          event_pattern: JSON.stringify({ source: ['payments.test'], 'detail-type': consumes }),
        },
      },
      aws_cloudwatch_event_target: {
        target: {
          rule: '${aws_cloudwatch_event_rule.subscription.name}',
          event_bus_name: `${NAMED}-platform-bus`,
          target_id: 'subscriber',
          arn: '${aws_sqs_queue.queue.arn}',
          dead_letter_config: { arn: '${aws_sqs_queue.undelivered.arn}' },
        },
      },
      aws_sqs_queue_policy: {
        queue: { queue_url: '${aws_sqs_queue.queue.url}', policy: policyOf('queue', 'subscription') },
      },
    },
  };
}

/** A local cloud that runs, and commands that use it as they use that of `npm start`. */
export class RunningCloud {
  readonly #directory: string;
  readonly cloud: LocalCloud;

  private constructor(directory: string, cloud: LocalCloud) {
    this.#directory = directory;
    this.cloud = cloud;
  }

  /** @param stages what each stage consumes */
  static async start(stages: Readonly<Record<string, readonly string[]>>): Promise<RunningCloud> {
    const directory = mkdtempSync(join(tmpdir(), 'running-cloud-'));
    const cloud = await openCloud({ dataDirectory: ':memory:', host: 'in-process' });
    const running = new RunningCloud(directory, cloud);
    await running.deploy('platform', PLATFORM);
    for (const [stage, consumes] of Object.entries(stages))
      await running.deploy(stage, stageStack(stage, consumes));
    writeEndpoint(directory, { url: await cloud.listen(), pid: process.pid, environment: 'local' });
    return running;
  }

  async deploy(name: string, stack: object): Promise<void> {
    mkdirSync(join(this.#directory, name), { recursive: true });
    const path = join(this.#directory, name, 'cdk.tf.json');
    writeFileSync(path, JSON.stringify(stack));
    await this.cloud.deploy(path);
  }

  /** Runs `payments <arguments>` on it. */
  async payments(...args: string[]): Promise<{ status: number; out: string; err: string }> {
    const out: string[] = [];
    const err: string[] = [];
    const output = { print: (line: string) => out.push(line), warn: (line: string) => err.push(line) };
    const status = await runCommand([...args, '--data-dir', this.#directory, '--env', 'local'], output);
    return { status, out: out.join('\n'), err: err.join('\n') };
  }

  async close(): Promise<void> {
    await this.cloud.close();
    rmSync(this.#directory, { recursive: true });
  }
}
