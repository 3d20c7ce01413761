import type { ServiceContext } from '../core/seams.ts';
import { mappingFilter } from '../event-pattern/mapping-filter.ts';
import type { DeployedResource } from '../terraform/deployed-state.ts';
import { DynamoDbService } from './dynamodb/dynamodb-service.ts';
import { EventsService } from './events/events-service.ts';
import { IamService } from './iam/iam-service.ts';
import { keyOfDeployed } from './iam/key-uses.ts';
import { KmsService } from './kms/kms-service.ts';
import { type Authorize, type FunctionHost, LambdaService } from './lambda/index.ts';
import { LogsService } from './logs/logs-service.ts';
import { MeteredHost } from './monitoring/metered-host.ts';
import { MetricStore } from './monitoring/metric-store.ts';
import { MonitoringService } from './monitoring/monitoring-service.ts';
import { serviceGauges } from './monitoring/service-gauges.ts';
import { PipesService } from './pipes/pipes-service.ts';
import { S3Service } from './s3/s3-service.ts';
import { SchedulerService } from './scheduler/scheduler-service.ts';
import { SchemasService } from './schemas/schemas-service.ts';
import { SnsService } from './sns/sns-service.ts';
import { SqsService } from './sqs/sqs-service.ts';
import { StatesService } from './states/states-service.ts';

/** The Terraform types of resources that have policies of their own. */
const POLICY_HOLDERS = [
  'aws_cloudwatch_event_bus',
  'aws_kms_key',
  'aws_lambda_function',
  'aws_s3_bucket',
  'aws_sns_topic',
  'aws_sqs_queue',
];

/** All services of one cloud. */
export interface Services {
  readonly dynamodb: DynamoDbService;
  readonly events: EventsService;
  readonly iam: IamService;
  readonly kms: KmsService;
  readonly lambda: LambdaService;
  readonly logs: LogsService;
  readonly monitoring: MonitoringService;
  readonly pipes: PipesService;
  readonly s3: S3Service;
  readonly scheduler: SchedulerService;
  readonly schemas: SchemasService;
  readonly sns: SnsService;
  readonly sqs: SqsService;
  readonly states: StatesService;
}

/**
 * Makes the services and joins them.
 *
 * @param host where functions run
 * @param deployed what all stacks have deployed of a Terraform type, asked when metrics are taken
 */
export function composeServices(
  context: ServiceContext,
  host: FunctionHost,
  deployed: (type: string) => readonly DeployedResource[],
): Services {
  const keyReference = keyOfDeployed(deployed);
  const iam = new IamService(context, {
    policyOf: (arn) => policyOf(arn),
    keyOf: (arn) => {
      const key = keyReference(arn);
      return key === undefined ? undefined : kms.keyArnOf({ KeyId: key });
    },
    policyHolders: () =>
      POLICY_HOLDERS.flatMap((type) => deployed(type).map(({ attributes }) => String(attributes['arn']))),
  });
  const authorize: Authorize = (caller, action, arn, conditions) =>
    iam.authorizer.authorize(caller, action, arn, conditions);
  const metrics = new MetricStore();
  const countOf =
    (namespace: string, dimension: string) =>
    (of: string, name: string, value: number): void =>
      metrics.add({ namespace, name, dimensions: { [dimension]: of } }, value, context.runtime.now());
  const sqs = new SqsService(context);
  const dynamodb = new DynamoDbService(context);
  const lambda = new LambdaService(context, {
    queues: sqs.queues,
    streams: dynamodb.streams,
    host: new MeteredHost(host, metrics, context.runtime),
    authorize,
    mappingFilter,
    count: countOf('AWS/Lambda', 'FunctionName'),
  });
  const neighbours = {
    queues: sqs.queues,
    streams: dynamodb.streams,
    functions: lambda.functions,
    authorize,
  };
  const states = new StatesService(context, lambda.functions);
  const now = (): number => context.runtime.now();
  const gauges = serviceGauges({ store: context.store, queues: sqs.queues, states, now, deployed });
  const monitoring = new MonitoringService(context, gauges, metrics);
  const logs = new LogsService(context);
  logs.onLine((_group, line) => monitoring.readLine(line));
  const events = new EventsService(context, neighbours);
  const kms = new KmsService(context);
  const s3 = new S3Service(context, { queues: sqs.queues, authorize });
  const sns = new SnsService(context);

  function policyOf(arn: string): string | undefined {
    switch (arn.split(':')[2]) {
      case 'events':
        return events.busPolicy(arn);
      case 'kms':
        return kms.policyOf(arn);
      case 'lambda':
        return lambda.policyOf(arn);
      case 'logs':
        return logs.policyOf();
      case 's3':
        return s3.policyOf(arn);
      case 'sns':
        return sns.policyOf(arn);
      case 'sqs':
        return sqs.policyOf(arn);
      default:
        return undefined;
    }
  }

  // In the order of asking for outstanding work: what is cheap to tell, and usually has some, comes first.
  return {
    lambda,
    states,
    events,
    pipes: new PipesService(context, { ...neighbours, count: countOf('AWS/EventBridge/Pipes', 'PipeName') }),
    scheduler: new SchedulerService(context),
    sns,
    sqs,
    dynamodb,
    iam,
    kms,
    logs,
    monitoring,
    s3,
    schemas: new SchemasService(context),
  };
}
