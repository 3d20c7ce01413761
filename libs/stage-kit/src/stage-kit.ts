import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EventName, Metadata, StageDeclaration } from '@payments/schemas';
import type { AwsContext, ClientConfiguration, EnvironmentVariables, LambdaFunction } from './aws-context.ts';
import { readEnvironment, readKitVariable } from './environment.ts';
import { type Log, makeLog } from './log.ts';
import { type MetricValues, writeMetrics } from './metrics.ts';
import { pipeEnrichmentFunction } from './pipe-enrichment.ts';
import { publishEmissions } from './publish-emissions.ts';
import { PutEventsPublisher } from './put-events-publisher.ts';
import { S3Quarantine } from './quarantine.ts';
import type { Emission, Processing } from './record-outcome.ts';
import { handleMessages, subscriberFunction } from './subscriber.ts';
import { type StreamProcessing, tableStreamFunction } from './table-stream.ts';
import { type TaskProcessing, workflowTaskFunction } from './workflow-task.ts';

/** The events that a stage declares to consume. */
type Consumed<Declaration extends StageDeclaration> = Declaration['consumes'][number];

/** What a stage's composition root builds its functions with. */
export interface StageKit<Declaration extends StageDeclaration> {
  readonly aws: AwsContext;
  /** The declared environment variables; reading one that is not set throws an EnvironmentError. */
  readonly environment: Readonly<Record<keyof Declaration['environment'], string>>;
  /** How the events of this stage are packed; reading it throws an EnvironmentError where it is not set. */
  readonly deliveryMode: Metadata['deliveryMode'];
  readonly log: Log;
  readonly documents: DynamoDBDocumentClient;
  /** Any SDK client, made with the injected transport. */
  client<Client>(type: new (configuration: ClientConfiguration) => Client): Client;
  /** Writes metrics of this stage, in one line where no metric has more than a hundred values. */
  metrics(values: MetricValues, dimensions?: Readonly<Record<string, string>>): void;
  /** The function of a bus subscriber behind its queue. */
  subscriber(processing: Processing<Consumed<Declaration>>): LambdaFunction;
  /** The function that enriches a pipe. */
  pipeEnrichment<Name extends Consumed<Declaration>>(
    options: { readonly consumes: Name; readonly returns: EventName },
    processing: Processing<Name>,
  ): LambdaFunction;
  /** The function that is fed with a table's stream by an event source mapping with ReportBatchItemFailures. */
  tableStream<Row>(processing: StreamProcessing<Row>): LambdaFunction;
  /** The function of a Step Functions task. */
  workflowTask(processing: TaskProcessing<Consumed<Declaration>>): LambdaFunction;
  /** Publishes emissions that follow from no consumed event (a schedule, a table's stream); all or an error. */
  publish(emissions: readonly Emission[]): Promise<void>;
}

/** Makes the kit of a stage from its declaration, its function's environment and the outside. */
export function stageKit<const Declaration extends StageDeclaration>(
  stage: Declaration,
  variables: EnvironmentVariables,
  aws: AwsContext,
): StageKit<Declaration> {
  const kitVariable = (name: Parameters<typeof readKitVariable>[2]): string =>
    readKitVariable(stage, variables, name);
  const log = makeLog(stage.name, variables['LOG_LEVEL'] ?? 'info', aws);
  const once = <T>(make: () => T): (() => T) => {
    let made: { value: T } | undefined;
    return () => {
      made ??= { value: make() };
      return made.value;
    };
  };
  const publisher = once(() => new PutEventsPublisher(aws, kitVariable('EVENT_BUS_NAME')));
  const quarantine = once(() => new S3Quarantine(aws, kitVariable('QUARANTINE_BUCKET')));
  const documents = once(() =>
    DynamoDBDocumentClient.from(new DynamoDBClient(aws.client), {
      marshallOptions: { removeUndefinedValues: true },
    }),
  );
  const metrics: StageKit<Declaration>['metrics'] = (values, dimensions) =>
    writeMetrics(aws, { namespace: kitVariable('METRICS_NAMESPACE'), stage: stage.name }, values, dimensions);
  const runDependencies = once(() => ({
    stage,
    aws,
    log,
    metrics,
    deliveryMode: kitVariable('DELIVERY_MODE') as Metadata['deliveryMode'],
    quarantine: quarantine(),
    publisher: publisher(),
    queueUrl: () => kitVariable('STAGE_QUEUE_URL'),
    busName: () => kitVariable('EVENT_BUS_NAME'),
    consumes: stage.consumes as readonly Consumed<Declaration>[],
  }));
  return {
    aws,
    environment: readEnvironment(stage, variables),
    get deliveryMode() {
      return kitVariable('DELIVERY_MODE') as Metadata['deliveryMode'];
    },
    log,
    get documents() {
      return documents();
    },
    client: (type) => new type(aws.client),
    metrics,
    subscriber: (processing) => {
      const dependencies = runDependencies();
      return subscriberFunction(dependencies, handleMessages(dependencies, processing));
    },
    pipeEnrichment: (options, processing) => pipeEnrichmentFunction(runDependencies(), options, processing),
    tableStream: (processing) => tableStreamFunction(log, processing),
    workflowTask: (processing) => workflowTaskFunction(runDependencies(), processing),
    publish: (emissions) => publishEmissions(runDependencies(), emissions),
  };
}
