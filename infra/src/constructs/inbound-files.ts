import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification/index.js';
import { keyAlias } from '../names.ts';
import { CallerPolicy } from './caller-policy.ts';
import { CustomerKey } from './customer-key.ts';
import { StageBucket } from './stage-bucket.ts';
import type { StageFunction } from './stage-function.ts';
import { StageQueue } from './stage-queue.ts';
import type { StageStack } from './stage-stack.ts';

/** A file that waits longer rings, in seconds. */
const LATE_SECONDS = 60 * 60;
/** Files that are read at once; Lambda takes no less. */
const FILES_AT_ONCE = 2;

export interface InboundFilesProps {
  /** How long an invocation of the reader may take. */
  readonly readerTimeoutSeconds: number;
  /** After how many days a file goes. */
  readonly retentionDays: number;
  /** Only files of which the name ends so are read. */
  readonly suffix: string;
}

/**
 * Files that others send: a bucket, a key of its own that senders encrypt files with before they send them, and a
 * queue that is told of each file. Senders may encrypt and put, and not read; only the reader may decrypt.
 */
export class InboundFiles {
  readonly queueUrl: string;
  readonly #stack: StageStack;
  readonly #bucket: StageBucket;
  readonly #key: CustomerKey;
  readonly #queue: StageQueue;

  /** @param purpose its construct id, and its name within the stage */
  constructor(stack: StageStack, purpose: string, props: InboundFilesProps) {
    this.#stack = stack;
    this.#bucket = new StageBucket(stack, purpose, { retentionDays: props.retentionDays });
    this.#key = new CustomerKey(stack, `${purpose}-key`, {
      alias: keyAlias(stack.environment, purpose),
      description: 'Wraps the data keys of files that senders encrypt',
      accountId: stack.environment.accountId,
      protectData: stack.environment.protectData,
      services: [],
    });
    this.#queue = new StageQueue(stack, 'queue', {
      functionTimeoutSeconds: props.readerTimeoutSeconds,
      windowSeconds: 0,
      ageAlarmSeconds: LATE_SECONDS,
    });
    this.queueUrl = this.#queue.url;
    this.#queue.acceptFromBucket('TakeNotifications', this.#bucket.arn, stack.environment.accountId);
    new S3BucketNotification(stack, `${purpose}-notification`, {
      bucket: this.#bucket.name,
      queue: [
        {
          id: purpose,
          queueArn: this.#queue.arn,
          events: ['s3:ObjectCreated:*'],
          filterSuffix: props.suffix,
        },
      ],
      // S3 sends a test event when notifications are configured, and must be let.
      dependsOn: [this.#bucket.resource, this.#queue.policy],
    });
    new CallerPolicy(stack, `${purpose}-senders`, {
      description: `May encrypt files and put them into ${this.#bucket.name}`,
      statements: [
        {
          sid: 'PutFiles',
          actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
          resources: [`${this.#bucket.arn}/*`],
        },
        { sid: 'EncryptFiles', actions: ['kms:GenerateDataKey'], resources: [this.#key.arn] },
        // The bucket encrypts what is put once more; a part of a large file is read to be encrypted.
        { sid: 'EncryptObjects', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [stack.keyArn] },
      ],
    });
  }

  /** The ARN of the key that files are encrypted with. */
  get keyArn(): string {
    return this.#key.arn;
  }

  /** Feeds a function with what the queue is told, one file at a time, and lets it read and decrypt files. */
  feed(reader: StageFunction): void {
    const { role } = reader;
    role.allow({
      sid: 'ReadFiles',
      // A notification names the version, and a version is what is read.
      actions: ['s3:GetObjectVersion'],
      resources: [`${this.#bucket.arn}/*`],
    });
    role.allowKey(['Decrypt'], { sid: 'DecryptFiles', arn: this.#key.arn });
    role.allowKey(['Decrypt', 'GenerateDataKey']);
    role.allow({
      sid: 'TakeFromQueue',
      // It sends what it has to go on with, and takes up sooner what failed for the moment.
      actions: [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ChangeMessageVisibility',
        'sqs:SendMessage',
      ],
      resources: [this.#queue.arn],
    });
    new LambdaEventSourceMapping(this.#stack, 'feed', {
      eventSourceArn: this.#queue.arn,
      functionName: reader.arn,
      batchSize: 1,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: FILES_AT_ONCE },
      // Lambda looks whether the role may read the queue when the mapping is made.
      dependsOn: [role.policy],
    });
  }
}
