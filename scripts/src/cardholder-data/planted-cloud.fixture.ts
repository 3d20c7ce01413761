import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { LocalCloud } from '@payments/local-cloud';

/** A name that nothing else has, for one of everything. */
const NAME = 'planted';
/** From this size on the archive compresses events. */
const LARGE_CHARACTERS = 8_000;

/** A local cloud with one table, queue, bus with its archive, bucket and log, to put a text into each. */
export class PlantedCloud {
  readonly directory = mkdtempSync(join(tmpdir(), 'payments-scan-'));
  readonly data = join(this.directory, 'data');
  readonly #cloud = new LocalCloud({ dataDirectory: this.data, host: 'in-process' });
  readonly #queue: Promise<string>;
  readonly #sqs: SQSClient;

  constructor() {
    this.#sqs = new SQSClient(this.#cloud.sdkConfiguration());
    this.#queue = this.#make();
  }

  async #make(): Promise<string> {
    const configuration = this.#cloud.sdkConfiguration();
    await new DynamoDBClient(configuration).send(
      new CreateTableCommand({
        TableName: NAME,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    const events = new EventBridgeClient(configuration);
    const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: NAME }));
    await events.send(new CreateArchiveCommand({ ArchiveName: NAME, EventSourceArn: EventBusArn }));
    const stack = join(this.directory, 'buckets', 'cdk.tf.json');
    mkdirSync(join(this.directory, 'buckets'));
    writeFileSync(stack, JSON.stringify({ resource: { aws_s3_bucket: { b: { bucket: NAME } } } }));
    await this.#cloud.deploy(stack);
    const { QueueUrl = '' } = await this.#sqs.send(new CreateQueueCommand({ QueueName: NAME }));
    return QueueUrl;
  }

  /** The places of `plant`, in words that the place of a finding holds. */
  static readonly places = {
    'table row': 'table ddb_items_1,',
    'binary attribute': 'table ddb_items_1,',
    'queue message': 'table sqs_messages,',
    event: 'table events_archived,',
    'large event': 'table events_archived,',
    'S3 object': 'table s3_objects,',
    log: 'table log_events,',
  } as const;

  /** Puts bytes into a place; where only text can be, their characters. */
  async plant(place: keyof typeof PlantedCloud.places, content: Buffer): Promise<void> {
    const QueueUrl = await this.#queue;
    const configuration = this.#cloud.sdkConfiguration();
    const text = content.toString('latin1');
    const put = (value: object) =>
      new DynamoDBClient(configuration).send(
        new PutItemCommand({ TableName: NAME, Item: { id: { S: '1' }, value: value as never } }),
      );
    const publish = (detail: object) =>
      new EventBridgeClient(configuration).send(
        new PutEventsCommand({
          Entries: [{ EventBusName: NAME, Source: NAME, DetailType: 'Made', Detail: JSON.stringify(detail) }],
        }),
      );
    switch (place) {
      case 'table row':
        return void (await put({ S: text }));
      case 'binary attribute':
        return void (await put({ B: content }));
      case 'queue message':
        return void (await this.#sqs.send(
          new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ text }) }),
        ));
      case 'event':
        return void (await publish({ text }));
      case 'large event':
        return void (await publish({ filler: 'x'.repeat(LARGE_CHARACTERS), text }));
      case 'S3 object':
        return void (await new S3Client(configuration).send(
          new PutObjectCommand({ Bucket: NAME, Key: 'object', Body: content }),
        ));
      case 'log':
        return this.#cloud.services.logs.write(`/aws/lambda/${NAME}`, 'local', text);
    }
  }

  /** Takes the message out of the queue again, as a consumer does. */
  async consume(): Promise<void> {
    const QueueUrl = await this.#queue;
    const { Messages = [] } = await this.#sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    for (const { ReceiptHandle } of Messages)
      await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#cloud.close();
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
