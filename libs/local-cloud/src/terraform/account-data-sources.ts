import type { Account, DataSourceType } from '../core/resource.ts';

/** The data sources that only ask what account this is. */
export function accountDataSources(account: Account): DataSourceType[] {
  return [
    {
      type: 'aws_caller_identity',
      read: () => ({
        id: account.id,
        account_id: account.id,
        arn: `arn:aws:iam::${account.id}:root`,
        user_id: account.id,
      }),
    },
    {
      type: 'aws_region',
      read: () => ({ id: account.region, name: account.region, region: account.region }),
    },
    {
      type: 'aws_partition',
      read: () => ({ id: 'aws', partition: 'aws', dns_suffix: 'amazonaws.com' }),
    },
  ];
}
