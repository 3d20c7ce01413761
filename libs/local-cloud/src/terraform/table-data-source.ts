import { AwsError, type JsonObject } from '../core/aws-error.ts';
import type { DataSourceType } from '../core/resource.ts';

/**
 * The `aws_dynamodb_table` data source: a table of another stack, by name.
 *
 * @param describe gives DescribeTable's answer for a table's name
 */
export function tableDataSource(describe: (name: string) => JsonObject): DataSourceType {
  return {
    type: 'aws_dynamodb_table',
    read(args: JsonObject): JsonObject {
      const { name } = args;
      if (typeof name !== 'string')
        throw new AwsError('ValidationException', 'The argument name is missing.');
      const table = describe(name)['Table'];
      if (typeof table !== 'object' || table === null || Array.isArray(table)) {
        throw new AwsError('ResourceNotFoundException', `There is no table ${name}.`);
      }
      const { TableArn, LatestStreamArn, LatestStreamLabel } = table as JsonObject;
      return {
        id: name,
        arn: TableArn,
        ...(LatestStreamArn === undefined
          ? {}
          : { stream_arn: LatestStreamArn, stream_label: LatestStreamLabel }),
      };
    },
  };
}
