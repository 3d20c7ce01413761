import type { DeployedResource } from '../../terraform/deployed-state.ts';
import { blockMember } from './block-member.ts';

/** The key that encrypts a resource, as its stack names it: an ARN, an id or an alias. */
export type KeyOf = (resourceArn: string) => string | undefined;

const READ = ['kms:Decrypt'];
const SEND = ['kms:GenerateDataKey', 'kms:Decrypt'];

/**
 * What a caller needs of the key that encrypts a resource, to do something with that resource.
 * Source: DynamoDB developer guide, "How DynamoDB uses AWS KMS" (the table's key is decrypted for the caller); SQS
 * developer guide, "Key management" (a producer makes and opens data keys, a consumer opens them); SNS developer
 * guide, "Key management"; S3 user guide, "Using server-side encryption with AWS KMS keys".
 */
const KEY_USES: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:BatchGetItem': READ,
  'dynamodb:BatchWriteItem': READ,
  'dynamodb:ConditionCheckItem': READ,
  'dynamodb:DeleteItem': READ,
  'dynamodb:GetItem': READ,
  'dynamodb:GetRecords': READ,
  'dynamodb:PutItem': READ,
  'dynamodb:Query': READ,
  'dynamodb:Scan': READ,
  'dynamodb:UpdateItem': READ,
  's3:GetObject': READ,
  's3:GetObjectVersion': READ,
  's3:PutObject': ['kms:GenerateDataKey'],
  'sns:Publish': SEND,
  'sqs:ReceiveMessage': READ,
  'sqs:SendMessage': SEND,
};

/** The actions on the key of an encrypted resource that an action on the resource takes; none for most. */
export function keyUses(action: string): readonly string[] {
  return KEY_USES[action] ?? [];
}

/**
 * Finds the key of a resource among what is deployed.
 *
 * @param deployed all deployed resources of a Terraform type
 */
export function keyOfDeployed(deployed: (type: string) => readonly DeployedResource[]): KeyOf {
  const keyWhere = (
    type: string,
    matches: (resource: DeployedResource) => boolean,
    path: readonly string[],
  ): string | undefined => {
    const found = deployed(type).find(matches);
    const key = found === undefined ? undefined : blockMember(found.arguments, path);
    return typeof key === 'string' && key !== '' ? key : undefined;
  };
  return (arn) => {
    const name = arn.split(':').slice(5).join(':');
    switch (arn.split(':')[2]) {
      case 'dynamodb': {
        // The table of an index or of a stream, too.
        const table = name.split('/')[1];
        const path = ['server_side_encryption', 'kms_key_arn'];
        return keyWhere('aws_dynamodb_table', ({ arguments: args }) => args['name'] === table, path);
      }
      case 's3': {
        const bucket = name.split('/')[0];
        const path = ['rule', 'apply_server_side_encryption_by_default', 'kms_master_key_id'];
        const type = 'aws_s3_bucket_server_side_encryption_configuration';
        return keyWhere(type, ({ arguments: args }) => args['bucket'] === bucket, path);
      }
      case 'sns':
        return keyWhere('aws_sns_topic', ({ attributes }) => attributes['arn'] === arn, [
          'kms_master_key_id',
        ]);
      case 'sqs':
        return keyWhere('aws_sqs_queue', ({ attributes }) => attributes['arn'] === arn, [
          'kms_master_key_id',
        ]);
      default:
        return undefined;
    }
  };
}
