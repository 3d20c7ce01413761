import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import type { PaymentsStack } from '../constructs/payments-stack.ts';
import { type Conditions, type ResourceStatement, resourcePolicy, tlsOnly } from '../iam-policy.ts';

/** An earlier state can be gone back to for so long, in days; Terraform writes one with every apply. */
const EARLIER_STATES_DAYS = 365;
/** Parts of an upload that never ended go after so many days. */
const UNFINISHED_UPLOAD_DAYS = 7;

/**
 * The bucket that keeps the Terraform state of every stack of an environment, with the lock files that Terraform puts
 * beside each: versioned, encrypted by a key of its own, closed to the public and to calls without TLS. Nobody removes
 * it, or an earlier state, before taking its policy away.
 */
export class StateBucket {
  readonly arn: string;

  constructor(stack: PaymentsStack, name: string) {
    const bucket = new S3Bucket(stack, 'state', {
      bucket: name,
      forceDestroy: !stack.environment.protectData,
      lifecycle: { preventDestroy: true },
    });
    this.arn = bucket.arn;
    new S3BucketOwnershipControls(stack, 'state-ownership', {
      bucket: bucket.id,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    new S3BucketPublicAccessBlock(stack, 'state-public-access', {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(stack, 'state-encryption', {
      bucket: bucket.id,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: stack.keyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
    const versioning = new S3BucketVersioningA(stack, 'state-versioning', {
      bucket: bucket.id,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketLifecycleConfiguration(stack, 'state-lifecycle', {
      bucket: bucket.id,
      rule: [
        {
          id: 'forget-earlier-states',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrentVersionExpiration: [{ noncurrentDays: EARLIER_STATES_DAYS }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: UNFINISHED_UPLOAD_DAYS }],
        },
      ],
      // Old versions can be told to go only once there are versions.
      dependsOn: [versioning],
    });
    new S3BucketPolicy(stack, 'state-policy', {
      bucket: bucket.id,
      policy: resourcePolicy([
        tlsOnly('s3:*', [bucket.arn, `${bucket.arn}/*`]),
        ...refusals(bucket.arn, stack.keyArn),
      ]),
    });
  }
}

/** What nobody may, whatever he is allowed; the lifecycle is not held by a bucket's policy. */
function refusals(bucketArn: string, keyArn: string): readonly ResourceStatement[] {
  const everyone = { effect: 'Deny', principal: 'everyone' } as const;
  const objects = [`${bucketArn}/*`];
  const putWith = (header: string, other: string): Conditions => ({
    // Only where the header is sent: without one, the bucket's own key encrypts.
    Null: { [header]: 'false' },
    StringNotEquals: { [header]: other },
  });
  return [
    { ...everyone, sid: 'KeepTheBucket', actions: ['s3:DeleteBucket'], resources: [bucketArn] },
    { ...everyone, sid: 'KeepEarlierStates', actions: ['s3:DeleteObjectVersion'], resources: objects },
    {
      ...everyone,
      sid: 'RefuseOtherEncryption',
      actions: ['s3:PutObject'],
      resources: objects,
      conditions: putWith('s3:x-amz-server-side-encryption', 'aws:kms'),
    },
    {
      ...everyone,
      sid: 'RefuseOtherKeys',
      actions: ['s3:PutObject'],
      resources: objects,
      conditions: putWith('s3:x-amz-server-side-encryption-aws-kms-key-id', keyArn),
    },
  ];
}
