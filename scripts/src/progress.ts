import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import type { SdkConfiguration } from '@payments/local-cloud';

/** The stages that have a queue, in flow order. */
const QUEUED_STAGES = ['standardize', 'enrich', 'account-interface', 'posting', 'reconcile'] as const;
const BAR_LENGTH = 24;

/** A line that is rewritten in place on a terminal and is left out elsewhere. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(text: string): void {
    if (!this.#stream.isTTY) return;
    this.#stream.write(`\r\u001b[2K${text.slice(0, this.#stream.columns)}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) this.#stream.write('\r\u001b[2K');
    this.#shown = false;
  }
}

/** A bar for so many of so many, or just the number where the total is not known. */
export function bar(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return done.toLocaleString('en-GB');
  const filled = Math.round((Math.min(done, total) / total) * BAR_LENGTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_LENGTH - filled)} ${done.toLocaleString('en-GB')} of ${total.toLocaleString('en-GB')}`;
}

/** How many events wait before each stage that has a queue, as one line. */
export async function waitingText(
  environment: Environment,
  configuration: SdkConfiguration,
): Promise<string> {
  const sqs = new SQSClient(configuration);
  const parts = await Promise.all(
    QUEUED_STAGES.map(async (stage) => {
      const { region, accountId } = environment;
      const name = resourceName(environment, stage, 'queue');
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: `http://sqs.${region}.localhost/${accountId}/${name}`,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      const waiting =
        Number(Attributes['ApproximateNumberOfMessages']) +
        Number(Attributes['ApproximateNumberOfMessagesNotVisible']);
      return `${stage} ${waiting}`;
    }),
  );
  return `waiting: ${parts.join(' · ')}`;
}
