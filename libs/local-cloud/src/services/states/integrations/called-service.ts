import type { ServiceName } from '../../../core/service.ts';

/** A service that Task states call, by the names that AWS has for it in different places. */
export interface CalledService {
  /** As this cloud names it. */
  readonly service: ServiceName;
  /** What begins the names of the errors of `aws-sdk:` tasks, for example `DynamoDb`. */
  readonly sdkErrorPrefix: string;
  /** True where the members of the API begin in lower case, which tasks write in upper case. */
  readonly lowerCaseMembers?: boolean;
}

/** By the name in `arn:aws:states:::aws-sdk:<name>:<action>`. */
export const SDK_SERVICES: Readonly<Record<string, CalledService>> = {
  cloudwatch: { service: 'monitoring', sdkErrorPrefix: 'CloudWatch' },
  cloudwatchlogs: { service: 'logs', sdkErrorPrefix: 'CloudWatchLogs', lowerCaseMembers: true },
  dynamodb: { service: 'dynamodb', sdkErrorPrefix: 'DynamoDb' },
  eventbridge: { service: 'events', sdkErrorPrefix: 'EventBridge' },
  iam: { service: 'iam', sdkErrorPrefix: 'Iam' },
  kms: { service: 'kms', sdkErrorPrefix: 'Kms' },
  lambda: { service: 'lambda', sdkErrorPrefix: 'Lambda' },
  pipes: { service: 'pipes', sdkErrorPrefix: 'Pipes' },
  s3: { service: 's3', sdkErrorPrefix: 'S3' },
  scheduler: { service: 'scheduler', sdkErrorPrefix: 'Scheduler' },
  sfn: { service: 'states', sdkErrorPrefix: 'Sfn', lowerCaseMembers: true },
  sns: { service: 'sns', sdkErrorPrefix: 'Sns' },
  sqs: { service: 'sqs', sdkErrorPrefix: 'Sqs' },
};

/** The members of type string that tasks may give as any JSON, which is then made into text. */
export const TEXT_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  'sns:Publish': ['Message'],
  'sqs:SendMessage': ['MessageBody'],
  'states:StartExecution': ['input'],
  'states:StartSyncExecution': ['input'],
};
