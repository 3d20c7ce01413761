import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import { resourcePolicy, tlsOnly } from '../iam-policy.ts';
import type { PaymentsStack } from './payments-stack.ts';
import type { Grantee } from './service-role.ts';

/** Parts of an upload that never ended go after so many days. */
const UNFINISHED_UPLOAD_DAYS = 7;

/** A bucket: encrypted by our key, closed to the public and to calls without TLS, versioned, forgetting in time. */
export class StageBucket {
  readonly arn: string;
  readonly name: string;
  /** For whatever must not begin before the bucket is there. */
  readonly resource: S3Bucket;

  /**
   * @param purpose its construct id, and its name within the stage
   * @param props after how many days an object goes
   */
  constructor(stack: PaymentsStack, purpose: string, props: { readonly retentionDays: number }) {
    this.name = stack.bucketNameOf(purpose);
    const bucket = new S3Bucket(stack, purpose, {
      bucket: this.name,
      forceDestroy: !stack.environment.protectData,
    });
    this.resource = bucket;
    this.arn = bucket.arn;
    new S3BucketOwnershipControls(stack, `${purpose}-ownership`, {
      bucket: bucket.id,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    new S3BucketPublicAccessBlock(stack, `${purpose}-public-access`, {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(stack, `${purpose}-encryption`, {
      bucket: bucket.id,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: stack.keyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
    const versioning = new S3BucketVersioningA(stack, `${purpose}-versioning`, {
      bucket: bucket.id,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketLifecycleConfiguration(stack, `${purpose}-lifecycle`, {
      bucket: bucket.id,
      rule: [
        {
          id: 'forget',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          expiration: [{ days: props.retentionDays }],
          noncurrentVersionExpiration: [{ noncurrentDays: props.retentionDays }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: UNFINISHED_UPLOAD_DAYS }],
        },
      ],
      // Old versions can be told to go only once there are versions.
      dependsOn: [versioning],
    });
    new S3BucketPolicy(stack, `${purpose}-policy`, {
      bucket: bucket.id,
      policy: resourcePolicy([tlsOnly('s3:*', [bucket.arn, `${bucket.arn}/*`])]),
    });
  }

  /** Allows to put objects below a prefix. */
  grantPut(grantee: Grantee, sid: string, prefix: string): void {
    grantPutObject(grantee, sid, this.arn, prefix);
  }
}

/** Allows to put objects below a prefix of a bucket, whichever stack it is in. */
export function grantPutObject(grantee: Grantee, sid: string, bucketArn: string, prefix: string): void {
  grantee.role.allow({ sid, actions: ['s3:PutObject'], resources: [`${bucketArn}/${prefix}/*`] });
  grantee.role.allowKey(['Decrypt', 'GenerateDataKey']);
}
