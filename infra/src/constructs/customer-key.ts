import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import type { Construct } from 'constructs';
import { type KeyStatement, keyPolicy } from '../iam-policy.ts';

/** A key that was told to go can be kept for so long, in days: all that AWS gives. */
const DELETION_WINDOW_DAYS = 30;
/** The least that AWS gives, for environments that may be thrown away. */
const DELETION_WINDOW_DAYS_UNPROTECTED = 7;

/** What those who run the account may do with a key: look after it. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListAliases',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

/** What roles of the account may be granted by their own policies. */
const USE = [
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

export interface CustomerKeyProps {
  readonly alias: string;
  readonly description: string;
  readonly accountId: string;
  readonly protectData: boolean;
  /** What AWS services may do with it on their own account. */
  readonly services: readonly KeyStatement[];
}

/** A customer-managed key that AWS renews every year, with its alias. */
export class CustomerKey {
  readonly arn: string;

  /** @param id its construct id */
  constructor(
    stack: Construct,
    id: string,
    { alias, description, accountId, protectData, services }: CustomerKeyProps,
  ) {
    const key = new KmsKey(stack, id, {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: protectData ? DELETION_WINDOW_DAYS : DELETION_WINDOW_DAYS_UNPROTECTED,
      policy: keyPolicy([
        {
          sid: 'LetTheAccountDecide',
          principal: { account: `arn:aws:iam::${accountId}:root` },
          actions: [...ADMINISTRATION, ...USE],
        },
        ...services,
      ]),
    });
    new KmsAlias(stack, `${id}-alias`, { name: alias, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
