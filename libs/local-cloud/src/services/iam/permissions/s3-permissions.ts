import type { JsonObject } from '../../../core/aws-error.ts';
import { type Permission, text } from './permission.ts';

/** What S3's operations need. Source: Service Authorization Reference, "Amazon S3". */
export function s3Permissions(operation: string, input: JsonObject): Permission[] {
  const bucket = `arn:aws:s3:::${text(input, 'Bucket')}`;
  const object = `${bucket}/${text(input, 'Key')}`;
  const version = text(input, 'VersionId') === '' ? '' : 'Version';
  switch (operation) {
    case 'GetObject':
    case 'HeadObject':
      return [{ action: `s3:GetObject${version}`, resource: object }];
    case 'DeleteObject':
      return [{ action: `s3:DeleteObject${version}`, resource: object }];
    case 'UploadPart':
    case 'CompleteMultipartUpload':
      return [{ action: 's3:PutObject', resource: object }];
    case 'AbortMultipartUpload':
      return [{ action: 's3:AbortMultipartUpload', resource: object }];
    case 'CreateMultipartUpload':
    case 'PutObject': {
      const encryption = text(input, 'ServerSideEncryption');
      if (encryption === '') return [{ action: 's3:PutObject', resource: object }];
      const context = { 's3:x-amz-server-side-encryption': encryption };
      return [{ action: 's3:PutObject', resource: object, context }];
    }
    case 'ListObjectsV2':
    case 'HeadBucket': {
      const prefix = text(input, 'Prefix');
      return [{ action: 's3:ListBucket', resource: bucket, context: { 's3:prefix': prefix } }];
    }
    case 'ListBuckets':
      return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
    default:
      return [{ action: `s3:${operation}`, resource: bucket }];
  }
}
